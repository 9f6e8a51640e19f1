using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

/// <summary>Weights packed in less memory, where a limit does not let whole frames through.</summary>
public sealed class SpareWeightsTests
{
    [Fact]
    public void Weights_packed_in_less_memory_predict_the_same_but_for_rounding_and_stay_so()
    {
        NetworkWeights weights = RandomNetwork.Of(EngineNetworkTests.Small, size: 0.2);
        using PlanarFrame first = MovingPattern.Frame(64, 48, 0, areRgb: true), second = MovingPattern.Frame(64, 48, 2, areRgb: true);
        using PlanarFrame fast = first.CreateAlike(), spare = first.CreateAlike();
        using EngineNetwork unlimited = new(weights, new()), limited = new(weights, new() { MemoryLimit = 1L << 30 });
        Assert.Equal(unlimited.ProcessBytes, unlimited.SpareProcessBytes);
        Assert.Equal(unlimited.ProcessBytes, limited.ProcessBytes);
        long least = limited.SpareProcessBytes;
        Assert.InRange(least, 1, limited.ProcessBytes - 1);

        // Whole frames fit the first limit exactly, and not the second.
        long held = 1 << 20, whole = limited.ProcessBytes + held + limited.FrameBytes(64, 48, 3);
        Predict(whole, fast);
        Predict(whole - 1, spare);
        int different = 0;
        for (int i = 0; i < fast.PlaneLength; i++)
        {
            Assert.Equal(fast.SamplePlane(1)[i], spare.SamplePlane(1)[i], 1e-4f);
            different += fast.SamplePlane(1)[i] == spare.SamplePlane(1)[i] ? 0 : 1;
        }

        Assert.NotEqual(0, different);

        limited.SettleWeights(spare: true);
        Assert.Equal(least, limited.ProcessBytes);
        limited.SettleWeights(spare: false);
        Assert.Equal((least, least), (limited.ProcessBytes, limited.SpareProcessBytes));

        void Predict(long limit, PlanarFrame between)
        {
            using TiledInterpolator interpolator = EngineExecutor.Create(weights, new() { MemoryLimit = limit });
            interpolator.LeaveRoom(held);
            interpolator.Interpolate(first, second, 0.5, between);
        }
    }
}
