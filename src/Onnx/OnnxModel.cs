using AdaConv.Model;
using Google.Protobuf;

namespace AdaConv.Onnx;

/// <summary>A network with its weights as an ONNX model: standard operators only, of any height and width.</summary>
public static class OnnxModel
{
    /// <summary>The version of the operators that models use.</summary>
    public static int OperatorSet => OnnxGraph.Opset;

    /// <summary>
    /// A model as hosts expect it of RIFE (vs-mlrt's second form): one input "input" [1, 7, H, W] float32, R, G, B of the earlier frame and of the later one,
    /// nominally 0..1, and a plane that holds the time; one output "output" [1, 3, H, W]. Height and width are any; padding is done inside.
    /// </summary>
    /// <param name="weights">The weights. Where they know the middle only, the time is not looked at.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] ForHosts(NetworkWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        OnnxGraph graph = new();
        OnnxOperations operations = new(graph, weights);
        OnnxPlanes input = new(graph.Input("input", 7, isPicture: true), 7, new(0, 1, 1));
        OnnxPlanes frames = operations.Slice(input, 0, 6);
        OnnxPlanes time = new(graph.Slice(graph.Slice(graph.Slice(input.Name, 1, 6, 1), 2, 0, 1), 3, 0, 1), 1, GridSize.One);
        graph.Begin("mean");
        string means = graph.Node("ReduceMean", [frames.Name], OnnxGraph.Wholes("axes", 2, 3), OnnxGraph.Whole("keepdims", 1)); // [1, 6, 1, 1]
        string sum = graph.Node("Add", [graph.Slice(means, 1, 0, 3), graph.Slice(means, 1, 3, 3)]);
        OnnxPlanes mean = new(graph.Node("Mul", [sum, graph.PerChannel(0.5f)]), 3, GridSize.One);
        OnnxPlanes padded = operations.Pad(frames, weights.Network.SizeMultiple);
        NetworkPrediction<OnnxPlanes> prediction = weights.Network.Predict(operations, padded, mean, time);
        OnnxPlanes between = InterpolationNetwork.Synthesize(operations, prediction, prediction.Warped is null ? padded : null);
        graph.Output("output", operations.Crop(between, input).Name, 3);
        return Finish(graph, weights);
    }

    /// <summary>
    /// A model of what the engine does with a tile: inputs "planes" [1, <see cref="TileShape.InputPlanes"/>, H, W], "mean" [1, 3, 1, 1] and "time"
    /// [1, 1, 1, 1]; outputs "samples" [1, P, H, W], and where the network finds motion "motion" [1, 1, H, W]. Height and width are multiples of the network's.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="shape">What tiles consist of; their size is not looked at.</param>
    /// <param name="synthesis">What the prediction is made into a frame by.</param>
    /// <param name="grain">Whether the frames' detail is kept.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] ForTiles(NetworkWeights weights, TileShape shape, Synthesis synthesis, Grain grain = Grain.Smooth)
    {
        ArgumentNullException.ThrowIfNull(weights);
        OnnxGraph graph = new();
        OnnxOperations operations = new(graph, weights);
        OnnxPlanes planes = new(graph.Input("planes", shape.InputPlanes, isPicture: true), shape.InputPlanes, new(0, 1, weights.Network.SizeMultiple));
        OnnxPlanes mean = new(graph.Input("mean", 3, isPicture: false), 3, GridSize.One), time = new(graph.Input("time", 1, isPicture: false), 1, GridSize.One);
        OnnxPlanes colours = operations.Slice(planes, 0, 6);
        NetworkPrediction<OnnxPlanes> prediction = weights.Network.Predict(operations, colours, mean, time);
        OnnxPlanes own = operations.Slice(planes, shape.FirstSamplePlane, 2 * shape.SampleCount);
        OnnxPlanes? seen = shape.SamplesAreColours && prediction.Warped is not null ? null : own;
        OnnxPlanes samples = InterpolationNetwork.Synthesize(operations, prediction, seen, synthesis, grain == Grain.Keep ? own : null);
        graph.Output("samples", samples.Name, shape.SampleCount);
        if (prediction.Flows is { } flows)
        {
            graph.Output("motion", operations.Extent(flows).Name, 1);
        }

        return Finish(graph, weights);
    }

    private static byte[] Finish(OnnxGraph graph, NetworkWeights weights) =>
        graph.Finish(weights.Metadata.Where(pair => pair.Key != NetworkWeights.ConfigurationKey)
            .Prepend(new(NetworkWeights.ConfigurationKey, weights.Network.Configuration.ToJson()))).ToByteArray();
}
