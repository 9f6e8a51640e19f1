using System.Globalization;
using System.Text.RegularExpressions;

namespace AdaConv.Media.Libav;

/// <summary>The name of a numbered sequence of pictures: <c>shots/frame-%05d.png</c>.</summary>
public sealed partial class ImagePattern
{
    private readonly string _prefix;
    private readonly string _suffix;

    private ImagePattern(string path, string folder, string prefix, int digits, string suffix)
    {
        Path = path;
        Folder = folder;
        _prefix = prefix;
        Digits = digits;
        _suffix = suffix;
    }

    /// <summary>As the user wrote it.</summary>
    public string Path { get; }

    /// <summary>The full name of the folder.</summary>
    public string Folder { get; }

    /// <summary>Digits that a number is filled up to with zeros; 0: none.</summary>
    public int Digits { get; }

    /// <summary>The kinds of pictures that are numbered, for messages.</summary>
    public const string Kinds = "png, jpg, tif, bmp, ppm, pgm, tga or dpx";

    /// <summary>Whether a name has a place for numbers, whatever its kind.</summary>
    public static bool HasNumber(string path) => Number().IsMatch(System.IO.Path.GetFileName(path));

    /// <summary>Whether there are files whose names have a number in that place, whatever their kind.</summary>
    public static bool HasFiles(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        Match match = Number().Match(name);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "";
        if (!match.Success || !Directory.Exists(folder))
        {
            return false;
        }

        int digits = match.Length == 2 ? 0 : match.Value[2] - '0';
        return new ImagePattern(path, folder, name[..match.Index], digits, name[(match.Index + match.Length)..]).Numbers(folder).Count > 0;
    }

    /// <summary>Reads a pattern: one <c>%d</c> or <c>%05d</c> in the name of a picture; null where the path is none.</summary>
    public static ImagePattern? Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Match match = Pattern().Match(System.IO.Path.GetFileName(path));
        if (!match.Success)
        {
            return null;
        }

        string digits = match.Groups["digits"].Value;
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "";
        return new(
            path,
            folder,
            match.Groups["prefix"].Value,
            digits.Length == 0 ? 0 : int.Parse(digits, CultureInfo.InvariantCulture),
            match.Groups["suffix"].Value);
    }

    /// <summary>The name of a picture, without its folder.</summary>
    public string Name(long number) => _prefix + number.ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0') + _suffix;

    /// <summary>What libav opens for the pattern in a folder: percent signs that are none of the pattern's are doubled.</summary>
    internal string Url(string folder) =>
        "file:" + Escape(System.IO.Path.Combine(folder, "x")[..^1]) + Escape(_prefix) + $"%0{Math.Max(1, Digits)}d" + Escape(_suffix);

    /// <summary>The numbers of the pictures in a folder, in order.</summary>
    public List<long> Numbers(string folder)
    {
        List<long> numbers = [];
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = System.IO.Path.GetFileName(file);
            if (name.Length > _prefix.Length + _suffix.Length
                && name.StartsWith(_prefix, StringComparison.Ordinal)
                && name.EndsWith(_suffix, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(_prefix.Length..^_suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && Name(number) == name)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    private static string Escape(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    // The kinds that hold whole pictures of integer samples, compressed without other files.
    [GeneratedRegex(
        @"^(?<prefix>[^%]*)%(0(?<digits>[1-9]))?d(?<suffix>[^%]*\.(png|jpg|jpeg|tif|tiff|bmp|ppm|pgm|tga|dpx))$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex("%(0[1-9])?d")]
    private static partial Regex Number();
}
