using System.Collections.Immutable;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Inspection;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Verification;

/// <summary>
/// Decodes an input and what was made of it, and says whether the output holds what its conversion promises: the plan is made again, and every
/// frame, packet and description held against it. Nothing is written.
/// </summary>
/// <param name="options">The settings of the conversion. Where no timing is named, it is found from the output's rate and length.</param>
/// <exception cref="ArgumentException">A setting is null, empty or out of its range.</exception>
public sealed class ConversionVerifier(FilterOptions options)
{
    private readonly FilterOptions _options = OptionsCheck.Checked(options);

    private static readonly string[] BareVideo = [".H264", ".HEVC", ".M4V", ".MJPEG", ".MJPG", ".M2V", ".M1V"];

    private static readonly string[] Startless = ["image2", "gif", "apng", "webp", "mpegts", "mpeg", "vob", "dvd", "svcd", "vcd"];

    /// <summary>Verifies.</summary>
    /// <param name="input">A file or numbered pictures.</param>
    /// <param name="output">What was made of it.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ConfigurationException">One of both can be read only once.</exception>
    /// <exception cref="MediaException">
    /// The input cannot be read, or such a conversion would be refused. What is wrong with the output is in the report.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public VerificationReport Verify(string input, string output, CancellationToken cancellation = default) =>
        Verify(input, output, written: null, cancellation);

    /// <summary>Verifies an output that has not its name yet, made by these very options.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output">The output's name, by which it is planned.</param>
    /// <param name="written">The file to read; null: the output, whose timing is found where no option names it.</param>
    /// <param name="cancellation">Ends the work.</param>
    internal VerificationReport Verify(string input, string output, string? written, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (input == Demuxer.StandardInput || output == OutputTarget.StandardOutput)
        {
            throw new ConfigurationException("A pipe can be read only once; verify files.");
        }

        ConversionOptions conversion = _options.Conversion with { DropUnsupportedStreams = true };
        using FrameReader before = FrameReader.Open(input, conversion.Reading, cancellation);
        if (!before.Demuxer.IsFile && before.Demuxer.PictureCount is null)
        {
            throw new ConfigurationException($"{input} is a pipe, which can be read only once; verify files.");
        }

        FileDescription source = FileDescription.Of(before);
        FrameReader after;
        try
        {
            after = OpenOutput(before, output, written ?? output, conversion, cancellation);
        }
        catch (MediaException error)
        {
            return Unreadable(input, output, error);
        }

        using (after)
        {
            return Verify(input, output, written, before, after, source, conversion, cancellation);
        }
    }

    // What has no times needs the rate that is promised.
    private static FrameReader OpenOutput(FrameReader input, string output, string written, ConversionOptions options, CancellationToken cancellation)
    {
        bool isSequence = ImagePattern.Parse(output) is not null, isBare = BareVideo.Contains(Path.GetExtension(output).ToUpperInvariant());
        Rational? rate = isSequence || isBare ? Planner.Plan(input, output, options).Schedule?.Rate : null;
        int? first = isSequence ? options.FirstOutputPicture : null;
        return FrameReader.Open(written, new() { Interlaced = InterlacedHandling.Ignore, PictureRate = rate, FirstPicture = first }, cancellation);
    }

    private static VerificationReport Unreadable(string input, string output, MediaException error)
    {
        BreakList reading = new("reading");
        reading.Add(BreakKind.Unreadable, $"{error.Message}");
        return new()
        {
            Input = input,
            Output = output,
            Promise = "a video that can be read",
            TimingIsFound = false,
            InputFrames = 0,
            ExpectedFrames = 0,
            OutputFrames = 0,
            Checks = [reading.Finish($"")],
            NotPromised = [],
            Sound = [],
            Frames = [],
        };
    }

