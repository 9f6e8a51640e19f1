using AdaConv.Model;
using AdaConv.Tests.Support.Cuda;
using Xunit;

namespace AdaConv.Torch.Tests.Devices;

/// <summary>The report that whoever has a card sends back, made with the driver without a device.</summary>
[Collection(nameof(FakeDriver))]
public sealed class NetworkSelfTestTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("adaconv_separable_forward_f16", false)]
    public void The_network_is_compared_and_timed(string spoiled, bool agrees)
    {
        FakeDriver driver = FakeDriver.Reset();
        driver.Spoils = spoiled;
        using TorchNetwork network = FakeCuda.Network(NetworkKind.Guided);
        List<string> report = [];
        Assert.Equal(agrees, NetworkSelfTest.Run(network, options => FakeCuda.Open(driver, options), report.Add, (48, 32), [(32, 16)]));
        Assert.Equal(3, report.Count);
        Assert.Matches(@"^network +Float32: agrees, by 0\.00[0-9]+ of 255 in the mean \(allowed 0\.02\), 0\.[0-9]+ at most$", report[0]);
        Assert.StartsWith($"network       BFloat16: {(agrees ? "agrees" : "DIFFERS")}, by ", report[1], StringComparison.Ordinal);
        Assert.Matches(@"^time +network, 32x16, copies included: [0-9.]+ ms a frame, [0-9.]+/s$", report[2]);
        Assert.Equal(0, driver.Open);
    }
}
