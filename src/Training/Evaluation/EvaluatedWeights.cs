using System.Globalization;
using AdaConv.Model;
using AdaConv.Torch;

namespace AdaConv.Training.Evaluation;

/// <summary>Who runs networks.</summary>
public enum ExecutorKind
{
    /// <summary>AdaConv's own kernels, in float32 on the CPU.</summary>
    Engine,

    /// <summary>libtorch.</summary>
    Torch,
}

/// <summary>A weight file under evaluation: what it is called, what it costs, and the network that it holds.</summary>
public sealed class EvaluatedWeights : IDisposable
{
    private readonly IFrameInterpolator _halving;
    private readonly TimedInterpolator _timed;

    private EvaluatedWeights(string name, string file, InterpolatorOptions options, ExecutorKind executor)
    {
        NetworkWeights weights = NetworkWeights.Load(file);
        TiledInterpolator network = executor == ExecutorKind.Engine ? EngineExecutor.Create(weights, options) : TorchExecutor.Load(file, options);
        KnowsTime = network.KnowsTime;
        IsCurved = network.MotionCell > 0;
        _halving = IsCurved ? network.ForAnyTime() : new HalvingInterpolator(network);
        _timed = new TimedInterpolator(KnowsTime && !IsCurved ? network : _halving);
        (Name, File, Samples) = (name, file, weights.Metadata.GetValueOrDefault(SamplesKey));
        Parameters = weights.Tensors.Values.Sum(values => (long)values.Length);
        MultiplyAddsPerPixel = options.Ensemble * weights.Network.MultiplyAddsPerPixel;
    }

    /// <summary>Metadata key of the training samples that weights have seen.</summary>
    public const string SamplesKey = "samples";

    /// <summary>Its name in tables: the file's, with the folder's before it where several are called alike, and what of its options is not usual.</summary>
    public string Name { get; }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Samples that the weights were trained on, as the file says; null where it does not.</summary>
    public string? Samples { get; }

    /// <summary>Numbers that were trained.</summary>
    public long Parameters { get; }

    /// <summary>Multiply-adds for each pixel of a new frame, those of all views of an ensemble.</summary>
    public double MultiplyAddsPerPixel { get; }

    /// <summary>Seconds for a million pixels, as measured so far; null before the second frame.</summary>
    public double? SecondsPerMegapixel => _timed.SecondsPerMegapixel;

    /// <summary>Whether the network predicts frames at any time; others reach times but the middle by halving.</summary>
    public bool KnowsTime { get; }

    /// <summary>Whether frames lie along the curves that the pairs around show, as in conversions.</summary>
    public bool IsCurved { get; }

    /// <summary>Predicts frames as conversions do, and is timed at that.</summary>
    public IFrameInterpolator Interpolator => _timed;

    /// <summary>Reaches all times but the middle by halving.</summary>
    public IFrameInterpolator Halving => _halving;

    /// <summary>Loads weight files.</summary>
    /// <exception cref="ModelException">One of them cannot be used.</exception>
    public static IReadOnlyList<EvaluatedWeights> Load(IReadOnlyList<string> files, InterpolatorOptions options, ExecutorKind executor = ExecutorKind.Engine)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        string[] names = [.. files.Select(file => Path.GetFileNameWithoutExtension(file))];
        if (names.Distinct().Count() < names.Length)
        {
            names = [.. files.Zip(names, (file, name) => $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))}-{name}")];
        }

        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } same)
        {
            throw new TrainingException($"Several weight files have the name {same.Key}, as have their folders. Name each file once, or rename a copy.");
        }

        string suffix = (options.Ensemble > 1 ? string.Create(CultureInfo.InvariantCulture, $" ensemble {options.Ensemble}") : "")
            + (options.Synthesis == Synthesis.Warping ? " warping" : "") + (options.Grain == Grain.Keep ? " keeping grain" : "")
            + (options.Motion == MotionPath.Curved ? " along curves" : "");
        List<EvaluatedWeights> loaded = [];
        try
        {
            loaded.AddRange(files.Zip(names, (file, name) => new EvaluatedWeights(name + suffix, file, options, executor)));
            return loaded;
        }
        catch
        {
            loaded.ForEach(weights => weights.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => (_halving as IDisposable)?.Dispose();
}
