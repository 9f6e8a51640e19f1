using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;

namespace AdaConv.Media.Inspection;

/// <summary>What a video's first seconds look like, as to fields.</summary>
internal static class FieldScan
{
    private const int MostFrames = 200;

    /// <summary>Pixels that are looked at: 120 frames of 1920×1080.</summary>
    private const long MostPixels = 250_000_000;

    /// <summary>Looks at a file's beginning.</summary>
    /// <returns>What is found; null where such pictures cannot be looked at.</returns>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    public static FieldFacts? Of(string path, ReadingOptions options, CancellationToken cancellation)
    {
        options = options with { Interlaced = InterlacedHandling.Ignore, FieldOrder = FieldOrder.Auto };
        using FrameReader reader = FrameReader.Open(path, options, cancellation);
        using FieldJudge? judge = reader.IsFieldCoded ? null : FieldJudge.Of(reader.FirstFrame, path, converting: true);
        if (judge is null)
        {
            return null;
        }

        reader.DropOthers();
        using VideoFrame frame = new();
        frame.ReferTo(reader.FirstFrame);
        long left = Math.Min(MostFrames, MostPixels / ((long)frame.Width * frame.Height));
        while (judge.Look(frame) && --left > 0 && reader.TryRead(frame, cancellation))
        {
        }

        return judge.Finish();
    }
}
