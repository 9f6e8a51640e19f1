using AdaConv.Conversion.Planning;
using AdaConv.Media.Encoding;
using AdaConv.Media.Inspection;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Verification;

/// <summary>Holds against each other what both files say of chapters, colour, shape and themselves, as far as the output's container can say it.</summary>
/// <param name="plan">What is promised.</param>
/// <param name="input">The input.</param>
/// <param name="output">The output.</param>
/// <param name="expected">The input's first frame in the output's pixel format.</param>
internal sealed class DescriptionCheck(ConversionPlan plan, FileDescription input, FileDescription output, PicturePlan expected)
{
    private const long ChapterTolerance = 2_000_000;

    private static readonly string[] KeepColor = ["matroska", "webm", "mp4", "mov", "ipod", "nut"];
    private static readonly string[] KeepAspect = ["matroska", "webm", "mp4", "mov", "ipod", "nut", "mpegts"];
    private static readonly string[] KeepTags = ["matroska", "webm", "mp4", "mov", "ipod", "nut"];

    private string Container => plan.Container ?? "";

    /// <summary>Chapters: number, times, titles.</summary>
    /// <param name="shift">Nanoseconds that all of the output is later.</param>
    public VerificationCheck Chapters(long shift)
    {
        BreakList breaks = new("chapters");
        if (!ContainerSupport.KeepsChapters(Container))
        {
            return breaks.Finish($"{Container} keeps none", isChecked: false);
        }

        int slowdown = plan.Schedule!.Slowdown;

        // Where a container moves all of it, its writer leaves chapters where they are.
        long tolerance = ChapterTolerance + Math.Abs(shift);
        if (input.Chapters.Count != output.Chapters.Count)
        {
            breaks.Add(BreakKind.ChapterMissing, $"there are {output.Chapters.Count} instead of {input.Chapters.Count}");
        }

        // One that is missing must not make all later ones look changed.
        bool isAll = input.Chapters.Count == output.Chapters.Count;
        for (int i = 0; i < input.Chapters.Count; i++)
        {
            ChapterFacts chapter = input.Chapters[i];
            long start = chapter.Start * slowdown;
            double seconds = start / 1e9;
            ChapterFacts? found = isAll ? output.Chapters[i] : output.Chapters.FirstOrDefault(other => Math.Abs(other.Start - start) <= tolerance);
            if (found is null)
            {
                breaks.Add(BreakKind.ChapterMissing, $"the chapter “{chapter.Title}” at {seconds:0.000} s is missing", seconds);
            }
            else if (Math.Abs(found.Start - start) > tolerance)
            {
                breaks.Add(
                    BreakKind.ChapterChanged, $"the chapter “{chapter.Title}” begins at {found.Start / 1e9:0.000} s instead of {seconds:0.000} s", seconds);
            }
            else if ((found.Title ?? "") != (chapter.Title ?? ""))
            {
                breaks.Add(BreakKind.ChapterChanged, $"the chapter at {seconds:0.000} s is called “{found.Title}” instead of “{chapter.Title}”", seconds);
            }
        }

        return breaks.Finish($"{input.Chapters.Count}");
    }

