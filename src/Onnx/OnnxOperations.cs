using AdaConv.Engine;
using AdaConv.Engine.Search;
using AdaConv.Model;

namespace AdaConv.Onnx;

/// <summary>A network's operations as nodes of a graph, whose height and width are known only when it runs.</summary>
/// <param name="graph">Takes the nodes.</param>
/// <param name="weights">The network's weights.</param>
internal sealed partial class OnnxOperations(OnnxGraph graph, NetworkWeights weights) : INetworkOperations<OnnxPlanes>
{
    private readonly Dictionary<GridSize, string> _sides = [];
    private int _paddings;
    private string? _flowFactors;

    // A graph compares every displacement at every pixel, whether frames differ there or not.
    public bool SearchesWhole => false;

    public OnnxPlanes Zeros(OnnxPlanes like, int planes)
    {
        graph.Begin("zeros");
        return like with { Name = Filled(graph.PerChannel(0), planes, like), Channels = planes };
    }

    public OnnxPlanes NoMotion(OnnxPlanes like, OnnxPlanes? time)
    {
        if (time is null)
        {
            return Zeros(like, 5);
        }

        graph.Begin("motion");
        string one = graph.PerChannel(1);
        string logit = graph.Node("Log", [graph.Node("Div", [graph.Node("Sub", [one, time.Name]), time.Name])]);
        return like with { Name = graph.Concat([Filled(graph.PerChannel(0), 4, like), Filled(logit, 1, like)], 1), Channels = 5 };
    }

    public OnnxPlanes Slice(OnnxPlanes planes, int first, int count)
    {
        graph.Begin("slice");
        return Channels(planes, first, count);
    }

    public OnnxPlanes Pad(OnnxPlanes planes, int multiple)
    {
        if (planes.Size.Multiple % multiple == 0)
        {
            return planes;
        }

        graph.Begin("pad");
        string sides = Sides(planes), factor = graph.Integers(multiple);
        string cells = graph.Node("Div", [graph.Node("Add", [sides, graph.Integers(multiple - 1)]), factor]);
        string missing = graph.Node("Sub", [graph.Node("Mul", [cells, factor]), sides]);
        string padded = graph.Node("Pad", [planes.Name, graph.Concat([graph.Integers(0, 0, 0, 0, 0, 0), missing], 0)], OnnxGraph.Word("mode", "edge"));
        return planes with { Name = padded, Size = new(++_paddings, planes.Size.Scale, multiple) };
    }

    public OnnxPlanes Crop(OnnxPlanes planes, OnnxPlanes like)
    {
        if (planes.Size == like.Size)
        {
            return planes;
        }

        graph.Begin("crop");
        return planes with { Name = graph.Node("Slice", [planes.Name, graph.Integers(0, 0), Sides(like), graph.Integers(2, 3)]), Size = like.Size };
    }

    public OnnxPlanes Halve(OnnxPlanes planes)
    {
        graph.Begin("halve");
        return Mean(planes);
    }

    public OnnxPlanes Upsample(OnnxPlanes planes, int factor, OnnxPlanes? added = null, int flows = 0)
    {
        graph.Begin("upsample");
        string small = planes.Name;
        if (flows > 0)
        {
            small = graph.Node("Mul", [small, graph.PerChannel([.. Enumerable.Range(0, planes.Channels).Select(channel => channel < flows ? factor : 1f)])]);
        }

        string large = Enlarged(small, factor, "half_pixel");
        return planes with { Name = added is null ? large : graph.Node("Add", [added.Name, large]), Size = planes.Size.Times(factor) };
    }

    private OnnxPlanes Blended(OnnxPlanes pair, OnnxPlanes logits)
    {
        graph.Begin("blend");
        int planes = pair.Channels / 2;
        string share = graph.Node("Sigmoid", [Channels(logits, logits.Channels - 1, 1).Name]);
        string first = Channels(pair, 0, planes).Name, second = Channels(pair, planes, planes).Name;
        return pair with
        {
            Name = graph.Node("Add", [second, graph.Node("Mul", [share, graph.Node("Sub", [first, second])])]),
            Channels = planes,
        };
    }

