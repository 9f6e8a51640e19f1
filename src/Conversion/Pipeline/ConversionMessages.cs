namespace AdaConv.Conversion.Pipeline;

/// <summary>Notes and warnings, kept in order and passed on one at a time.</summary>
internal sealed class ConversionMessages
{
    private readonly List<string> _all = [];
    private readonly Action<string>? _listener;

    /// <summary>Messages that begin with those of a plan.</summary>
    /// <param name="listener">Told each, one at a time.</param>
    /// <param name="notes">What the plan says.</param>
    public ConversionMessages(Action<string>? listener, IEnumerable<string> notes)
    {
        _listener = listener;
        foreach (string note in notes)
        {
            Add(note);
        }
    }

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
            _listener?.Invoke(text);
        }
    }
}
