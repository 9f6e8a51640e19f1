using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Onnx;

/// <content>Fine detail of both frames, and what a blend keeps of it.</content>
internal sealed partial class OnnxOperations
{
    public OnnxPlanes Detail(OnnxPlanes frames)
    {
        graph.Begin("detail");
        int planes = frames.Channels / 2;
        string detail = DetailOf(frames.Name), energy = graph.Node("Mul", [detail, detail]);
        OnnxPlanes energies = frames with { Name = energy };
        string sums = graph.Concat([Sum(Channels(energies, 0, planes).Name), Sum(Channels(energies, planes, planes).Name)], 1);
        return frames with
        {
            Name = graph.Node("AveragePool", [sums], OnnxGraph.Wholes("kernel_shape", FrameDetail.Cell, FrameDetail.Cell),
                OnnxGraph.Wholes("strides", FrameDetail.Cell, FrameDetail.Cell)),
            Size = frames.Size.Halved().Halved(),
            Channels = 2,
        };
    }

    public OnnxPlanes Blend(OnnxPlanes pair, OnnxPlanes logits, KeptDetail<OnnxPlanes>? kept = null)
    {
        OnnxPlanes blend = Blended(pair, logits);
        if (kept is null)
        {
            return blend;
        }

        graph.Begin("keep");
        OnnxPlanes energies = kept.Motion with { Name = graph.Concat([.. Enumerable.Range(0, 2).Select(Read)], 1), Channels = 2 };
        string target = Blended(energies, logits).Name;
        const int side = 2 * FrameDetail.Reach + 1;
        string detail = DetailOf(blend.Name), framed = Framed(Sum(graph.Node("Mul", [detail, detail])), FrameDetail.Reach, FrameDetail.Reach);
        string around = graph.Node("AveragePool", [framed], OnnxGraph.Wholes("kernel_shape", side, side), OnnxGraph.Wholes("strides", 1, 1));
        string most = graph.PerChannel(FrameDetail.LargestFactor), one = graph.PerChannel(1);
        string energy = graph.Node("Max", [around, graph.PerChannel(FrameDetail.LeastEnergy)]);
        string ratio = graph.Node("Sqrt", [graph.Node("Div", [target, energy])]);
        string more = graph.Node("Sub", [graph.Node("Min", [graph.Node("Max", [ratio, one]), most]), one]);
        string limit = graph.Node("Div", [graph.PerChannel(FrameDetail.MostAdded), graph.Node("Sqrt", [energy])]);
        string factor = graph.Node("Min", [graph.Node("Mul", [more, graph.PerChannel(FrameDetail.Strength)]), limit]);
        return blend with { Name = graph.Node("Add", [blend.Name, graph.Node("Mul", [factor, detail])]) };

        // Measured from the outer edges, cells lie where their pixels do.
        string Read(int frame)
        {
            SamplingGrid grid = GridOf(kept.Motion);
            return Sampled(Channels(kept.Energy, frame, 1).Name, Place(2 * frame, grid.Across), Place(2 * frame + 1, grid.Down), alignCorners: false);
        }

        // The grid's places run from the first pixel's middle to the last one's: (n − 1)/n of the way between the edges.
        string Place(int flow, SamplingAxis axis)
        {
            string middle = graph.Node("Add", [graph.Node("Mul", [Channels(kept.Motion, flow, 1).Name, axis.PerPixel]), axis.Places]);
            return graph.Node("Div", [middle, graph.Node("Add", [graph.Node("Mul", [axis.PerPixel, graph.Floats([0.5f], 1)]), graph.Floats([1], 1)])]);
        }
    }

    // What a binomial filter of 3×3 takes away: twice the mean over 2×2.
    private string DetailOf(string planes)
    {
        string soft = Framed(planes, 1, 1);
        for (int i = 0; i < 2; i++)
        {
            soft = graph.Node("AveragePool", [soft], OnnxGraph.Wholes("kernel_shape", 2, 2), OnnxGraph.Wholes("strides", 1, 1));
        }

        return graph.Node("Sub", [planes, soft]);
    }

    private string Framed(string planes, int rows, int columns) => graph.Node(
        "Pad", [planes, graph.Integers(0, 0, rows, columns, 0, 0, rows, columns)], OnnxGraph.Word("mode", "edge"));
}