    public OnnxPlanes ConvolveSeparably(OnnxPlanes pair, OnnxPlanes taps, int kernelSize, int tapScale, bool normalize)
    {
        graph.Begin("taps");
        OnnxPlanes kernels = tapScale == 1 ? taps : taps with { Name = Enlarged(taps.Name, tapScale, "half_pixel"), Size = pair.Size };
        int planes = pair.Channels / 2;
        return pair with { Name = graph.Concat([.. Enumerable.Range(0, 2).Select(Convolved)], 1) };

        string Convolved(int frame)
        {
            OnnxPlanes vertical = Channels(kernels, 2 * frame * kernelSize, kernelSize);
            OnnxPlanes horizontal = Channels(kernels, (2 * frame + 1) * kernelSize, kernelSize);
            string sum = Separably(Channels(pair, frame * planes, planes).Name, vertical, horizontal, kernelSize);
            return normalize ? graph.Node("Div", [sum, NotSmall(graph.Node("Mul", [Sum(vertical.Name), Sum(horizontal.Name)]))]) : sum;
        }
    }

    public OnnxPlanes SumNormalized(OnnxPlanes pair, OnnxPlanes taps, int kernelSize)
    {
        graph.Begin("normalize");
        int planes = pair.Channels / 2;
        string[] sums = [.. Enumerable.Range(0, 4).Select(i => Sum(Channels(taps, i * kernelSize, kernelSize).Name))];
        string norm = graph.Node("Add", [graph.Node("Mul", sums[..2]), graph.Node("Mul", sums[2..])]);
        string both = graph.Node("Add", [Channels(pair, 0, planes).Name, Channels(pair, planes, planes).Name]);
        return pair with { Name = graph.Node("Div", [both, NotSmall(norm)]), Channels = planes };
    }

    public OnnxPlanes Pack(OnnxPlanes frames, OnnxPlanes mean, OnnxPlanes? warped = null, OnnxPlanes? motion = null, OnnxPlanes? hidden = null,
        float flowScale = 1, OnnxPlanes? time = null)
    {
        graph.Begin("pack");
        string means = graph.Concat([mean.Name, mean.Name], 1), colours = graph.Node("Sub", [frames.Name, means]);
        List<string> parts = [colours];
        int channels = frames.Channels;
        if (warped is not null)
        {
            parts.Add(ReferenceEquals(warped, frames) ? colours : graph.Node("Sub", [warped.Name, means]));
            channels += warped.Channels;
        }

        if (motion is not null)
        {
            string scale = time is null ? graph.PerChannel(flowScale) : graph.Node("Div", [graph.PerChannel(flowScale), FlowFactors(time)]);
            parts.Add(graph.Node("Mul", [Channels(motion, 0, 4).Name, scale]));
            parts.Add(Channels(motion, 4, 1).Name);
            channels += 5;
        }

        if (hidden is not null)
        {
            parts.Add(hidden.Name);
            channels += hidden.Channels;
        }

        return frames with { Name = graph.Concat(parts, 1), Channels = channels };
    }

    public OnnxPlanes Convolve(ConvolutionLayer layer, OnnxPlanes activations, OnnxPlanes? added = null, OnnxPlanes? time = null)
    {
        graph.Begin(layer.Name);
        LayerWeights used = weights.Of(layer);
        string input = activations.Channels == layer.Inputs ? activations.Name : Channels(activations, 0, layer.Inputs).Name;
        string result = graph.Node("Conv",
            [
                input, graph.Weights(layer.Name + ".weight", used.Weights, layer.Outputs, layer.Inputs, 3, 3),
                graph.Weights(layer.Name + ".bias", used.Bias, layer.Outputs),
            ],
            OnnxGraph.Wholes("kernel_shape", 3, 3), OnnxGraph.Wholes("pads", 1, 1, 1, 1), OnnxGraph.Wholes("strides", layer.Stride, layer.Stride));
        if (used.Change is { } change && time is not null)
        {
            string late = graph.Node("Sub", [graph.Node("Mul", [time.Name, graph.PerChannel(2)]), graph.PerChannel(1)]);
            string steep = graph.Node("Add", [graph.PerChannel(change.Late), graph.Node("Mul", [late, graph.PerChannel(change.Away)])]);
            result = graph.Node("Add", [result, graph.Node("Mul", [late, steep])]);
        }

        result = layer.Slope switch
        {
            1 => result,
            0 => graph.Node("Relu", [result]),
            _ => graph.Node("LeakyRelu", [result], OnnxGraph.Number("alpha", layer.Slope)),
        };
        return new(
            added is null ? result : graph.Node("Add", [result, added.Name]), layer.Outputs,
            layer.Stride == 1 ? activations.Size : activations.Size.Halved());
    }

