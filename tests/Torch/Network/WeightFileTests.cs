using AdaConv.Model;
using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using Xunit;

namespace AdaConv.Torch.Tests.Weights;

public sealed class WeightFileTests : IDisposable
{
    private static readonly NetworkConfiguration Small = NetworkConfiguration.Guided
        with
    { BlockWidths = [32], BlockResiduals = [1], HeadResiduals = 1, KernelSize = 3 };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adaconv-weights-");

    private string File_ => Path.Combine(_folder.FullName, "network.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Float32_weights_come_back_bit_for_bit()
    {
        using TorchNetwork network = Small.CreateNetwork();
        TorchWeights.Save(network, File_, new Dictionary<string, string> { ["score"] = "33.1 dB" }, half: false);
        using TorchNetwork read = TorchWeights.Load(File_, out IReadOnlyDictionary<string, string> metadata);
        Assert.Equal("33.1 dB", metadata["score"]);
        Assert.Equal(network.Configuration.ToJson(), read.Configuration.ToJson());
        foreach (var (a, b) in network.named_parameters().Zip(read.named_parameters()))
        {
            Assert.Equal(TorchWeights.ToFloats(a.parameter), TorchWeights.ToFloats(b.parameter));
        }

        Assert.Equal([File_], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Float16_weights_come_back_to_eleven_bits()
    {
        using TorchNetwork network = Small.CreateNetwork();
        TorchWeights.Save(network, File_, new Dictionary<string, string>(), half: true);
        using TorchNetwork read = TorchWeights.Load(File_);
        foreach (var (a, b) in network.parameters().Zip(read.parameters()))
        {
            foreach (var (x, y) in TorchWeights.ToFloats(a).Zip(TorchWeights.ToFloats(b)))
            {
                Assert.InRange(Math.Abs(x - y), 0, Math.Abs(x) / 2048 + 1e-7);
            }
        }
    }

    [Fact]
    public void The_file_begins_as_the_format_says()
    {
        using TorchNetwork network = Small.CreateNetwork();
        TorchWeights.Save(network, File_, new Dictionary<string, string>(), half: true);
        byte[] bytes = File.ReadAllBytes(File_);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, header % 8);
        string json = Encoding.UTF8.GetString(bytes, 8, header);
        Assert.StartsWith("{\"__metadata__\":{\"format\":\"adaconv-1\"", json, StringComparison.Ordinal);
        Assert.Contains("\"dtype\":\"F16\",\"shape\":[32,32,3,3],\"data_offsets\":[", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused()
    {
        using TorchNetwork network = Small.CreateNetwork();
        TorchWeights.Save(network, File_, new Dictionary<string, string>(), half: true);
        byte[] whole = File.ReadAllBytes(File_);
        foreach (int length in (int[])[0, 4, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(File_, whole[..length]);
            Assert.Contains("not a complete safetensors file", Refusal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_and_hostile_headers_are_refused()
    {
        foreach (string text in (string[])["hello, this is text and no weights", "\u0010\0\0\0\0\0\0\0{\"a\":{\"dtype\":1}", "\u0002\0\0\0\0\0\0\0[]"])
        {
            File.WriteAllText(File_, text);
            Assert.Contains("not a complete safetensors file", Refusal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(File_, Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Weights_of_others_are_refused()
    {
        var file = new SafetensorsFile { Tensors = { ["conv.weight"] = SafetensorsEntry.FromFloats([1, 2], [2], half: false) } };
        file.Write(File_);
        Assert.Contains("have no network configuration", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_named()
    {
        using TorchNetwork network = Small.CreateNetwork();
        TorchWeights.Save(network, File_, new Dictionary<string, string>(), half: false);
        SafetensorsFile file = SafetensorsFile.Read(File_);
        string name = file.Tensors.Keys.First();

        file.Metadata[NetworkWeights.ConfigurationKey] = (Small with { KernelSize = 9 }).ToJson();
        file.Write(File_);
        Assert.Contains("do not fit: headLast.weight is [32, 32, 3, 3] in the file, [64, 32, 3, 3] in its network", Refusal(), StringComparison.Ordinal);

        file.Metadata[NetworkWeights.ConfigurationKey] = Small.ToJson();
        SafetensorsEntry entry = file.Tensors[name];
        file.Tensors.Remove(name);
        file.Write(File_);
        Assert.Contains($"lack the tensor {name}", Refusal(), StringComparison.Ordinal);

        file.Tensors[name] = SafetensorsEntry.FromFloats(Enumerable.Repeat(float.NaN, entry.ToFloats().Length).ToArray(), entry.Shape, half: false);
        file.Write(File_);
        Assert.Contains("not finite", Refusal(), StringComparison.Ordinal);

        file.Tensors[name] = entry;
        file.Tensors["extra"] = entry;
        file.Write(File_);
        Assert.Contains("no tensor extra", Refusal(), StringComparison.Ordinal);
    }

    private string Refusal() => Assert.Throws<ModelException>(() => TorchWeights.Load(File_)).Message;
}
