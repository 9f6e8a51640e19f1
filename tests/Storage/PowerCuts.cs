namespace AdaConv.Storage.Tests;

/// <summary>
/// A disk that keeps what was flushed and may keep or forget everything else, in any order: all that a folder of files could hold after a power
/// cut at any moment.
/// </summary>
/// <param name="folder">The folder that is watched; what stands in it counts as flushed.</param>
internal sealed class PowerCuts(string folder) : Disk
{
    /// <summary>The content of a file that was not flushed.</summary>
    public const string Torn = "(torn)";

    private readonly Dictionary<string, string> _names = Directory.EnumerateFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
    private readonly Dictionary<string, string> _flushed = [];
    private readonly List<Step> _pending = [];

    /// <summary>What the folder could hold, name by name, after a cut at any moment.</summary>
    public List<Dictionary<string, string>> States { get; } = [];

    /// <summary>The same after the last step.</summary>
    public IEnumerable<Dictionary<string, string>> StatesAtTheEnd => Possible();

    /// <summary>Has a piece of work use this disk.</summary>
    public void During(Action work)
    {
        Use(this);
        try
        {
            work();
        }
        finally
        {
            Use(null);
        }
    }

    public override void FlushFile(string path)
    {
        base.FlushFile(path);
        _flushed[Path.GetFileName(path)] = File.ReadAllText(path);
        States.AddRange(Possible());
    }

    public override void FlushFolder(string path)
    {
        foreach (Step step in _pending)
        {
            Apply(step, _names);
        }

        _pending.Clear();
        base.FlushFolder(path);
        States.AddRange(Possible());
    }

    public override void Move(string from, string to, bool overwrite)
    {
        base.Move(from, to, overwrite);
        string name = Path.GetFileName(from);
        _pending.Add(new(name, Path.GetFileName(to), _flushed.GetValueOrDefault(name, Torn)));
        States.AddRange(Possible());
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        _pending.Add(new(Path.GetFileName(path), null, ""));
        States.AddRange(Possible());
    }

    // Every subset of what is not flushed may have reached the disk.
    private IEnumerable<Dictionary<string, string>> Possible()
    {
        for (int kept = 0; kept < 1 << _pending.Count; kept++)
        {
            Dictionary<string, string> names = new(_names);
            for (int i = 0; i < _pending.Count; i++)
            {
                if ((kept & (1 << i)) != 0)
                {
                    Apply(_pending[i], names);
                }
            }

            yield return names;
        }
    }

    private static void Apply(Step step, Dictionary<string, string> names)
    {
        names.Remove(step.From);
        if (step.To is { } name)
        {
            names[name] = step.Content;
        }
    }

    private sealed record Step(string From, string? To, string Content);
}
