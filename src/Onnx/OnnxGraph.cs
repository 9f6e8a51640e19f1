using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace AdaConv.Onnx;

/// <summary>Writes down a graph of standard operators, as the specification of ONNX has them in the version <see cref="Opset"/>.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The version of the operators: the first with GridSample.</summary>
    public const int Opset = 16;

    private const int IrVersion = 8; // that of the releases with this version of the operators

    // As an end: to the last one.
    private const long End = int.MaxValue;
    private readonly GraphProto _graph = new() { Name = "AdaConv" };
    private readonly Dictionary<string, string> _constants = [];
    private readonly Dictionary<string, int> _uses = [];
    private string _scope = "";

    /// <summary>Names of nodes begin with this from here on: what the network is doing, with a number.</summary>
    public void Begin(string scope)
    {
        int use = _uses[scope] = _uses.GetValueOrDefault(scope) + 1;
        _scope = string.Create(CultureInfo.InvariantCulture, $"/{scope}.{use}");
    }

    /// <summary>What the graph takes: float32, [1, channels, height, width].</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="channels">How many.</param>
    /// <param name="isPicture">Whether height and width are those of frames, not 1.</param>
    public string Input(string name, int channels, bool isPicture)
    {
        _graph.Input.Add(Value(name, channels, isPicture));
        return name;
    }

    /// <summary>What the graph gives: float32, [1, channels, height, width].</summary>
    public void Output(string name, string value, int channels)
    {
        _scope = "";
        Add("Identity", name, [value]);
        _graph.Output.Add(Value(name, channels, isPicture: true));
    }

    /// <summary>Adds a node of one result.</summary>
    /// <returns>The result's name.</returns>
    public string Node(string operation, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string key = $"{_scope}/{operation}";
        int use = _uses[key] = _uses.GetValueOrDefault(key) + 1;
        string name = use == 1 ? key : string.Create(CultureInfo.InvariantCulture, $"{key}.{use}");
        return Add(operation, name, inputs, attributes);
    }

    /// <summary>Part of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="first">The first index.</param>
    /// <param name="count">How many; null: to the last.</param>
    public string Slice(string value, int axis, int first, int? count) =>
        Node("Slice", [value, Integers(first), Integers(count is null ? End : first + count.Value), Integers(axis)]);

    /// <summary>Values one behind the other.</summary>
    public string Concat(IReadOnlyList<string> values, int axis) => values.Count == 1 ? values[0] : Node("Concat", values, Whole("axis", axis));

    /// <summary>A float32 constant of some shape.</summary>
    public string Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(MemoryMarshal.AsBytes(values), TensorProto.Types.DataType.Float, shape);

    /// <summary>A float32 constant for each channel: [1, C, 1, 1].</summary>
    public string PerChannel(params ReadOnlySpan<float> values) => Floats(values, 1, values.Length, 1, 1);

    /// <summary>An int64 constant [N].</summary>
    public string Integers(params ReadOnlySpan<long> values) =>
        Constant(MemoryMarshal.AsBytes(values), TensorProto.Types.DataType.Int64, values.Length);

    /// <summary>An int64 constant without dimensions.</summary>
    public string Integer(long value) => Constant(MemoryMarshal.AsBytes([value]), TensorProto.Types.DataType.Int64);

    /// <summary>Puts a layer's weights down under their own name.</summary>
    public string Weights(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (_graph.Initializer.All(known => known.Name != name))
        {
            _graph.Initializer.Add(Tensor(name, MemoryMarshal.AsBytes(values), TensorProto.Types.DataType.Float, shape));
        }

        return name;
    }

    /// <summary>The graph with what hosts want to know of it.</summary>
    public ModelProto Finish(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ModelProto model = new()
        {
            IrVersion = IrVersion,
            ProducerName = "AdaConv",
            ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version!.ToString(3),
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        model.MetadataProps.AddRange(metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return model;
    }

    /// <summary>An attribute of whole numbers.</summary>
    public static AttributeProto Wholes(string name, params ReadOnlySpan<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values.ToArray());
        return attribute;
    }

    /// <summary>An attribute of one whole number.</summary>
    public static AttributeProto Whole(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>An attribute of one number.</summary>
    public static AttributeProto Number(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>An attribute of a word.</summary>
    public static AttributeProto Word(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private string Add(string operation, string name, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { OpType = operation, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes.ToArray());
        _graph.Node.Add(node);
        return name;
    }

    // The same constant is there once.
    private string Constant(ReadOnlySpan<byte> bytes, TensorProto.Types.DataType type, params ReadOnlySpan<long> shape)
    {
        string key = $"{type} {string.Join(',', shape.ToArray())} {Convert.ToHexString(bytes)}";
        if (!_constants.TryGetValue(key, out string? name))
        {
            _constants[key] = name = string.Create(CultureInfo.InvariantCulture, $"constant.{_constants.Count}");
            _graph.Initializer.Add(Tensor(name, bytes, type, shape));
        }

        return name;
    }

    private static TensorProto Tensor(string name, ReadOnlySpan<byte> bytes, TensorProto.Types.DataType type, ReadOnlySpan<long> shape)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape.ToArray());
        return tensor;
    }

    private static ValueInfoProto Value(string name, int channels, bool isPicture)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = channels });
        foreach (string side in (string[])["height", "width"])
        {
            shape.Dim.Add(isPicture ? new TensorShapeProto.Types.Dimension { DimParam = side } : new TensorShapeProto.Types.Dimension { DimValue = 1 });
        }

        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }
}
