using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Segments;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The folder in which a conversion keeps its finished segments, as its plan says.</summary>
internal static class SegmentFolder
{
    /// <summary>The store for a conversion; null where its plan keeps none, or the encoder cannot continue a video that another one began.</summary>
    /// <param name="plan">What is converted, and how.</param>
    /// <param name="output">The output.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="another">Opens another one with the same settings.</param>
    /// <param name="message">Told what is kept, where, and what that takes.</param>
    public static SegmentStore? Open(ConversionPlan plan, OutputTarget output, VideoEncoder encoder, Func<long, VideoEncoder> another, Action<string> message)
    {
        if (plan.Segments is not { AreKept: true } segments)
        {
            return null;
        }

        if (!CanContinue(encoder, another))
        {
            message($"The encoder {encoder.Name} writes a different header each time, so the video is encoded in one segment: a killed run starts again.");
            return null;
        }

        string version = typeof(SegmentFolder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        SegmentKey key = new(
            ContentIdentity.Of(plan.Input).ToString(),
            plan.Fingerprint,
            string.Create(CultureInfo.InvariantCulture, $"{version}; libavcodec {ffmpeg.avcodec_version()}"),
            HashOf(encoder));
        SegmentStore store = SegmentStore.Open(output.Path, key, segments.Ticks(plan.Schedule!), message);
        message(store.Count > 0
            ? string.Create(CultureInfo.InvariantCulture,
                $"Resuming after {Counted.Of(store.Count, "finished segment")} ({Counted.Of(store.Frames, "frame")}).")
            : $"Finished segments are kept in {store.Folder} until the output is complete, so that an interrupted run can resume; "
                + $"they take as much space again as the output's video ({DiskSpace.Text(output.Folder)} free). --resume off does without them.");
        return store;
    }

    /// <summary>Whether a further encoder with the same settings can continue a video that another one began.</summary>
    public static bool CanContinue(VideoEncoder encoder, Func<long, VideoEncoder> another)
    {
        using VideoEncoder second = another(long.MinValue);
        return second.Header.SequenceEqual(encoder.Header);
    }

    /// <summary>An encoder's parameter sets, hashed; equal for encoders whose segments make one video.</summary>
    public static string HashOf(VideoEncoder encoder) => Convert.ToHexStringLower(SHA256.HashData(encoder.Header));

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
