namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>Looks at one part of the machine or the installation. A check that throws counts as missing, with the error's words.</summary>
internal abstract class Check
{
    /// <summary>What it looks at, in a word or two.</summary>
    public abstract string Topic { get; }

    /// <summary>What to type where the check itself fails; null where its error says so.</summary>
    public virtual string? Remedy => null;

    /// <summary>Looks.</summary>
    public abstract IEnumerable<Finding> Look();

    protected Finding Fine(string text) => new(Topic, FindingState.Fine, text);

    protected Finding Note(string text, string? remedy = null) => new(Topic, FindingState.Note, text, remedy);

    protected Finding Missing(string text, string? remedy) => new(Topic, FindingState.Missing, text, remedy);
}

/// <summary>One thing that was checked.</summary>
/// <param name="Topic">What it belongs to, in a word or two.</param>
/// <param name="State">What it means for conversions.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">The line to type, or what else to do; null where nothing is to be done.</param>
public sealed record Finding(string Topic, FindingState State, string Text, string? Remedy = null);

/// <summary>What a finding means for conversions.</summary>
public enum FindingState
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>Conversions go without; they may be slower or less choice may be there.</summary>
    Note,

    /// <summary>Something that conversions need is missing or broken.</summary>
    Missing,
}