    public OnnxPlanes SearchMotion(OnnxPlanes pair, OnnxPlanes warped, int radius, SearchCriteria criteria, OnnxPlanes? time)
    {
        graph.Begin("search");
        string sides = Sides(pair), shares = time is null ? graph.PerChannel(1, 1) : graph.Slice(FlowFactors(time), 1, 1, 2);
        return pair with
        {
            Name = new OnnxSearch(graph, radius, criteria, sides, shares).Found(pair, warped),
            Channels = MotionSearch.Planes,
            Size = pair.Size.Halved().Halved(),
        };
    }

    public OnnxPlanes ReplaceMotion(OnnxPlanes motion, OnnxPlanes found, OnnxPlanes? time)
    {
        graph.Begin("replace");
        string way = Channels(found, 1, 2).Name, flows = graph.Concat([way, graph.Node("Neg", [way])], 1);
        flows = time is null ? flows : graph.Node("Mul", [flows, FlowFactors(time)]);
        string kept = graph.Node("Mul", [Channels(motion, 0, 4).Name, graph.Node("Sub", [graph.PerChannel(1), Channels(found, 0, 1).Name])]);
        return motion with { Name = graph.Concat([graph.Node("Add", [kept, flows]), Channels(motion, 4, 1).Name], 1) };
    }

    public OnnxPlanes Pool(OnnxPlanes activations)
    {
        graph.Begin("pool");
        return Mean(activations);
    }

    public OnnxPlanes Enlarge(OnnxPlanes activations)
    {
        graph.Begin("enlarge");
        return activations with { Name = Enlarged(activations.Name, 2, "align_corners"), Size = activations.Size.Times(2) };
    }

    public OnnxPlanes Planes(OnnxPlanes activations, params ReadOnlySpan<ChannelRange> ranges)
    {
        graph.Begin("planes");
        List<string> parts = [];
        int channels = 0;
        foreach (ChannelRange range in ranges)
        {
            string part = Channels(activations, range.First, range.Count).Name;
            parts.Add(range.Scale == 1 ? part : graph.Node("Mul", [part, graph.PerChannel(range.Scale)]));
            channels += range.Count;
        }

        return activations with { Name = graph.Concat(parts, 1), Channels = channels };
    }

    public OnnxPlanes MotionChange(OnnxPlanes activations, float flowScale, OnnxPlanes? time)
    {
        OnnxPlanes change = Planes(activations, new(0, 4, flowScale), new(4, 1));
        return time is null
            ? change
            : change with { Name = graph.Node("Mul", [change.Name, graph.Concat([FlowFactors(time), graph.PerChannel(1)], 1)]) };
    }

    public OnnxPlanes Taps(IReadOnlyList<OnnxPlanes> activations, int count, bool centred)
    {
        graph.Begin("kernels");
        string taps = graph.Concat([.. activations.Select(one => Channels(one, 0, count).Name)], 1);
        if (centred)
        {
            float[] narrow = InterpolationNetwork.NarrowGaussian(count / 4);
            taps = graph.Node("Add", [taps, graph.PerChannel([.. narrow, .. narrow, .. narrow, .. narrow])]);
        }

        return activations[0] with { Name = taps, Channels = activations.Count * count };
    }

    // A graph's values have no end.
    public void Release(OnnxPlanes? planes)
    {
    }

