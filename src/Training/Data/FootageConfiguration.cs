namespace AdaConv.Training.Data;

/// <summary>Real motion: a folder of clips, of folders of frames (DAVIS), or a Vimeo90K layout; which one is found out by looking.</summary>
public sealed record FootageConfiguration : SourceConfiguration
{
    /// <summary>Sequences of a Vimeo90K layout that are taken, from the start of its list; 0 = all. The reference paper pre-trains on 4096.</summary>
    public int First { get; init; }

    /// <summary>Which part of a Vimeo90K layout is taken.</summary>
    public DataPart Part { get; init; } = DataPart.Training;

    internal override string? BrokenRule() => First >= 0 ? base.BrokenRule() : "a source's first must be 0 or more";
}
