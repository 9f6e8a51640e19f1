using AdaConv.Engine.Search;
using Onnx;

namespace AdaConv.Onnx;

/// <summary>The search for large motion (<see cref="MotionSearch"/>) as nodes of a graph.</summary>
/// <param name="graph">Takes the nodes.</param>
/// <param name="radius">Pixels each way.</param>
/// <param name="criteria">What a displacement must meet.</param>
/// <param name="sides">Height and width of the frames, int64 [2].</param>
/// <param name="shares">What the first frame moves by, and the second against it, of a displacement: [1, 2, 1, 1].</param>
internal sealed class OnnxSearch(OnnxGraph graph, int radius, SearchCriteria criteria, string sides, string shares)
{
    private readonly SearchMoves _moves = new(radius, time: 0.5f);

    private int Count => _moves.All.Length;

    private int Side => 2 * radius + 1;

    /// <summary>What is found: [1, 3, H/4, W/4].</summary>
    public string Found(OnnxPlanes pair, OnnxPlanes warped)
    {
        int planes = pair.Channels / 2;
        string first = Flat(pair.Name, 0, planes), second = Flat(pair.Name, planes, planes);
        string costs = Smooth(graph.Concat(
            [.. Enumerable.Range(0, Side).Select(row => Cells(Moved(first, row, 1), Moved(second, row, -1)))], 0)); // [D, 1, H/4, W/4]
        string lengths = graph.Floats([.. _moves.All.Select(move => move.Cost)], Count, 1, 1, 1);
        string all = graph.Node("Add", [costs, lengths]);
        string least = graph.Node("ReduceMin", [all], OnnxGraph.Wholes("axes", 0), OnnxGraph.Whole("keepdims", 1));
        string best = graph.Node("ArgMin", [all], OnnxGraph.Whole("axis", 0), OnnxGraph.Whole("keepdims", 1));
        string error = Smooth(Cells(Half(warped, 0), Half(warped, planes)));         // [1, 1, H/4, W/4]
        string isLarge = graph.Node("Greater", [error, graph.PerChannel(criteria.LeastError)]);
        string isBetter = graph.Node("Less", [least, graph.Node("Mul", [error, graph.PerChannel(criteria.Share)])]);
        float[] x = [.. _moves.All.Select(move => (float)move.X)], y = [.. _moves.All.Select(move => (float)move.Y)];
        string across = graph.Node("Gather", [graph.Floats(x, Count), best]), down = graph.Node("Gather", [graph.Floats(y, Count), best]);
        string apart = graph.Node("Max", [Apart(x, across), Apart(y, down)]);        // [D, 1, H/4, W/4]
        string isNear = graph.Node("LessOrEqual", [apart, graph.PerChannel(criteria.Neighbourhood)]);
        string others = graph.Node("Where", [isNear, graph.PerChannel(float.MaxValue), all]);
        string next = graph.Node("ReduceMin", [others], OnnxGraph.Wholes("axes", 0), OnnxGraph.Whole("keepdims", 1));
        string isDistinct = graph.Node("Less", [least, graph.Node("Mul", [next, graph.PerChannel(criteria.Distinctness)])]);
        string share = Number(graph.Node("And", [graph.Node("And", [isLarge, isBetter]), isDistinct]));
        string found = graph.Concat([share, graph.Node("Mul", [across, share]), graph.Node("Mul", [down, share])], 1);
        return graph.Node("Mul", [found, HasCompanions(found)]);

        string Apart(float[] ways, string own) => graph.Node("Abs", [graph.Node("Sub", [graph.Floats(ways, Count, 1, 1, 1), own])]);

        string Half(OnnxPlanes both, int start) => graph.Node("Unsqueeze", [graph.Slice(both.Name, 1, start, planes), graph.Integers(2)]);
    }

    // [1, P, H W]
    private string Flat(string pair, int start, int planes) => graph.Node("Reshape", [graph.Slice(pair, 1, start, planes), graph.Integers(1, planes, -1)]);

    // Each plane moved by a row of displacements, or against it: [1, P, S, H, W]. All displacements at once would take gigabytes.
    private string Moved(string flat, int row, int sign)
    {
        string share = graph.Node("Reshape", [graph.Slice(shares, 1, sign > 0 ? 0 : 1, 1), graph.Integers(1, 1)]);
        string rows = Places(0, share, row, sign, move => move.Y), columns = Places(1, share, row, sign, move => move.X);
        string width = graph.Slice(sides, 0, 1, 1);
        string places = graph.Node("Add",
            [
                graph.Node("Mul", [graph.Node("Unsqueeze", [rows, graph.Integers(2)]), width]),
                graph.Node("Unsqueeze", [columns, graph.Integers(1)]),
            ]);                                                                      // [S, H, W]
        return graph.Node("Gather", [flat, places], OnnxGraph.Whole("axis", 2));
    }

