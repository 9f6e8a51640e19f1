using AdaConv.Model;
using System.Reflection;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Devices;

/// <summary>What a network consists of lies where it was moved to: on libtorch's meta device, which this build has, as on a GPU.</summary>
public sealed class DevicePlacementTests
{
    private static readonly Device Meta = new(DeviceType.META);

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void A_network_moves_whole(NetworkKind kind)
    {
        using TorchNetwork network = FakeCuda.Network(kind);
        network.to(Meta);
        Assert.All(network.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
        Assert.All(network.buffers(), buffer => Assert.Equal(DeviceType.META, buffer.device_type));
        IEnumerable<Tensor> fields = network.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(field => field.FieldType == typeof(Tensor)).Select(field => (Tensor)field.GetValue(network)!);
        Assert.All(fields, tensor => Assert.Equal(DeviceType.META, tensor.device_type));
    }
}
