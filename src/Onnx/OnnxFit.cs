using AdaConv.Engine.Fit;
using AdaConv.Model;

namespace AdaConv.Onnx;

/// <content>Flows that are fitted: see <see cref="FlowFit"/>.</content>
internal sealed partial class OnnxOperations
{
    public OnnxPlanes FitFlows(OnnxPlanes warped, OnnxPlanes? time, OnnxPlanes? added = null, float flowScale = 1)
    {
        graph.Begin("fit");
        int planes = warped.Channels / 2;
        string first = Channels(warped, planes / 2, 1).Name, second = Channels(warped, planes + planes / 2, 1).Name, e = graph.Node("Sub", [second, first]);
        string late = time?.Name ?? graph.PerChannel(0.5f), early = graph.Node("Sub", [graph.PerChannel(1), late]);
        string between = Framed(graph.Node("Add", [Product(first, late), Product(second, early)]), 1, 1);
        string gx = Difference(between, row: 1, column: 2, from: (1, 0)), gy = Difference(between, row: 2, column: 1, from: (0, 1));
        const float sharpness = 1 / (FlowFit.Doubt * FlowFit.Doubt);
        string doubt = graph.Node("Add", [Product(Product(e, e), graph.PerChannel(sharpness)), graph.PerChannel(1)]);
        string sums = graph.Concat([Product(gx, gx), Product(gx, gy), Product(gy, gy), Product(gx, e), Product(gy, e)], 1);
        string cells = Mean(graph.Node("Div", [sums, doubt]), FlowFit.Cell, stride: FlowFit.Cell), means = Mean(Framed(cells, 1, 1), 3, stride: 1);
        string xx = Damped(0), xy = graph.Slice(means, 1, 1, 1), yy = Damped(2), xe = graph.Slice(means, 1, 3, 1), ye = graph.Slice(means, 1, 4, 1);
        string determinant = graph.Node("Max",
            [graph.Node("Sub", [Product(xx, yy), Product(xy, xy)]), graph.PerChannel(FlowFit.Damping * FlowFit.Damping)]);
        string way = graph.Concat(
            [graph.Node("Sub", [Product(yy, xe), Product(xy, ye)]), graph.Node("Sub", [Product(xx, ye), Product(xy, xe)])], 1);
        way = graph.Node("Div", [way, determinant]);
        string longest = graph.PerChannel(FlowFit.Longest), length = graph.Node("Max", [graph.Node("Sqrt", [Sum(Product(way, way))]), longest]);
        way = graph.Node("Div", [Product(way, graph.PerChannel(2 * FlowFit.Longest * flowScale)), length]);
        string stays = Product(xx, graph.PerChannel(0));
        string change = graph.Concat([Product(way, late), graph.Node("Neg", [Product(way, early)]), stays], 1);
        return warped with
        {
            Name = added is null ? change : graph.Node("Add", [change, added.Name]),
            Channels = FlowFit.Planes,
            Size = warped.Size.Halved().Halved(),
        };

        string Damped(int plane) => graph.Node("Add", [graph.Slice(means, 1, plane, 1), graph.PerChannel(FlowFit.Damping)]);

        // The values from a row and a column of framed planes on, less those from another.
        string Difference(string framed, int row, int column, (int Row, int Column) from) =>
            graph.Node("Sub", [From(framed, row, column), From(framed, from.Row, from.Column)]);
    }

    // Framed planes without their frame, moved by up to a pixel each way: rows and columns 0 to 2, where 1 is the middle.
    private string From(string framed, int row, int column)
    {
        return graph.Node("Slice", [framed, graph.Integers(row, column), graph.Integers(End(row), End(column)), graph.Integers(2, 3)]);

        static long End(int first) => first == 2 ? int.MaxValue : first - 2;
    }

    private string Product(string a, string b) => graph.Node("Mul", [a, b]);

    private string Mean(string planes, int side, int stride) =>
        graph.Node("AveragePool", [planes], OnnxGraph.Wholes("kernel_shape", side, side), OnnxGraph.Wholes("strides", stride, stride));
}
