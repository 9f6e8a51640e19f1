using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Segments;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>A video whose segments are all there, made by others.</summary>
/// <param name="folder">Where they are, for messages.</param>
/// <param name="fingerprint">That of the plan by which they were made.</param>
/// <param name="header">The encoder's parameter sets, hashed, with which they were made; null where there is no segment.</param>
/// <param name="segments">Their files, verified, in their order.</param>
/// <param name="counts">What was counted while they were made.</param>
internal sealed class FinishedVideo(
    string folder, string fingerprint, string? header, IReadOnlyList<FinishedSegment> segments, FrameCounts counts)
{
    /// <summary>What was counted while they were made.</summary>
    public FrameCounts Counts => counts;

    /// <summary>Refuses another plan.</summary>
    /// <exception cref="MediaException">The segments were made by another one.</exception>
    public void Check(ConversionPlan plan) => PlanDifference.Refuse(plan, fingerprint);

    /// <summary>Refuses another encoder.</summary>
    /// <exception cref="MediaException">The segments were made by another one.</exception>
    public void Check(VideoEncoder encoder)
    {
        string here = SegmentFolder.HashOf(encoder);
        if (header is not null && header != here)
        {
            throw new MediaException(
                "Joining",
                folder,
                $"the encoder {encoder.Name} writes another header here ({here[..12]}) than where the parts were made ({header[..12]})",
                "Join with the same FFmpeg and encoder.");
        }
    }

    /// <summary>Writes all of it beside the input's other streams.</summary>
    public void Write(
        EncodeStage stage, FrameReader input, SchedulePlan schedule, VideoEncoder encoder, ConversionCounters counters, CancellationToken cancellation)
    {
        Rational unit = input.Demuxer.TimeBase * new Rational(schedule.Slowdown, 1);
        long shift = Rational.Rescale(schedule.Shift, new(1, 1_000_000), encoder.TimeBase);
        stage.Replay(
            segments.Select(segment => new SegmentReader(segment.Path, segment.End)),
            input,
            time => Rational.Rescale(time, unit, encoder.TimeBase) - shift,
            packet => counters.CountOut(new(
                Rational.Rescale(packet.Time ?? packet.DecodeTime, encoder.TimeBase, schedule.TimeBase),
                Rational.Rescale(packet.Duration, encoder.TimeBase, schedule.TimeBase))),
            cancellation);
    }
}

/// <summary>A finished segment.</summary>
/// <param name="Path">Its file.</param>
/// <param name="End">What is known of it.</param>
internal sealed record FinishedSegment(string Path, SegmentEnd End);

/// <summary>Frames of a conversion, or of a part of it.</summary>
/// <param name="FramesIn">Frames of the input.</param>
/// <param name="FramesOut">Frames of the output.</param>
/// <param name="Interpolated">New frames that were predicted.</param>
/// <param name="Repeated">New frames that repeat a picture.</param>
/// <param name="Cuts">Scene cuts.</param>
/// <param name="Damaged">Damaged packets of the video.</param>
public sealed record FrameCounts(long FramesIn, long FramesOut, long Interpolated, long Repeated, long Cuts, long Damaged)
{
    /// <summary>Both together.</summary>
    public static FrameCounts operator +(FrameCounts one, FrameCounts other) => new(
        one.FramesIn + other.FramesIn,
        one.FramesOut + other.FramesOut,
        one.Interpolated + other.Interpolated,
        one.Repeated + other.Repeated,
        one.Cuts + other.Cuts,
        one.Damaged + other.Damaged);
}

/// <summary>Refuses work on a part where the plan would be another one.</summary>
internal static class PlanDifference
{
    /// <summary>Compares.</summary>
    /// <exception cref="MediaException">They differ.</exception>
    public static void Refuse(ConversionPlan here, string fingerprint)
    {
        if (here.Fingerprint != fingerprint)
        {
            throw new MediaException(
                "Converting",
                here.Input,
                $"its conversion would be another one here ({here.Fingerprint[..12]}) than the job's plan says ({fingerprint[..12]}): the settings, the "
                + "weights, the program or what its FFmpeg chooses differ",
                "Use the same program and FFmpeg everywhere, or plan anew.");
        }
    }
}
