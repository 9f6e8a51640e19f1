using System.Globalization;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data.Preparation;

/// <summary>A video file.</summary>
internal sealed record ClipItem(string Name, FileInfo File, bool WholeSize = false) : FootageItem(Name, [File])
{
    /// <inheritdoc/>
    public override string Kind => WholeSize ? "clip of its own size" : "clip";

    /// <inheritdoc/>
    public override bool NeedsFfmpeg => true;

    /// <inheritdoc/>
    public override PreparedItem Prepare(Stream data, int framesPerClip)
    {
        ClipInfo clip = ClipReader.Probe(File.FullName);
        var (factor, because) = WholeSize ? new(1, null) : FrameScaling.Of(clip.Width, clip.Height, clip.BitsPerPixel, clip.Codec);
        int width = clip.Width / factor, height = clip.Height / factor;
        if (Math.Min(width, height) < 1)
        {
            throw new TrainingException($"{Name} has frames of {clip.Width}x{clip.Height}.");
        }

        var writer = new SequenceWriter(data, Name, width, height);
        foreach (byte[] frame in ClipReader.ReadFrames(File.FullName, (clip.Width, clip.Height), width, height, framesPerClip))
        {
            writer.Add(frame);
        }

        return writer.Finish(this) with
        {
            SourceSize = string.Create(CultureInfo.InvariantCulture, $"{clip.Width}x{clip.Height}"),
            ScaledBecause = because,
        };
    }
}
