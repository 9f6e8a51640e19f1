using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data;

/// <summary>A sequence with its frames in memory; valid until its cache is disposed.</summary>
public sealed unsafe class CachedSequence
{
    private readonly byte* _data;

    internal CachedSequence(FrameSequence info, byte* data)
    {
        Info = info;
        _data = data + info.Offset;
    }

    /// <summary>What the sequence is.</summary>
    public FrameSequence Info { get; }

    /// <summary>One plane of a frame: 0 red, 1 green, 2 blue; Height rows of Width bytes.</summary>
    public byte* Plane(int frame, int colour)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)Info.FrameCount);
        int position = (colour + 2) % 3; // stored as G, B, R
        return _data + (long)frame * Info.FrameLength + (long)position * Info.Width * Info.Height;
    }
}