    /// <summary>Colour tags, bits a sample, HDR10's data.</summary>
    public VerificationCheck Color()
    {
        BreakList breaks = new("colour");
        if (!KeepColor.Contains(Container))
        {
            return breaks.Finish($"{Container} keeps no colour tags that could be relied on", isChecked: false);
        }

        ColorDescription promised = expected.Color, found = output.Picture.Color;
        // Grey that a coding keeps as Y'CbCr has a matrix of no meaning; H.264 says nothing of the usual range where nothing else is tagged.
        Compare("range", promised.Range ?? "tv", found.Range ?? "tv");
        Compare("matrix", promised.Matrix, found.Matrix);
        Compare("primaries", promised.Primaries, found.Primaries);
        Compare("transfer", promised.Transfer, found.Transfer);
        if (PixelLayout.Named(plan.Picture?.PixelFormat ?? "")?.Depth is { } depth && output.Picture.Depth < depth)
        {
            breaks.Add(BreakKind.Depth, $"samples have {output.Picture.Depth} bits instead of {depth}");
        }

        if (DynamicRangeNotes.KeepsMastering(Container) && input.Picture.Mastering.Length > 0 && output.Codec is "hevc" or "av1" or "vp9"

            // Of AV1 and VP9 the container may state it, and frames say nothing.
            && (output.Codec == "hevc" || output.Picture.Mastering.Length > 0)
            && input.Picture.Mastering != output.Picture.Mastering)
        {
            breaks.Add(
                BreakKind.HighDynamicRange,
                $"the data of HDR10 are {(output.Picture.Mastering.Length == 0 ? "missing" : output.Picture.Mastering)} instead of {input.Picture.Mastering}");
        }

        IEnumerable<string> tags = new[] { found.Matrix ?? "no matrix tagged", found.Primaries, found.Transfer, found.Range }.OfType<string>();
        return breaks.Finish($"{string.Join(", ", tags)}, {output.Picture.PixelFormat}");

        void Compare(string what, string? before, string? after)
        {
            if (before is not null && before != after)
            {
                breaks.Add(BreakKind.Color, $"the {what} is {(after is null ? "not tagged" : $"tagged {after}")} instead of {before}");
            }
        }
    }

    /// <summary>Size, shape of pixels, rotation.</summary>
    public VerificationCheck Shape()
    {
        BreakList breaks = new("shape");
        PictureFacts before = input.Picture, after = output.Picture;
        if ((after.Width, after.Height) != (expected.Width, expected.Height))
        {
            breaks.Add(BreakKind.Size, $"the picture is {after.Width}×{after.Height} instead of {expected.Width}×{expected.Height}");
        }

        PictureTurn? turn = plan.Picture?.Turn, remaining = turn is null ? before.Turn : default(PictureTurn);
        Rational aspect = turn is { SwapsSides: true } ? before.PixelAspect.Inverse : before.PixelAspect;
        if (KeepAspect.Contains(Container) && Math.Abs((after.PixelAspect.ToDouble() / aspect.ToDouble()) - 1) > 0.01)
        {
            breaks.Add(BreakKind.PixelAspect, $"pixels are {after.PixelAspect} instead of {aspect}");
        }

        if (remaining is { } wanted && after.Turn != wanted)
        {
            breaks.Add(BreakKind.Rotation, $"players show the picture {Words(after.Turn)} instead of {Words(wanted)}");
        }

        return breaks.Finish($"{after.Width}×{after.Height}, pixels {after.PixelAspect}, {Words(after.Turn)}");

        static string Words(PictureTurn? turn) => turn is not { } right ? "at an angle" : right.IsNone ? "upright" : right.ToString();
    }

    /// <summary>Title, artist and the like, the time code, how often an animation is shown.</summary>
    public VerificationCheck Tags()
    {
        BreakList breaks = new("tags");
        foreach ((string name, string value) in input.Tags)
        {
            if (KeepTags.Contains(Container) && output.Tags.GetValueOrDefault(name) is var found && found != value)
            {
                breaks.Add(BreakKind.Tags, $"the {name} is {(found is null ? "missing" : $"“{found}”")} instead of “{value}”");
            }
        }

        if (plan.Timecode?.Output is { } timecode && output.Timecode != timecode)
        {
            breaks.Add(BreakKind.Timecode, $"the time code is {output.Timecode ?? "missing"} instead of {timecode}");
        }

        // What is none of these is shown for ever.
        if (output.TimesShown is { } times && times != (input.TimesShown ?? 0))
        {
            breaks.Add(BreakKind.Repeats, $"it is shown {Times(times)} instead of {Times(input.TimesShown ?? 0)}");
        }

        int count = KeepTags.Contains(Container) ? input.Tags.Count : 0;
        return breaks.Finish($"{count} of the file{(plan.Timecode?.Output is { } code ? $", time code {code}" : "")}");

        static string Times(int times) => times switch { 0 => "for ever", 1 => "once", _ => FormattableString.Invariant($"{times} times") };
    }
}
