using AdaConv.Conversion.Options;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Planning;

/// <summary>
/// The memory that the pictures on their way through a conversion take, estimated from below: a file of a few kilobytes can ask for more than there is,
/// and is refused before any is taken. The network's own memory has a limit of its own.
/// </summary>
internal static class FrameMemory
{
    // Pictures that an encoder keeps until it codes them, by default: lookahead and references.
    private static readonly Dictionary<string, int> Kept = new(StringComparer.Ordinal)
    {
        ["libx264"] = 44,
        ["libx264rgb"] = 44,
        ["libx265"] = 28,
        ["libsvtav1"] = 60,
        ["libaom-av1"] = 36,
        ["libvpx-vp9"] = 26,
        ["libvpx"] = 1,
    };

    /// <summary>Why a conversion is refused for its pictures; null where they fit into the memory that the process may have.</summary>
    /// <param name="picture">The first picture.</param>
    /// <param name="plan">The plan so far, with its encoder.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="available">Bytes that the process may have.</param>
    public static PlanProblem? Problem(VideoFrame picture, ConversionPlan plan, ConversionOptions options, long available)
    {
        PixelLayout? format = plan.Picture is { } output ? PixelLayout.Named(output.PixelFormat) : null;
        if (format is null)
        {
            return null;
        }

        // What waits behind the decoder and for the encoder, beside those that are looked at for cuts.
        int waiting = (3 * options.QueueLength) + SceneCutDetector.Neighbours;
        int kept = plan.Encoder is { } encoder ? Kept.GetValueOrDefault(encoder.Name) : 0;
        long frame = format.ByteCount(picture.Width, picture.Height);

        // Three originals and the one between, as floats.
        long planes = 4L * format.ComponentCount * sizeof(float) * picture.Width * picture.Height;
        long needed = ((waiting + kept) * frame) + planes;
        const long Mebibyte = 1L << 20;
        return needed <= available ? null : new(
            "Converting",
            plan.Input,
            $"its pictures of {picture.Width}×{picture.Height} need {needed / Mebibyte} MiB, {waiting + kept} of them at a time; this process may have "
            + $"{available / Mebibyte} MiB",
            "Scale it down first, or use a machine with more memory; --queue-length 1 and an encoder such as ffv1 need less.");
    }
}
