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
