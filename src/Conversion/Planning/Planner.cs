using System.Collections.Immutable;
using System.Globalization;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Segments;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Planning;

/// <summary>Chooses, for an opened input and the options, all that a conversion does: the one place where that is done.</summary>
internal sealed unsafe class Planner
{
    // Seconds between sound and picture; less than this is the delay of a sound coding.
    internal const double NoticeableDelay = 0.055;

    // Half an hour at 60 a second; sound that begins earlier than that has a wrong time.
    private const int MostLeadFrames = 108_000;

    private readonly ConversionOptions _options;
    private readonly List<string> _notes = [];
    private readonly List<PlanProblem> _problems = [];

    private Planner(ConversionOptions options) => _options = options;

    /// <summary>Plans a conversion. What is wrong is told in the plan; nothing is written.</summary>
    /// <param name="input">The input, whose first frame is not taken yet.</param>
    /// <param name="output">The file to write; null: frames are handed to a program.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="settings">Every option that changes the output and the content of the weights, hashed; null where they are not known.</param>
    /// <exception cref="ArgumentException">The timing options exclude each other.</exception>
    public static ConversionPlan Plan(FrameReader input, string? output, ConversionOptions options, string? settings = null)
    {
        if (options.Timing.Conflict is { } conflict)
        {
            throw new ArgumentException($"{conflict}.", nameof(options));
        }

        Planner planner = new(options);
        AVOutputFormat* container = output is null ? null : planner.FindContainer(output);
        ConversionPlan plan = planner.PlanInput(input, container, settings);
        plan = output is null ? planner.PlanFrames(plan, input) : planner.PlanFile(plan, input, container, output);
        return plan with { Notes = [.. input.Notes, .. planner._notes], Problems = [.. planner._problems] };
    }

    /// <summary>Plans a file of nothing but pictures like the given one.</summary>
    /// <param name="picture">The first picture.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">Encoder, container and pixel format, where they are wanted.</param>
    /// <exception cref="MediaException">No container, encoder or pixel format fits.</exception>
    public static ConversionPlan PlanPictures(VideoFrame picture, string output, ConversionOptions options)
    {
        Planner planner = new(options);
        ConversionPlan plan = planner.PlanEncoding(new() { Input = output, Output = output }, picture, coding: null, planner.FindContainer(output), output);
        plan = plan with { Notes = [.. planner._notes], Problems = [.. planner._problems] };
        plan.ThrowIfRefused();
        return plan;
    }

    /// <summary>An input's first frame as it comes out of its conversion to another pixel format.</summary>
    /// <param name="input">The input, whose first frame is not taken yet.</param>
    /// <param name="turn">How it is turned; null: not at all.</param>
    /// <param name="format">The pixel format.</param>
    /// <param name="limitsRange">Whether full range is brought to video range.</param>
    internal static PicturePlan DescribePicture(FrameReader input, PictureTurn? turn, PixelLayout format, bool limitsRange)
    {
        using VideoFrame upright = Turned(input.FirstFrame, turn);
        return Describe(upright, format, limitsRange) with { Turn = turn };
    }

    private ConversionPlan PlanInput(FrameReader input, AVOutputFormat* container, string? settings)
    {
        Demuxer demuxer = input.Demuxer;
        if (_options.FirstPicture is not null && demuxer.PictureCount is null)
        {
            _notes.Add("--first-picture is for numbered pictures; this input is none, and begins at its beginning.");
        }

        if (_options.PictureRate is not null && demuxer.PictureCount is null && !demuxer.IsTimeless)
        {
            _notes.Add("--input-rate is for numbered pictures and bare video (.h264, .mjpeg); this input has its own times, which are kept.");
        }
        else if (_options.PictureRate is null && demuxer.IsTimeless)
        {
            Rational taken = FrameTimeline.RateOf(demuxer.FrameRate);
            _notes.Add($"The input is bare video without times: {taken} frames per second are assumed; --input-rate sets another rate.");
        }

        if (input.IsInterlaced && _options.Interlaced == InterlacedHandling.Refuse)
        {
            _problems.Add(PlanProblem.Of(Deinterlacer.Refusal(demuxer.Path)));
        }

        if (DynamicRangeNotes.OfSingleFrames(demuxer.VideoStream, input.FirstFrame) is { } dropped)
        {
            _notes.Add(dropped);
        }

        return new()
        {
            Input = demuxer.Path,
            Interlaced = input.IsInterlaced || _options.Interlaced == InterlacedHandling.Film ? _options.Interlaced : null,
            Schedule = PlanSchedule(input, container),
            Settings = settings,
        };
    }