    private static VerificationReport Verify(
        string input, string output, string? written, FrameReader before, FrameReader after, FileDescription source, ConversionOptions conversion,
        CancellationToken cancellation)
    {
        FileDescription made = FileDescription.Of(after);
        bool isFound = written is null && !TimingGuess.IsNamed(conversion.Timing);

        // Of film that was spread over fields, the film's own rate is what was raised.
        Rational rate = conversion.Interlaced == InterlacedHandling.Film ? before.FrameRate : source.Rate;
        if (isFound)
        {
            conversion = conversion with { Timing = TimingGuess.Complete(conversion.Timing, source with { Rate = rate }, made) };
        }

        ConversionPlan plan = Planner.Plan(before, output, conversion);
        if (plan.Schedule is not { } schedule || plan.Container is null)
        {
            plan.ThrowIfRefused();
            throw new ConfigurationException("There is no such conversion.");
        }

        PixelLayout layout = PixelLayout.Named(made.Picture.PixelFormat) ?? PixelLayout.Named(RgbFrames.PixelFormat)!;
        PicturePlan expected = Planner.DescribePicture(before, plan.Picture?.Turn, layout, plan.Picture?.LimitsRange == true);
        BreakList reading = new("reading");
        using FramePass pass = new(before, after, plan with { Picture = expected }, conversion);
        (VerificationCheck times, VerificationCheck pictures) = pass.Run(reading, cancellation);
        StreamCheck streams = new(plan, source, made, pass);
        (VerificationCheck found, VerificationCheck packets) = streams.Run();
        long shift = pass.Frames.Shift, firstFrame = Rational.Rescale(schedule.FirstTick * schedule.Slowdown, schedule.InputTimeBase, Rational.Nanosecond);
        times = JudgeShift(times, shift, streams.EarliestOf(firstFrame), firstFrame, plan.Container, pass.Rounding);
        DescriptionCheck descriptions = new(plan, source, made, expected);
        double first = firstFrame / 1e9 / schedule.Slowdown, length = source.Seconds ?? made.Seconds / schedule.Slowdown ?? 0;

        // A recording's clock may begin hours after 0, and its sound before its picture.
        double earliest = Math.Min(first, before.SoundStart is { } ticks ? ticks * before.Demuxer.TimeBase.ToDouble() : first);
        double start = earliest > 0 ? earliest : Math.Min(0, first);
        (VerificationCheck sound, ImmutableArray<SoundComparison> comparisons) =
            new SoundCheck(plan, input, written ?? output, pass.Rounding / 1e9).Run(streams.Sound, start, start + length, shift / 1e9, cancellation);
        return new()
        {
            Input = input,
            Output = output,
            Promise = Words(schedule),
            TimingIsFound = isFound,
            InputFrames = pass.Originals,
            ExpectedFrames = pass.Frames.Promised,
            OutputFrames = pass.Frames.Found,
            Checks =
            [
                reading.Finish($"the output was read to its end"), times, pictures, found, packets, sound,
                descriptions.Chapters(shift), descriptions.Color(), descriptions.Shape(), descriptions.Tags(),
            ],
            NotPromised =
            [
                .. plan.Notes,
                "New frames have no truth to be held against: only that they move, and look like one of the originals around them, is checked.",
            ],
            Sound = comparisons,
            Frames = [.. pass.Frames.Marks],
        };
    }

    // Clocks of broadcasts and discs begin anywhere, pictures have none; one that cannot begin before zero has all of it later: by sound that begins
    // earlier, and in all but a few containers by the delay of the coding; in those few where it would be hidden, too.
    private static VerificationCheck JudgeShift(VerificationCheck times, long shift, long earliest, long firstFrame, string container, long rounding)
    {
        const long codingDelay = 500_000_000, roundedStart = 50_000_000;
        bool isExact = container is "mp4" or "mov" or "ipod" or "matroska" or "webm";
        bool isHidden = ContainerSupport.HidesBeforeZero(container) && firstFrame < 0;
        bool isByDelay = (!isExact || isHidden) && shift > 0 && shift <= codingDelay - (isHidden ? earliest : 0);
        bool isBySound = earliest < 0 && Math.Abs(shift + earliest) <= rounding + roundedStart;
        if (Math.Abs(shift) <= rounding + StreamCheck.Tolerance || Startless.Contains(container) || isByDelay || isBySound)
        {
            return times;
        }

        VerificationBreak shifted = new(
            BreakKind.Shifted,
            FormattableString.Invariant($"all of the output is {Math.Abs(shift) / 1e9:0.000} s {(shift > 0 ? "later" : "earlier")} than promised"),
            null);
        return times with
        {
            State = CheckState.Broken,
            Summary = times.State == CheckState.Broken ? $"all shifted in time, {times.Summary}" : "all shifted in time",
            Breaks = [shifted, .. times.Breaks],
        };
    }

    private static string Words(SchedulePlan schedule)
    {
        string rates = $"{schedule.InputRate} to {schedule.Rate} frames per second{(schedule.IsConstant ? ", constant" : "")}";
        return schedule.Slowdown > 1 ? $"{schedule.Slowdown} times as long at {schedule.Rate} frames per second"
            : schedule.Factor is { } factor ? $"{factor} times the frames, {rates}"
            : rates;
    }
}
