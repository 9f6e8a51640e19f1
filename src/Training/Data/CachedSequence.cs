using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data;

/// <summary>A sequence with its frames in memory; valid until its cache is disposed.</summary>
public sealed unsafe class CachedSequence
{
    private readonly MappedFile _file;

    internal CachedSequence(FrameSequence info, MappedFile file) => (Info, _file) = (info, file);

    /// <summary>What the sequence is.</summary>
    public FrameSequence Info { get; }

    /// <summary>One plane of a frame: 0 red, 1 green, 2 blue; Height rows of Width bytes, to be used at once.</summary>
    /// <exception cref="TrainingException">The cache's file was cut.</exception>
    public byte* Plane(int frame, int colour)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)Info.FrameCount);
        int position = (colour + 2) % 3; // stored as G, B, R
        return _file.Data + Info.Offset + (long)frame * Info.FrameLength + (long)position * Info.Width * Info.Height;
    }
}
