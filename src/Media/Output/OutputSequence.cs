using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.Media.Output;

/// <summary>Numbered pictures: written into a hidden folder beside their place, then moved.</summary>
internal sealed class OutputSequence : OutputTarget
{
    private readonly ImagePattern _pattern;
    private readonly bool _overwrite;
    private readonly string _partial;
    private string? _remark;

    private OutputSequence(ImagePattern pattern, bool overwrite, string partial, int firstPicture)
        : base(pattern.Path)
    {
        _pattern = pattern;
        _overwrite = overwrite;
        _partial = partial;
        FirstPicture = firstPicture;
    }

    internal override int FirstPicture { get; }

    internal override string? Remark => _remark;

    internal override string PartialPath => System.IO.Path.Combine(_partial, System.IO.Path.GetFileName(_pattern.Path));

    internal override string Url => _pattern.Url(_partial);

    /// <summary>Checks that no such picture stands where the new ones go, or none that is read, and makes the hidden folder.</summary>
    public static OutputSequence Create(ImagePattern pattern, IReadOnlyCollection<string> inputs, bool overwrite, int firstPicture)
    {
        Check(pattern, inputs, overwrite, firstPicture);
        string partial = PartialName.Of(System.IO.Path.Combine(pattern.Folder, pattern.Name(0)));
        try
        {
            PartialName.DeleteStale(System.IO.Path.Combine(pattern.Folder, pattern.Name(0)));
            Directory.CreateDirectory(partial);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw OutputFile.NotWritable(pattern.Path, pattern.Folder, error);
        }

        return new(pattern, overwrite, partial, firstPicture);
    }

    /// <summary>Checks that no such picture stands where the new ones go, or none that is read. Those of lower numbers are in nobody's way.</summary>
    /// <exception cref="MediaException">One does.</exception>
    internal static void Check(ImagePattern pattern, IReadOnlyCollection<string> inputs, bool overwrite, int firstPicture)
    {
        if (!Directory.Exists(pattern.Folder))
        {
            throw new MediaException("Writing", pattern.Path, $"there is no folder {pattern.Folder}", "Create it first, or check the name.");
        }

        List<long> numbers = [.. pattern.Numbers(pattern.Folder).Where(number => number >= firstPicture)];
        if (SameFile.Find(inputs, numbers.Select(number => System.IO.Path.Combine(pattern.Folder, pattern.Name(number)))) is { } input)
        {
            throw new MediaException(
                "Writing",
                pattern.Path,
                $"that would replace {System.IO.Path.GetFileName(input)}, which is the input or one of its pictures",
                "Choose another folder or another name for the output.");
        }

        if (!overwrite && numbers.Count > 0)
        {
            throw new MediaException(
                "Writing",
                pattern.Path,
                $"{numbers.Count} such {(numbers.Count == 1 ? "picture already exists" : "pictures already exist")}, starting at {pattern.Name(numbers[0])}",
                "Choose another folder or allow overwriting.");
        }
    }

    private protected override void Publish()
    {
        List<long> numbers = _pattern.Numbers(_partial);
        DurableStore.PublishAll(_partial, _pattern.Folder, [.. numbers.Select(_pattern.Name)], _overwrite);
        if (numbers.Count > 0 && _pattern.Numbers(_pattern.Folder).Contains(numbers[^1] + 1))
        {
            _remark = $"Behind the last picture, {_pattern.Name(numbers[^1])}, stand others of before, from {_pattern.Name(numbers[^1] + 1)} on, "
                + "which readers take for the rest of it. Delete them if they are not.";
        }

        DurableStore.Remove(_partial);
    }

    private protected override void Discard() => Directory.Delete(_partial, recursive: true);
}