    // Rows or columns that each displacement of a row looks at, int64 [S, N].
    private string Places(int axis, string share, int row, int sign, Func<SearchMoves.Move, int> part)
    {
        string count = graph.Node("Squeeze", [graph.Slice(sides, 0, axis, 1)]), zero = graph.Integer(0);
        string ways = graph.Floats([.. _moves.All.Skip(row * Side).Take(Side).Select(move => (float)part(move))], Side, 1);
        string whole = Whole(graph.Node("Round", [graph.Node("Mul", [ways, share])]));
        string own = graph.Node("Unsqueeze", [graph.Node("Range", [zero, count, graph.Integer(1)]), graph.Integers(0)]);
        string moved = graph.Node(sign > 0 ? "Add" : "Sub", [own, whole]);
        return graph.Node("Max", [zero, graph.Node("Min", [moved, graph.Node("Sub", [count, graph.Integer(1)])])]);
    }

    // Means of the difference over planes and cells: [1, P, S, H, W] → [S, 1, H/4, W/4].
    private string Cells(string first, string second)
    {
        string difference = graph.Node("Abs", [graph.Node("Sub", [first, second])]);
        string mean = graph.Node("ReduceMean", [difference], OnnxGraph.Wholes("axes", 1), OnnxGraph.Whole("keepdims", 0)); // [1, S, H, W]
        string cells = graph.Node("AveragePool", [mean],
            OnnxGraph.Wholes("kernel_shape", MotionSearch.Cell, MotionSearch.Cell), OnnxGraph.Wholes("strides", MotionSearch.Cell, MotionSearch.Cell));
        return graph.Node("Transpose", [cells], OnnxGraph.Wholes("perm", 1, 0, 2, 3));
    }

    // Averaged over 3×3 cells with weights 1, 2, 1 each way.
    private string Smooth(string cells)
    {
        string padded = graph.Node("Pad", [cells, graph.Integers(0, 0, 1, 1, 0, 0, 1, 1)], OnnxGraph.Word("mode", "edge"));
        float[] weights = [1, 2, 1, 2, 4, 2, 1, 2, 1];
        return graph.Node("Conv", [padded, graph.Floats([.. weights.Select(weight => weight / 16)], 1, 1, 3, 3)], OnnxGraph.Wholes("kernel_shape", 3, 3));
    }

    // 1 where so many neighbours found the same to a pixel: [1, 1, H/4, W/4].
    private string HasCompanions(string found)
    {
        string padded = graph.Node("Pad", [found, graph.Integers(0, 0, 1, 1, 0, 0, 1, 1)]), own = graph.Slice(found, 1, 1, 2);
        string? count = null;
        for (int i = 0; i < 9; i++)
        {
            if (i == 4)
            {
                continue;
            }

            string near = graph.Node("Slice",
                [padded, graph.Integers(i / 3, i % 3), graph.Integers(End(i / 3), End(i % 3)), graph.Integers(2, 3)]);
            string apart = graph.Node("Abs", [graph.Node("Sub", [graph.Slice(near, 1, 1, 2), own])]);
            string most = graph.Node("ReduceMax", [apart], OnnxGraph.Wholes("axes", 1), OnnxGraph.Whole("keepdims", 1));
            string alike = Number(graph.Node("LessOrEqual", [most, graph.PerChannel(1)]));
            string one = graph.Node("Mul", [alike, graph.Slice(near, 1, 0, 1)]);
            count = count is null ? one : graph.Node("Add", [count, one]);
        }

        return Number(graph.Node("GreaterOrEqual", [count!, graph.PerChannel(MotionSearch.Companions)]));

        static long End(int first) => first == 2 ? int.MaxValue : first - 2;
    }

    private string Number(string isSo) => graph.Node("Cast", [isSo], OnnxGraph.Whole("to", (long)TensorProto.Types.DataType.Float));

    private string Whole(string number) => graph.Node("Cast", [number], OnnxGraph.Whole("to", (long)TensorProto.Types.DataType.Int64));
}
