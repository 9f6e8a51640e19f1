using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Segments;

/// <summary>Whether a conversion is encoded in segments, and where they are kept.</summary>
internal static class SegmentPlan
{
    /// <summary>The store for a conversion; null where it is too short, or cannot be gone on with: pipes, pictures, frames that are only wrapped.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="output">The output.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="settings">A text that is equal for equal settings and weights; null where that is not known.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="another">Opens another one with the same settings.</param>
    /// <param name="schedule">The output's frames.</param>
    /// <param name="message">Told what is kept, where, and what that takes.</param>
    public static SegmentStore? Open(
        Demuxer demuxer,
        OutputTarget output,
        ConversionOptions options,
        string? settings,
        VideoEncoder encoder,
        Func<long, VideoEncoder> another,
        FrameSchedule schedule,
        Action<string> message)
    {
        if (!options.Resume || settings is null || !demuxer.IsFile || output is not OutputFile || encoder.Name == "wrapped_avframe")
        {
            return null;
        }

        // An input of unknown length is encoded in segments.
        Rational length = new(options.SegmentLength, 1);
        if (!SegmentStore.Exists(output.Path) && demuxer.ExpectedFrameCount is { } frames && Rational.Rescale(options.SegmentLength, new(1, 1), schedule.Rate.Inverse) * 3 / 2 > schedule.Expected(frames))
        {
            return null;
        }

        using (VideoEncoder second = another(long.MinValue))
        {
            if (!second.Header.SequenceEqual(encoder.Header))
            {
                message($"The encoder {encoder.Name} writes a different header each time, so the video is encoded in one segment: a killed run starts again.");
                return null;
            }
        }

        string version = typeof(SegmentPlan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        SegmentKey key = new(
            ContentIdentity.Of(demuxer.Path).ToString(),
            settings,
            string.Create(CultureInfo.InvariantCulture, $"{version}; libavcodec {ffmpeg.avcodec_version()}"),
            Convert.ToHexStringLower(SHA256.HashData(encoder.Header)),
            schedule.TimeBase.ToString(),
            Math.Max(1, Rational.Rescale(1, length, schedule.TimeBase)));
        SegmentStore store = SegmentStore.Open(output.Path, key, message);
        message(store.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Resuming after {store.Count} finished {(store.Count == 1 ? "segment" : "segments")} ({store.Frames} frames).")
            : $"Finished segments are kept in {store.Folder} until the output is complete, so that an interrupted run can resume; "
                + $"they take as much space again as the output's video ({DiskSpace.Text(output.Folder)} free). --resume off does without them.");
        return store;
    }

    /// <summary>Tells when the disk will not hold the rest, as far as the finished parts show.</summary>
    public static string? Shortage(SegmentStore store, OutputTarget output, long? framesExpected)
    {
        if (framesExpected is not { } expected || store.Frames == 0 || DiskSpace.Free(output.Folder) is not { } free)
        {
            return null;
        }

        // What is written twice: into the parts and into the output.
        long left = (long)(2.0 * store.Bytes / store.Frames * Math.Max(0, expected - store.Frames));
        return left <= free ? null
            : $"The disk may become full: about {DiskSpace.Text(left)} more are needed at the present rate, and {DiskSpace.Text(free)} are free.";
    }
}
