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
        return pair with { Name = sampling.CubicFarShare() is { } far ? Cubic(far) : graph.Concat([.. Enumerable.Range(0, 2).Select(Bilinear)], 1) };

        string Bilinear(int frame) => Sampled(Channels(pair, frame * planes, planes).Name, Linear(2 * frame, grid.Across), Linear(2 * frame + 1, grid.Down));

        string Linear(int flow, SamplingAxis axis) =>
            graph.Node("Add", [graph.Node("Mul", [Channels(motion, flow, 1).Name, axis.PerPixel]), axis.Places]);

        // Both frames as a batch. GridSample's own cubic weights are others than CubicWarp's (a = −¾), and so are its borders.
        string Cubic(float far)
        {
            string frames = graph.Node("Reshape", [pair.Name, graph.Integers(2, planes, 0, 0)]);
            string flows = graph.Node("Reshape", [Channels(motion, 0, 4).Name, graph.Integers(2, 2, 0, 0)]);
            CubicPlace across = Place(graph.Slice(flows, 1, 0, 1), grid.Across, far), down = Place(graph.Slice(flows, 1, 1, 1), grid.Down, far);
            string rows = Parts(frames, planes, grid.Across, across, rows: 0, columns: 1);
            string all = Parts(rows, planes * (1 + across.Shares.Count), grid.Down, down, rows: 1, columns: 0);
            string between = Sampled(all, across.Place, down.Place);
            string sharp = Together(Together(between, planes * (1 + across.Shares.Count), down.Shares), planes, across.Shares);
            return graph.Node("Reshape", [sharp, graph.Integers(1, pair.Channels, 0, 0)]);
        }
    }

    // Planes, and behind them what a cubic along an axis is made of beside the line: [2, N, H, W] → [2, 2N or 3N, H, W].
    private string Parts(string planes, int count, SamplingAxis axis, CubicPlace place, int rows, int columns)
    {
        string detail = DetailAlong(planes, rows, columns);
        return graph.Concat(place.Shares.Count == 1 ? [planes, detail] : [planes, detail, Alternating()], 1);

        // How much more of it the next pixel has than the one before (beyond a border there is none), with the sign changed at every second pixel.
        string Alternating()
        {
            string single = graph.Node("Reshape", [detail, graph.Integers(-1, 1, 0, 0)]);
            string weights = graph.Floats([-1, 0, 1], 1, 1, 1 + 2 * rows, 1 + 2 * columns);
            string change = graph.Node("Conv", [single, weights],
                OnnxGraph.Wholes("kernel_shape", 1 + 2 * rows, 1 + 2 * columns), OnnxGraph.Wholes("pads", rows, columns, rows, columns));
            return graph.Node("Mul", [graph.Node("Reshape", [change, graph.Integers(2, count, 0, 0)]), Signs(axis.Pixels)]);
        }
    }

    // The sum of planes and parts: [2, 2N or 3N, H, W] → [2, N, H, W].
    private string Together(string planes, int count, IReadOnlyList<string> shares)
    {
        string sum = graph.Slice(planes, 1, 0, count);
        for (int part = 0; part < shares.Count; part++)
        {
            sum = graph.Node("Add", [sum, graph.Node("Mul", [graph.Slice(planes, 1, (part + 1) * count, count), shares[part]])]);
        }

        return sum;
    }

    // What the mean of three pixels beside or above each other takes away: minus a third of the second difference.
    private string DetailAlong(string planes, int rows, int columns)
    {
        string mean = graph.Node("AveragePool", [Framed(planes, rows, columns)],
            OnnxGraph.Wholes("kernel_shape", 1 + 2 * rows, 1 + 2 * columns), OnnxGraph.Wholes("strides", 1, 1));
        return graph.Node("Sub", [planes, mean]);
    }

    // A cubic between two pixels is the line between them, less t (1 − t)/2 of the line between their second differences; where farther neighbours count, too,
    // t (1 − t) ((1 − t) g₀ − t g₁) more, g being what they change the slopes by. That is a line as well where g changes its sign at every second pixel.
    private CubicPlace Place(string flow, SamplingAxis axis, float far)
    {
        string moved = graph.Node("Max", [graph.Node("Add", [flow, axis.Pixels]), graph.Floats([0], 1)]);
        string position = graph.Node("Min", [moved, axis.Last]), pixel = graph.Node("Floor", [position]), t = graph.Node("Sub", [position, pixel]);
        string detail = graph.Node("Mul", [graph.Node("Mul", [t, graph.Floats([1.5f], 1)]), graph.Node("Sub", [graph.Floats([1], 1), t])]);
        string place = graph.Node("Sub", [graph.Node("Mul", [position, axis.PerPixel]), graph.Floats([1], 1)]);
        return new(place, far == 0 ? [detail] : [detail, graph.Node("Mul", [graph.Node("Mul", [detail, graph.Floats([2 * far], 1)]), Signs(pixel)])]);
    }

    // 1 for even numbers, −1 for odd ones.
    private string Signs(string numbers)
    {
        string pairs = graph.Node("Floor", [graph.Node("Mul", [numbers, graph.Floats([0.5f], 1)])]);
        string odd = graph.Node("Sub", [numbers, graph.Node("Mul", [pairs, graph.Floats([2], 1)])]);
        return graph.Node("Sub", [graph.Floats([1], 1), graph.Node("Mul", [odd, graph.Floats([2], 1)])]);
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

    // Where cubics are sampled along an axis, as GridSample measures, and the share of each part beside the line.
    private sealed record CubicPlace(string Place, IReadOnlyList<string> Shares);

    private sealed record SamplingGrid(SamplingAxis Across, SamplingAxis Down);

    // Pixels by number, the last one's, and the same as GridSample measures: from −1, the first pixel, to 1, the last one, and how far neighbours are apart.
    private sealed record SamplingAxis(string Pixels, string Last, string Places, string PerPixel);
}
