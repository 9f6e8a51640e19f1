using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class BatchLoaderTests
{
    [Fact]
    public void A_source_that_fails_ends_the_training_with_its_reason()
    {
        using var sampler = new TripletSampler([(new FailingSource(), 1)], AugmentationConfiguration.None, 32, seed: 1);
        using var loader = new BatchLoader(sampler, 2, 0);
        Assert.Equal("Loading a batch failed: the disk is gone", Assert.Throws<TrainingException>(() => loader.Next()).Message);
    }

    private sealed class FailingSource : ITripletSource
    {
        public string Description => "nothing";

        public long? Count => null;

        public double Fill(Random random, int size, Span<byte> planes, Random? moment = null) => throw new IOException("the disk is gone");

        public void Dispose()
        {
        }
    }
}
