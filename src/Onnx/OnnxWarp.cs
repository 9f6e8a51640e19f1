using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Onnx;

/// <content>Frames warped by their flows.</content>
internal sealed partial class OnnxOperations
{
    private readonly Dictionary<GridSize, SamplingGrid> _grids = [];

    public OnnxPlanes Warp(OnnxPlanes pair, OnnxPlanes motion, WarpSampling sampling = WarpSampling.Bilinear)
    {
        graph.Begin("warp");
        SamplingGrid grid = GridOf(pair);
        int planes = pair.Channels / 2;
        return pair with { Name = sampling == WarpSampling.Cubic ? Cubic() : graph.Concat([.. Enumerable.Range(0, 2).Select(Bilinear)], 1) };

        string Bilinear(int frame) => Sampled(Channels(pair, frame * planes, planes).Name, Place(2 * frame, grid.Across), Place(2 * frame + 1, grid.Down));

        string Place(int flow, SamplingAxis axis) =>
            graph.Node("Add", [graph.Node("Mul", [Channels(motion, flow, 1).Name, axis.PerPixel]), axis.Places]);

        // Both frames as a batch. GridSample's own cubic weights are others than CubicWarp's (a = −¾), and so are its borders.
        string Cubic()
        {
            string frames = graph.Node("Reshape", [pair.Name, graph.Integers(2, planes, 0, 0)]);
            string flows = graph.Node("Reshape", [Channels(motion, 0, 4).Name, graph.Integers(2, 2, 0, 0)]);
            string both = graph.Concat([frames, DetailAlong(frames, rows: 0, columns: 1)], 1);
            string all = graph.Concat([both, DetailAlong(both, rows: 1, columns: 0)], 1);    // [2, 4P, H, W]
            var (across, detailAcross) = CubicPlace(graph.Slice(flows, 1, 0, 1), grid.Across);
            var (down, detailDown) = CubicPlace(graph.Slice(flows, 1, 1, 1), grid.Down);
            string between = Sampled(all, across, down);
            string sharp = Sharpened(Sharpened(between, 2 * planes, detailDown), planes, detailAcross);
            return graph.Node("Reshape", [sharp, graph.Integers(1, pair.Channels, 0, 0)]);
        }
    }

    // Planes, and behind them as many of their detail: [2, 2N, H, W] → [2, N, H, W].
    private string Sharpened(string planes, int count, string share) =>
        graph.Node("Add", [graph.Slice(planes, 1, 0, count), graph.Node("Mul", [graph.Slice(planes, 1, count, count), share])]);

    // What the mean of three pixels beside or above each other takes away: minus a third of the second difference.
    private string DetailAlong(string planes, int rows, int columns)
    {
        string mean = graph.Node("AveragePool", [Framed(planes, rows, columns)],
            OnnxGraph.Wholes("kernel_shape", 1 + 2 * rows, 1 + 2 * columns), OnnxGraph.Wholes("strides", 1, 1));
        return graph.Node("Sub", [planes, mean]);
    }

    // A cubic between two pixels is the line between them, less t (1 − t)/2 of the line between their second differences.
    private (string Place, string Detail) CubicPlace(string flow, SamplingAxis axis)
    {
        string moved = graph.Node("Max", [graph.Node("Add", [flow, axis.Pixels]), graph.Floats([0], 1)]);
        string position = graph.Node("Min", [moved, axis.Last]), t = graph.Node("Sub", [position, graph.Node("Floor", [position])]);
        string detail = graph.Node("Mul", [graph.Node("Mul", [t, graph.Floats([1.5f], 1)]), graph.Node("Sub", [graph.Floats([1], 1), t])]);
        return (graph.Node("Sub", [graph.Node("Mul", [position, axis.PerPixel]), graph.Floats([1], 1)]), detail);
    }

    // Planes between pixels. Places are measured from the first pixel to the last one, or from edge to edge.
    private string Sampled(string planes, string across, string down, bool alignCorners = true)
    {
        string places = graph.Node("Transpose", [graph.Concat([across, down], 1)], OnnxGraph.Wholes("perm", 0, 2, 3, 1));
        return graph.Node("GridSample", [planes, places],
            OnnxGraph.Word("mode", "bilinear"), OnnxGraph.Word("padding_mode", "border"), OnnxGraph.Whole("align_corners", alignCorners ? 1 : 0));
    }

    private SamplingGrid GridOf(OnnxPlanes planes)
    {
        if (!_grids.TryGetValue(planes.Size, out SamplingGrid? grid))
        {
            string sides = Sides(planes);
            _grids[planes.Size] = grid = new(Axis(graph.Slice(sides, 0, 1, 1), 1, 1, 1, -1), Axis(graph.Slice(sides, 0, 0, 1), 1, 1, -1, 1));
        }

        return grid;
    }

    private SamplingAxis Axis(string length, params ReadOnlySpan<long> shape)
    {
        string last = graph.Node("Sub", [graph.Node("Cast", [length], OnnxGraph.Whole("to", (long)global::Onnx.TensorProto.Types.DataType.Float)),
            graph.Floats([1], 1)]);
        string perPixel = graph.Node("Div", [graph.Floats([2], 1), last]);
        string count = graph.Node("Squeeze", [length, graph.Integers(0)]);
        string numbers = graph.Node("Cast", [graph.Node("Range", [graph.Integer(0), count, graph.Integer(1)])],
            OnnxGraph.Whole("to", (long)global::Onnx.TensorProto.Types.DataType.Float));
        string pixels = graph.Node("Reshape", [numbers, graph.Integers(shape)]);
        return new(pixels, last, graph.Node("Sub", [graph.Node("Mul", [pixels, perPixel]), graph.Floats([1], 1)]), perPixel);
    }

    private sealed record SamplingGrid(SamplingAxis Across, SamplingAxis Down);

    // Pixels by number, the last one's, and the same as GridSample measures: from −1, the first pixel, to 1, the last one, and how far neighbours are apart.
    private sealed record SamplingAxis(string Pixels, string Last, string Places, string PerPixel);
}
