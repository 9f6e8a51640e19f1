using AdaConv.Media.Libav;

namespace AdaConv.Media.Decoding;

/// <summary>A numbered sequence of pictures as input, checked: it has a rate and no gap.</summary>
/// <param name="Pattern">Its name.</param>
/// <param name="Rate">Pictures per second.</param>
/// <param name="First">The number of the first picture.</param>
/// <param name="Count">How many there are.</param>
internal sealed record ImageSequence(ImagePattern Pattern, Rational Rate, long First, int Count)
{
    /// <summary>The pictures' paths, in order.</summary>
    public string[] Files =>
        [.. Enumerable.Range(0, Count).Select(number => Path.Combine(Pattern.Folder, Pattern.Name(First + number)))];

    /// <summary>Looks for the pictures.</summary>
    /// <param name="pattern">Their name.</param>
    /// <param name="rate">Pictures per second, which pictures do not state themselves.</param>
    /// <param name="start">The first number; null: the lowest there is.</param>
    /// <exception cref="MediaException">No rate was given, there are none, or one is missing or empty.</exception>
    public static ImageSequence Find(ImagePattern pattern, Rational? rate, int? start)
    {
        if (rate is not { } known)
        {
            throw new MediaException(
                "Opening", pattern.Path, "numbered pictures state no frame rate", "Set it, for example with --input-rate 24.");
        }

        List<long> numbers = Directory.Exists(pattern.Folder) ? pattern.Numbers(pattern.Folder) : [];
        if (start is { } least)
        {
            numbers.RemoveAll(number => number < least);
        }

        if (numbers.Count == 0 || (start is not null && numbers[0] != start))
        {
            throw new MediaException("Opening", pattern.Path, $"there is no picture {pattern.Name(start ?? 1)}", "Check the name and the number.");
        }

        // libav would take the first gap for the end.
        for (int i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] != numbers[0] + i)
            {
                throw new MediaException(
                    "Opening",
                    pattern.Path,
                    $"{pattern.Name(numbers[0] + i)} is missing between {pattern.Name(numbers[i - 1])} and {pattern.Name(numbers[i])}",
                    "Number the pictures without gaps.");
            }

            if (new FileInfo(Path.Combine(pattern.Folder, pattern.Name(numbers[i]))).Length == 0)
            {
                throw new MediaException("Opening", pattern.Path, $"{pattern.Name(numbers[i])} is empty", "Check that it was copied completely.");
            }
        }

        return new(pattern, known, numbers[0], numbers.Count);
    }
}
