using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Parts;

/// <summary>How a video's output is divided into segments that different machines can make.</summary>
/// <param name="Fingerprint">That of the conversion's plan, which must be the same everywhere.</param>
/// <param name="Frames">Frames of the output, about; null where the input does not say.</param>
/// <param name="Segments">How many segments there are, about; null: the video is made as a whole.</param>
/// <param name="FirstTimestamp">The first frame's time, in ticks of the output's frames.</param>
/// <param name="SegmentTicks">A segment's length in these ticks.</param>
/// <param name="Reason">Why it is made as a whole; null where it is not.</param>
/// <param name="SeekRefusal">Why each part decodes from the beginning; null where it looks for a key frame before it.</param>
internal sealed record VideoDivision(
    string Fingerprint, long? Frames, long? Segments, long FirstTimestamp, long SegmentTicks, string? Reason, string? SeekRefusal)
{
    /// <summary>Divides the output of a planned conversion.</summary>
    /// <exception cref="MediaException">The conversion is refused.</exception>
    public static VideoDivision Of(ConversionPlan plan, FrameReader input, ConversionOptions options)
    {
        plan.ThrowIfRefused();
        SchedulePlan schedule = plan.Schedule!;
        string? reason = plan.Segments is { AreKept: false } segments ? segments.Reason
            : schedule.Frames is null ? "its length is not known"
            : !CanContinue(plan, input, options) ? $"the encoder {plan.Encoder!.Name} writes a different header each time"
            : null;
        long ticks = plan.Segments!.Ticks(schedule);
        long length = schedule.Frames is { } frames ? Rational.Rescale(frames, schedule.Rate.Inverse, schedule.TimeBase) : 0;
        return new(
            plan.Fingerprint,
            schedule.Frames,
            reason is null ? Math.Max(1, (length + ticks - 1) / ticks) : null,
            FirstTimestampOf(schedule, options),
            ticks,
            reason,
            WhyNotSeek(input, options));
    }

    /// <summary>Refuses a plan that would be divided at other times: the fingerprint is the same, and still the file says so.</summary>
    /// <exception cref="MediaException">It would.</exception>
    public void Check(ConversionPlan plan, ConversionOptions options)
    {
        PlanDifference.Refuse(plan, Fingerprint);
        SchedulePlan schedule = plan.Schedule!;
        if (FirstTimestamp != FirstTimestampOf(schedule, options) || SegmentTicks != plan.Segments!.Ticks(schedule))
        {
            throw new MediaException(
                "Converting", plan.Input, "its segments would begin at other times than the job's plan says: the plan is damaged", "Plan anew.");
        }
    }

    /// <summary>Why a part must decode from the beginning; null where it can look for a key frame.</summary>
    public static string? WhyNotSeek(FrameReader input, ConversionOptions options) =>
        options.Duplicates == DuplicateHandling.Retime ? "repeated frames are told by all that came before"
        : options.Timing.Loop ? "the first frame follows the last one"
        : input.WhyNotSeekable;

    private static long FirstTimestampOf(SchedulePlan schedule, ConversionOptions options) => schedule.Begin(options.Timing).Start(schedule.FirstTick);

    private static bool CanContinue(ConversionPlan plan, FrameReader input, ConversionOptions options)
    {
        using VideoFrame sample = FrameSource.Sample(input, plan);
        Func<long, VideoEncoder> open = EncodeStage.EncodersOf(plan, sample, options);
        using VideoEncoder encoder = open(long.MinValue);
        return SegmentFolder.CanContinue(encoder, open);
    }
}
