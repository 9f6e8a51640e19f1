using AdaConv.Engine;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Model.Tests.Operations;

public sealed class StillPartsTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 7, 5)]
    [InlineData(3, 131, 97, 9)]
    [InlineData(4, 64, 40, 3)]
    [InlineData(1, 200, 33, 51)]
    public void Keeping_equals_that_of_libtorchs_operations(int planes, int height, int width, int reach)
    {
        TorchRuntime.Initialize();
        using IDisposable scope = NewDisposeScope();
        manual_seed(7 + height);
        foreach (bool withFlows in (bool[])[false, true])
        {
            Tensor first = rand(1, planes, height, width), second = first.clone();
            for (int i = 0; i < 3; i++) // single values differ, and borders of still parts lie anywhere
            {
                second[0, i % planes, (i * 53 + 1) % height, (i * 31 + 2) % width] += 0.5;
            }

            second.slice(2, height / 3, height / 3 + 1, 1).add_(rand(1, planes, 1, width).gt(0.9).to(ScalarType.Float32));
            Tensor samples = cat([first, second], 1), result = rand(1, planes, height, width);
            Tensor? motion = withFlows ? randn(1, 4, height, width).mul(0.6) : null;
            Tensor expected = StillParts.Compose(result, samples, motion, reach);
            foreach (int threads in (int[])[1, 3])
            {
                Tensor kept = StillParts.Keep(result.clone(), samples, motion, reach, new EngineOptions(Threads: threads));
                Assert.True(allclose(kept, expected, rtol: 0, atol: 0), $"{planes}x{height}x{width}, reach {reach}, flows {withFlows}, {threads} threads");
            }
        }
    }
}