    private SchedulePlan? PlanSchedule(FrameReader input, AVOutputFormat* container)
    {
        TimingOptions timing = _options.Timing;
        Rational rate = FrameTimeline.RateOf(input.FrameRate);
        if (!input.FrameRate.IsPositive)
        {
            _notes.Add($"The input states no frame rate; where timestamps are missing, {FrameTimeline.FallbackRate} frames per second are assumed.");
        }
        else if (_options.ExpectedRate is { } expected && !expected.IsSameRateByName(rate))
        {
            _notes.Add($"The settings are made for {expected} frames per second; the input has {rate} and is converted anyway.");
        }

        if (timing.TargetRate is { } target && target.IsBelow(rate))
        {
            _problems.Add(new(
                "Converting",
                input.Demuxer.Path,
                $"it has {rate} frames per second, more than the requested {target}: frames are added, never removed",
                $"Ask for {rate} or more."));
            return null;
        }

        long firstTick = input.FirstFrame.Timestamp ?? 0;
        int? leadFrames = null;
        if (container != null && ContainerChoice.HasOneRate(LibavText.Of(container->name)))
        {
            timing = timing with { VariableRate = VariableRate.Constant };
            leadFrames = PlanLead(input, firstTick, timing.RateOf(rate), LibavText.Of(container->name));
        }

        bool fields = _options.Interlaced == InterlacedHandling.Fields;
        FrameSchedule schedule = FrameSchedule.Create(input.TimeBase, rate, firstTick, timing, fields, leadFrames);
        if (!VideoEncoder.Clock(schedule.TimeBase).FitsLibav() || !schedule.Rate.FitsLibav())
        {
            _problems.Add(new(
                "Converting",
                input.Demuxer.Path,
                $"no clock of FFmpeg's counts what it needs: its own counts steps of {input.TimeBase} s, at {rate} frames per second",
                "Check that the file plays elsewhere."));
            return null;
        }

        long? frames = input.ExpectedFrameCount;
        return new()
        {
            InputRate = rate,
            InputTimeBase = input.TimeBase,
            TicksAreHalves = fields,
            PicturesPerFrame = fields && input.IsInterlaced ? 2 : 1,
            FirstTick = firstTick,
            Rate = schedule.Rate,
            TimeBase = schedule.TimeBase,
            LeadFrames = leadFrames,
            IsConstant = timing.TargetRate is not null || timing.VariableRate == VariableRate.Constant,
            Factor = timing.TargetRate is null ? timing.Multiple : null,
            Slowdown = timing.SlowMotion ?? 1,
            LongestGap = timing.LongestGap is { } intervals ? Rational.Rescale(intervals, rate.Inverse, input.TimeBase) : null,
            InputFrames = frames,
            Frames = frames is { } count ? schedule.Expected(count) + (leadFrames ?? 0) : null,
        };
    }

    // Where everything begins at 0, the first picture stands from the beginning of the sound on.
    private int PlanLead(FrameReader input, long firstTick, Rational rate, string container)
    {
        Demuxer demuxer = input.Demuxer;

        // Stretched sound is decoded, and what an edit list hides is not.
        long? start = _options.Timing.SlowMotion is null ? input.SoundStart : demuxer.SoundStart;
        double early = start is { } sound
            ? (_options.Timing.SlowMotion ?? 1) * ((input.TimeBase.ToDouble() * firstTick) - (demuxer.TimeBase.ToDouble() * sound))
            : 0;
        if (early < -NoticeableDelay)
        {
            _notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The sound begins {-early:0.0} s after the picture; {container} cannot say so, and players begin both together."));
        }

        return early > NoticeableDelay ? (int)Math.Min(Math.Round(early * rate.ToDouble()), MostLeadFrames) : 0;
    }

