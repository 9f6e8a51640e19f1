using System.Text.Json.Serialization;

namespace AdaConv.Training.Data.Configuration;

/// <summary>A source of triplets and its share of the samples.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FootageConfiguration), "footage")]
[JsonDerivedType(typeof(SyntheticConfiguration), "synthetic")]
public abstract record SourceConfiguration
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>Weight among the sources: of 0.8 and 0.2 the second gives every fifth sample on average.</summary>
    public double Share { get; init; } = 1;

    /// <summary>What is wrong with the values: the rule that one of them breaks; null = nothing.</summary>
    internal virtual string? BrokenRule() => Share > 0 && double.IsFinite(Share) ? null : "a source's share must be above 0";
}

/// <summary>Real motion: a folder of clips, of folders of frames (DAVIS), or a Vimeo90K layout; which one is found out by looking.</summary>
public sealed record FootageConfiguration : SourceConfiguration
{
    /// <summary>Sequences of a Vimeo90K layout that are taken, from the start of its list; 0 = all. The reference paper pre-trains on 4096.</summary>
    public int First { get; init; }

    /// <summary>Which part of a Vimeo90K layout is taken.</summary>
    public DataPart Part { get; init; } = DataPart.Training;

    /// <summary>Whether some frames of each clip are kept aside to be scored, never trained on: see <see cref="HeldOutFrames"/>.</summary>
    public bool HoldOut { get; init; }

    /// <summary>Whether clips are taken at their own size, however large or hard compressed: to learn one video as it is, not motion in general.</summary>
    public bool WholeSize { get; init; }

    internal override string? BrokenRule() => First >= 0 ? base.BrokenRule() : "a source's first must be 0 or more";
}

/// <summary>Which sequences of a Vimeo90K layout are taken.</summary>
public enum DataPart
{
    /// <summary>Those of tri_trainlist.txt; without a list the first fourteen fifteenths in order of their names.</summary>
    Training,

    /// <summary>Those of tri_testlist.txt; without a list the last fifteenth in order of their names.</summary>
    Validation,

    /// <summary>All of them.</summary>
    All,
}
