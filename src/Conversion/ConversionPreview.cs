using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion;

/// <summary>What takes some work to tell of a conversion before it is run: the cuts it will find, and the time it will take. Nothing is written.</summary>
/// <param name="options">All settings.</param>
/// <param name="models">The folder of the weights; null: beside the application.</param>
public sealed class ConversionPreview(FilterOptions options, string? models = null)
{
    // The first one loads the network.
    private const int TimedPredictions = 4;
    private static readonly TimeSpan LongestTiming = TimeSpan.FromSeconds(20);

    /// <summary>Decodes a whole video for its scene cuts.</summary>
    /// <param name="input">A file or numbered pictures.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The times of the frames behind a cut, in seconds.</returns>
    /// <exception cref="MediaException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<double> FindSceneCuts(string input, CancellationToken cancellation = default)
    {
        using OriginalFrames frames = new(input, options.Conversion with { SceneCutDetection = true }, pixelFormat: null, cancellation);
        List<double> cuts = [];
        Stages.Run(cancellation, frames.Decode, token =>
        {
            foreach (SourceFrame frame in frames.Read(token))
            {
                if (frame.CutBefore)
                {
                    cuts.Add(frame.Tick * frames.TimeBase.ToDouble());
                }
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return cuts;
    }

    /// <summary>Runs a conversion's first half until a few frames are predicted.</summary>
    /// <param name="input">A file or numbered pictures.</param>
    /// <param name="plan">What becomes of it; not refused.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>How long a prediction takes here; null where too little moves at the video's beginning.</returns>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine lacks what is asked for.</exception>
    /// <exception cref="MediaException">It cannot be read.</exception>
    /// <exception cref="ModelException">The weights cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PredictionTime? MeasurePrediction(string input, ConversionPlan plan, CancellationToken cancellation = default)
    {
        IFrameInterpolator interpolator = InterpolatorFactory.Create(options.Interpolation, models ?? ModelFolder.Find());
        using IDisposable? disposable = interpolator as IDisposable;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(LongestTiming);
        TimedInterpolator timed = new(interpolator, predicted =>
        {
            if (predicted == TimedPredictions)
            {
                enough.Cancel();
            }
        });
        ConversionOptions limited = FrameMemory.Limited(options);
        using FrameReader reader = FrameReader.Open(input, limited.Reading, cancellation);
        MemoryShares memory = FrameMemory.Share(plan, limited, reader, timed);
        memory.Tell(timed);
        using FrameSource source = new(reader, plan, memory.Options, timed, new(null, []));
        reader.DropOthers();
        Stages.Run(enough.Token, source.Decode, source.Predict, token =>
        {
            foreach (OutputFrame frame in source.Take(token))
            {
                source.Return(frame.Frame);
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return timed.Typical is { } typical ? new(typical, timed.Times[0], timed.Times.Count - 1) : null;
    }
}

/// <summary>How long a prediction takes on this machine.</summary>
/// <param name="Typical">The middle of those that were measured.</param>
/// <param name="First">The first one, which also waits for the network to be loaded; not among those.</param>
/// <param name="Count">Predictions that were measured.</param>
public sealed record PredictionTime(TimeSpan Typical, TimeSpan First, int Count);