    private ConversionPlan PlanFile(ConversionPlan plan, FrameReader input, AVOutputFormat* container, string output)
    {
        plan = plan with { Output = output };
        if (container == null)
        {
            return plan with { Streams = DescribeStreams(input.Demuxer) };
        }

        SlowSound? slowSound = _options.Timing.SlowMotion is null ? null : _options.Timing.SlowSound;
        StreamPlanner streams = new(input.Demuxer, container, _options.DropUnsupportedStreams, slowSound, output);
        plan = plan with { Streams = streams.Plan() };
        _notes.AddRange(streams.Notes);
        _problems.AddRange(streams.Problems);
        plan = plan with { Timecode = PlanTimecode(input.Demuxer, plan.Schedule, LibavText.Of(container->name)) };
        PictureTurn? turn = PlanTurn(input, LibavText.Of(container->name));
        using VideoFrame upright = Turned(input.FirstFrame, turn);
        plan = PlanEncoding(plan, upright, plan.Streams[input.Demuxer.VideoIndex].Codec, container, output);
        plan = plan with { Picture = plan.Picture is { } picture ? picture with { Turn = turn } : null };
        if (plan.Encoder is { } encoder)
        {
            _notes.AddRange(DynamicRangeNotes.OfWhole(input.Demuxer.VideoStream, input.FirstFrame, encoder.Name, plan.Container!));
        }

        if (FrameMemory.Problem(upright, plan, _options, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) is { } problem)
        {
            _problems.Add(problem);
        }

        return plan with { Segments = plan is { Encoder: not null, Schedule: not null } ? PlanSegments(plan, input.Demuxer) : null };
    }

    // Everything but the video is left to whoever takes the frames.
    private ConversionPlan PlanFrames(ConversionPlan plan, FrameReader input)
    {
        try
        {
            PictureTurn? turn = PlanTurn(input, container: null);
            using VideoFrame upright = Turned(input.FirstFrame, turn);
            PixelLayout format = PixelLayout.Choose(upright, _options.PixelFormat, input.Demuxer.Path);
            plan = plan with { Picture = Describe(upright, format, limitsRange: false) with { Turn = turn } };
        }
        catch (MediaException problem)
        {
            _problems.Add(PlanProblem.Of(problem));
        }

        return plan with
        {
            Streams = [.. DescribeStreams(input.Demuxer).Select(stream => stream with
            {
                Treatment = stream.Index == input.Demuxer.VideoIndex ? StreamTreatment.Convert : StreamTreatment.Drop,
            })],
        };
    }

    private TimecodePlan? PlanTimecode(Demuxer input, SchedulePlan? schedule, string container)
    {
        if (Timecode.Of(input) is not { } text || schedule is null)
        {
            return null;
        }

        // It counts frames of the container's rate, whatever the fields of a frame become.
        string? moved = Timecode.At(text, FrameTimeline.RateOf(input.FrameRate), schedule.Rate);
        bool isKept = Timecode.IsKeptIn(container) && moved is not null;
        if (!isKept || text != moved)
        {
            _notes.Add(!Timecode.IsKeptIn(container) ? $"The time code {text} is dropped: {container} keeps none."
                : !isKept ? $"The time code {text} is dropped: at {schedule.Rate} frames per second, its frames cannot be numbered."
                : $"The time code {text} becomes {moved}, the same moment at {schedule.Rate} frames per second.");
        }

        return new(text, isKept ? moved : null);
    }

    // Pictures are turned themselves where nothing tells players how to turn them.
    private PictureTurn? PlanTurn(FrameReader input, string? container)
    {
        ReadOnlySpan<byte> matrix = input.DisplayMatrix;
        PictureTurn? turn = PictureTurn.Of(matrix);
        if (turn is { IsNone: true } || (container is not null && ContainerChoice.KeepsTurn(container, turn is not null)))
        {
            return null;
        }

        string who = container is null ? "frames cannot say" : $"{container} cannot say";
        _notes.Add(turn is { } right
            ? $"The picture is {right}, as players would show it: {who} that it is to be."
            : $"The picture is to be shown at an angle that is no right one, which {who}: players will show it as it is stored.");
        return turn;
    }

    internal static VideoFrame Turned(VideoFrame frame, PictureTurn? turn)
    {
        VideoFrame picture = new();
        picture.ReferTo(frame);
        if (turn is { } wanted)
        {
            using PictureTurner turner = new(wanted);
            turner.Turn(picture);
        }

        return picture;
    }