    /// <summary>The largest component of flows, not negative: [1, 1, H, W].</summary>
    public OnnxPlanes Extent(OnnxPlanes motion)
    {
        graph.Begin("extent");
        string flows = graph.Node("Abs", [Channels(motion, 0, 4).Name]);
        return motion with { Name = graph.Node("ReduceMax", [flows], OnnxGraph.Wholes("axes", 1), OnnxGraph.Whole("keepdims", 1)), Channels = 1 };
    }

    private OnnxPlanes Channels(OnnxPlanes planes, int first, int count) => (first, count) == (0, planes.Channels)
        ? planes
        : planes with { Name = graph.Slice(planes.Name, 1, first, count), Channels = count };

    private OnnxPlanes Mean(OnnxPlanes planes) => planes with
    {
        Name = graph.Node("AveragePool", [planes.Name], OnnxGraph.Wholes("kernel_shape", 2, 2), OnnxGraph.Wholes("strides", 2, 2)),
        Size = planes.Size.Halved(),
    };

    private string Enlarged(string planes, int factor, string coordinates) =>
        graph.Node("Resize", [planes, "", graph.Floats([1, 1, factor, factor], 4)],
            OnnxGraph.Word("mode", "linear"), OnnxGraph.Word("coordinate_transformation_mode", coordinates));

    // Height and width, int64 [2].
    private string Sides(OnnxPlanes planes)
    {
        if (!_sides.TryGetValue(planes.Size, out string? sides))
        {
            _sides[planes.Size] = sides = graph.Slice(graph.Node("Shape", [planes.Name]), 0, 2, null);
        }

        return sides;
    }

    private string Filled(string value, int planes, OnnxPlanes like) =>
        graph.Node("Expand", [value, graph.Concat([graph.Integers(1, planes), Sides(like)], 0)]);

    private string Sum(string planes) => graph.Node("ReduceSum", [planes, graph.Integers(1)], OnnxGraph.Whole("keepdims", 1));

    // Within a hundredth of zero: one.
    private string NotSmall(string norm)
    {
        string isSmall = graph.Node("Less", [graph.Node("Abs", [norm]), graph.PerChannel(SeparableConvolutionShape.SmallestDivisor)]);
        return graph.Node("Where", [isSmall, graph.PerChannel(1), norm]);
    }

    // Planes become pictures of a batch, and the places beside a pixel channels. [1, P, H, W] → the same.
    private string Separably(string planes, OnnxPlanes vertical, OnnxPlanes horizontal, int kernelSize)
    {
        int reach = kernelSize / 2;
        string padded = graph.Node("Pad", [planes, graph.Integers(0, 0, reach, reach, 0, 0, reach, reach)], OnnxGraph.Word("mode", "edge"));
        string pictures = graph.Node("Transpose", [padded], OnnxGraph.Wholes("perm", 1, 0, 2, 3)); // [P, 1, H + K − 1, W + K − 1]
        string beside = graph.Concat([.. Enumerable.Range(0, kernelSize).Select(i => Inner(pictures, 3, i))], 1); // [P, K, H + K − 1, W]
        string? sum = null;
        for (int i = 0; i < kernelSize; i++)
        {
            string row = Sum(graph.Node("Mul", [Inner(beside, 2, i), horizontal.Name]));  // [P, 1, H, W]
            string weighted = graph.Node("Mul", [row, Channels(vertical, i, 1).Name]);
            sum = sum is null ? weighted : graph.Node("Add", [sum, weighted]);
        }

        return graph.Node("Transpose", [sum!], OnnxGraph.Wholes("perm", 1, 0, 2, 3));

        string Inner(string value, int axis, int first) => graph.Node("Slice",
            [value, graph.Integers(first), graph.Integers(first == kernelSize - 1 ? int.MaxValue : first - kernelSize + 1), graph.Integers(axis)]);
    }

    // By what motion at a time differs from that in the middle: 2t, 2t, 2 (1 − t), 2 (1 − t), [1, 4, 1, 1].
    private string FlowFactors(OnnxPlanes time)
    {
        if (_flowFactors is null)
        {
            string first = graph.Node("Mul", [time.Name, graph.PerChannel(2)]), second = graph.Node("Sub", [graph.PerChannel(2), first]);
            _flowFactors = graph.Concat([first, first, second, second], 1);
        }

        return _flowFactors;
    }
}
