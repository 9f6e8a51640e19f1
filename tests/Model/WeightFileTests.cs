using System.Buffers.Binary;
using System.Text;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Model.Tests;

/// <summary>Weight files of strangers: each fault has a message of its own, told before memory is taken or anything is computed.</summary>
public sealed class WeightFileTests : IDisposable
{
    private static readonly NetworkConfiguration Small =
        NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0, KernelSize = 3, CoarsePasses = 0 };

    private readonly ClipFolder _folder = new();

    private string File_ => _folder["network.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tensor_of_another_shape_is_named_with_both()
    {
        Save((name, values) => values, shape: (name, shape) => name == "headDown.bias" ? [1, .. shape] : shape);
        Assert.Matches(@"do not fit: headDown\.bias is \[1, \d+\] in the file, \[\d+\] in its network", Refusal());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused_wherever_it_stands(float value)
    {
        int seed = Environment.TickCount;
        Save((name, values) =>
        {
            if (name == "blocks.0.down1.weight")
            {
                values[new Random(seed).Next(values.Length)] = value;
            }

            return values;
        });
        string message = Refusal();
        Assert.True(message.Contains("are damaged: blocks.0.down1.weight contains values that are not finite", StringComparison.Ordinal), $"{seed}: {message}");
    }

    [Fact]
    public void A_tensor_too_few_or_too_many_is_named()
    {
        Save((name, values) => values, keep: name => name != "headLast.bias");
        Assert.Contains("lack the tensor headLast.bias", Refusal(), StringComparison.Ordinal);
        Save((name, values) => values, extra: "surplus");
        Assert.Contains("has no tensor surplus", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", "not a complete safetensors file")] // overflows
    [InlineData("""{"a":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]}}""", "tensor a lies outside the file")]  // 4 GiB of a few bytes
    [InlineData("""{"a":{"dtype":"F32","shape":[1024],"data_offsets":[0,4]}}""", "tensor a has 4 bytes where its shape needs 4096")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "tensor a lies outside the file")]
    public void A_header_that_promises_more_than_the_file_has_is_refused(string header, string words)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), file = new byte[8 + json.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        File.WriteAllBytes(File_, file);
        Assert.Contains(words, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        byte[] file = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(file, long.MaxValue);
        File.WriteAllBytes(File_, file);
        Assert.Contains("its header claims", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_larger_than_the_memory_limit_is_not_even_read()
    {
        using (FileStream file = File.Create(File_))
        {
            file.SetLength(3L << 30); // a hole: it takes no space
        }

        long before = GC.GetTotalAllocatedBytes();
        Assert.Contains("3072 MiB long, more than the memory limit of 512 MiB", Refusal(512 << 20), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 16 << 20);
    }

    private string Refusal(long? limit = null) => Assert.Throws<ModelException>(() => EngineExecutor.Load(File_, new() { MemoryLimit = limit })).Message;

    private void Save(
        Func<string, float[], float[]> values, Func<string, long[], long[]>? shape = null, Func<string, bool>? keep = null, string? extra = null)
    {
        SafetensorsFile file = new();
        file.Metadata[NetworkWeights.ConfigurationKey] = Small.ToJson();
        var tensors = InterpolationNetwork.Of(Small).Layers.SelectMany(layer => layer.Tensors);
        foreach (var (name, extents) in tensors.Where(tensor => keep?.Invoke(tensor.Name) ?? true))
        {
            float[] tensor = values(name, new float[extents.Aggregate(1L, (product, extent) => product * extent)]);
            file.Tensors[name] = SafetensorsEntry.FromFloats(tensor, shape?.Invoke(name, extents) ?? extents, half: false);
        }

        if (extra is not null)
        {
            file.Tensors[extra] = SafetensorsEntry.FromFloats([1], [1], half: false);
        }

        file.Write(File_);
    }

    [Fact]
    public void A_configuration_has_its_defaults_where_it_is_silent_and_is_refused_where_it_is_none()
    {
        NetworkConfiguration configuration = NetworkConfiguration.Parse("""{"kind":"guided","kernelSize":5}""");
        Assert.Equal((5, NetworkConfiguration.Guided.HeadWidth, NetworkConfiguration.Guided.HiddenChannels),
            (configuration.KernelSize, configuration.HeadWidth, configuration.HiddenChannels));
        Assert.Equal(NetworkConfiguration.Guided.BlockWidths, configuration.BlockWidths);
        Assert.All(["null", "[]", "3", "{", """{"kernelSize":5,"kernelSize":7}""", """{"kernels":5}""", """{"kernelSize":null}"""],
            json => Assert.Throws<ModelException>(() => NetworkConfiguration.Parse(json)));
    }

    [Theory]
    [InlineData("""{"kernelSize":7.5}""", "kernelSize must be a whole number")]
    [InlineData("""{"kernelSize":"7"}""", "kernelSize must be a whole number")]
    [InlineData("""{"kernelSize":4294967303}""", "kernelSize must be a whole number")]
    [InlineData("""{"blockWidths":96}""", "blockWidths must be a list of whole numbers")]
    [InlineData("""{"blockWidths":[96,null]}""", "blockWidths must be a whole number")]
    [InlineData("""{"knowsTime":1}""", "knowsTime must be true or false")]
    [InlineData("""{"sampling":"Cubic"}""", "sampling must be one of bilinear, cubic, sixPointCubic")]
    [InlineData("""{"kind":1}""", "kind must be one of guided, paper")]
    [InlineData("""{"fitsFlows":true,"fitsFlows":true}""", "fitsFlows is there twice")]
    [InlineData("""{"fitFlows":true}""", "there is no property 'fitFlows'")]
    [InlineData("""["guided"]""", "it is no JSON object")]
    [InlineData("""{"kind":"\ud800"}""", "cannot be read")]
    [InlineData("""{"\ud800":1}""", "cannot be read")]
    public void What_is_wrong_with_a_configuration_is_said(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<ModelException>(() => NetworkConfiguration.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_property_of_a_configuration_is_read_as_it_was_written()
    {
        NetworkConfiguration written = new()
        {
            Kind = NetworkKind.Guided,
            KernelSize = 11,
            BlockWidths = [64, 96],
            BlockResiduals = [1, 2],
            HiddenChannels = 5,
            HeadWidth = 64,
            HeadResiduals = 7,
            InputScale = 2,
            CoarsePasses = 2,
            SearchRadius = 3,
            FitsFlows = true,
            Sampling = WarpSampling.SixPointCubic,
            KnowsTime = true,
        };
        string json = written.ToJson();
        Assert.Equal(json, NetworkConfiguration.Parse(json).ToJson());

        // A property that only the writer knows would be refused above; one that this test forgets has its default here.
        NetworkConfiguration defaults = new();
        Assert.All(typeof(NetworkConfiguration).GetProperties().Where(property => property.CanWrite && property.Name != nameof(NetworkConfiguration.Kind)),
            property => Assert.NotEqual(property.GetValue(defaults), property.GetValue(written)));
    }
}
