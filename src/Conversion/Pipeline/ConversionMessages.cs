namespace AdaConv.Conversion.Pipeline;

/// <summary>Notes and warnings, kept in order and passed on one at a time.</summary>
internal sealed class ConversionMessages(Action<string>? listener)
{
    private readonly List<string> _all = [];

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(string text)
    {
        lock (_all)
        {
            _all.Add(text);
            listener?.Invoke(text);
        }
    }
}
