using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>A step of a program.</summary>
/// <param name="arena">The memory that all planes lie in.</param>
internal unsafe delegate void EngineStep(float* arena);

/// <summary>A step with what it is.</summary>
/// <param name="Name">The operation.</param>
/// <param name="MultiplyAdds">Those of a convolution (<see cref="Engine.Convolution.ConvolutionShape.MultiplyAdds"/>); 0 for all else.</param>
/// <param name="Run">Does it.</param>
internal readonly record struct ProgramStep(string Name, double MultiplyAdds, EngineStep Run);

/// <summary>A network and its synthesis for tiles of one shape: steps, one after another, over an arena that was planned once.</summary>
internal sealed unsafe class EngineProgram
{
    private readonly FrameRows _colours;
    private readonly FrameRows _own;
    private readonly EnginePlanes _mean;
    private readonly EnginePlanes _time;
    private readonly EnginePlanes _samples;
    private readonly EnginePlanes? _motion;

    private EngineProgram(
        EngineOperations operations, FrameRows colours, FrameRows own, EnginePlanes mean, EnginePlanes time, EnginePlanes samples, EnginePlanes? motion)
    {
        (_colours, _own, _mean, _time, _samples, _motion) = (colours, own, mean, time, samples, motion);
        (Steps, Floats) = operations.Finish();
    }

    /// <summary>What is done.</summary>
    public IReadOnlyList<ProgramStep> Steps { get; }

    /// <summary>Floats that the arena takes.</summary>
    public long Floats { get; }

    /// <summary>Writes the program of a network.</summary>
    /// <param name="weights">The network with its weights.</param>
    /// <param name="shape">What tiles consist of.</param>
    /// <param name="synthesis">What the prediction is made into a frame by.</param>
    /// <param name="grain">Whether the frames' detail is kept.</param>
    /// <param name="options">Level and threads.</param>
    public static EngineProgram Write(EngineWeights weights, in TileShape shape, Synthesis synthesis, Grain grain, EngineOptions options)
    {
        EngineOperations operations = new(weights, options);
        EnginePlanes colours = operations.Frames(3, shape.Height, shape.Width, out FrameRows colourRows), own = colours;
        FrameRows sampleRows = colourRows;
        if (!shape.SamplesAreColours)
        {
            own = operations.Frames(shape.SampleCount, shape.Height, shape.Width, out sampleRows);
        }

        EnginePlanes mean = operations.Given(6, 1, 1), time = operations.Given(1, 1, 1);
        NetworkPrediction<EnginePlanes> prediction = weights.Network.Predict(operations, colours, mean, time);
        EnginePlanes? seen = shape.SamplesAreColours && prediction.Warped is not null ? null : own;
        EnginePlanes samples = InterpolationNetwork.Synthesize(
            operations, prediction, seen, synthesis, grain == Grain.Keep ? own : null);
        EnginePlanes? motion = prediction.Flows is { } flows ? operations.Extent(flows.Slice(0, 4)) : null;
        EngineOperations.Hold(mean, time, samples, motion);
        return new(operations, colourRows, sampleRows, mean, time, samples, motion);
    }

    /// <summary>Writes down what the steps are to know of a pair.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="colours">Both frames' colours, where they lie while the steps run.</param>
    /// <param name="samples">Both frames' samples, alike.</param>
    /// <param name="mean">Mean colour of both whole frames.</param>
    /// <param name="time">When the frame between lies; a network that knows the middle only does not look at it.</param>
    public void Prepare(float* arena, in FramePair colours, in FramePair samples, ReadOnlySpan<float> mean, double time)
    {
        _colours.Place(arena, colours);
        _own.Place(arena, samples);
        float* offsets = arena + _mean.Offset; // of both frames' colours
        for (int i = 0; i < 6; i++)
        {
            offsets[i] = -mean[i % 3];
        }

        arena[_time.Offset] = (float)time;
    }

    /// <summary>Runs all steps, after <see cref="Prepare"/>.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="cancellation">Ends the work.</param>
    public TileResult Run(float* arena, CancellationToken cancellation)
    {
        foreach (ProgramStep step in Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            step.Run(arena);
        }

        return new(arena + _samples.Offset, _motion is null ? null : arena + _motion.Offset);
    }
}