    private AVOutputFormat* FindContainer(string output)
    {
        try
        {
            return ContainerChoice.Find(_options.Container, output);
        }
        catch (MediaException problem)
        {
            _problems.Add(PlanProblem.Of(problem));
            return null;
        }
    }

    private ConversionPlan PlanEncoding(ConversionPlan plan, VideoFrame picture, string? coding, AVOutputFormat* container, string output)
    {
        if (container == null)
        {
            return plan;
        }

        plan = plan with { Container = LibavText.Of(container->name) };
        try
        {
            ContainerChoice.CheckRate(plan.Container, plan.Schedule?.Rate, picture.Width, picture.Height, output);
            AVCodec* codec = EncoderChoice.Find(
                _options.Encoder, EncoderChoice.IsDeepUnlikeH264(picture, coding), _options.Acceleration, container, output, _notes.Add);
            PixelLayout format = EncoderChoice.ChooseFormat(codec, container, picture, _options.PixelFormat, output, _notes.Add);
            if (plan.Container == "gif" && plan.Schedule is { } schedule && new Rational(50, 1).IsBelow(schedule.Rate))
            {
                _notes.Add($"GIF counts hundredths of a second, and browsers show a frame of less than two for ten of them: {schedule.Rate} frames per "
                    + "second play slowly there. --fps 50 is the most that they play.");
            }

            if (ContainerChoice.MostFramesPerSecond(plan.Container) is { } most && plan.Schedule is { } fast && new Rational(most, 1).IsBelow(fast.Rate))
            {
                _notes.Add($"{plan.Container} counts milliseconds: at {fast.Rate} frames per second, several frames get the same time. "
                    + ".mp4 and .nut tell them apart.");
            }

            bool limitsRange = !EncoderChoice.CanStateFullRange(codec, container, format);
            if (limitsRange && ColorTags.IsFullRangeYuv(picture))
            {
                _notes.Add($"Full range becomes video range: {LibavText.Of(codec->name)} in {plan.Container} cannot say that it is full, and players would "
                    + "crush blacks and whites.");
            }

            EncoderWishes wishes = new(_options.Quality, _options.EncoderPreset, _options.EncoderOptions);
            return plan with
            {
                Encoder = EncoderDefaults.Resolve(LibavText.Of(codec->name), LibavText.Of(container->name), wishes, picture, format, output),
                Picture = Describe(picture, format, limitsRange),
            };
        }
        catch (MediaException problem)
        {
            _problems.Add(PlanProblem.Of(problem));
            return plan;
        }
    }

    // The tags are those that the frame really has behind the conversion.
    private static PicturePlan Describe(VideoFrame picture, PixelLayout format, bool limitsRange)
    {
        using PixelConverter converter = new(format, picture, limitsRange);
        using VideoFrame converted = new();
        bool fits = converter.Fits(picture);
        if (!fits)
        {
            converter.Convert(picture, converted);
        }

        return new()
        {
            Width = picture.Width,
            Height = picture.Height,
            PixelFormat = format.Name,
            SourceFormat = PixelLayout.NameOf(picture),
            Color = ColorDescription.Of(fits ? picture : converted),
            LimitsRange = limitsRange,
        };
    }

    private static ImmutableArray<StreamPlan> DescribeStreams(Demuxer demuxer) =>
        [.. Enumerable.Range(0, demuxer.StreamCount).Select(index => StreamPlanner.Describe(demuxer, index))];

    private SegmentPlan PlanSegments(ConversionPlan plan, Demuxer demuxer)
    {
        // An input of unknown length is encoded in segments, and so is one of which an earlier run left some.
        Rational rate = plan.Schedule!.Rate;
        string? reason = !_options.Resume ? "--resume is off"
            : plan.Settings is null ? "the settings are not known"
            : !demuxer.IsFile ? "the input is no file that can be read again"
            : !OutputTarget.IsFile(plan.Output!) ? "the output is no file"
            : plan.Encoder!.Name == "wrapped_avframe" ? "the frames are not encoded"
            : plan.Container is "gif" or "apng" or "webp" ? "an animated picture has one encoder from its beginning to its end"
            : plan.Schedule.Frames is { } frames && Rational.Rescale(_options.SegmentLength, new(1, 1), rate.Inverse) * 3 / 2 > frames
                && !SegmentStore.Exists(plan.Output!) ? "the video is short"
            : null;
        return new(_options.SegmentLength, reason is null, reason);
    }
}
