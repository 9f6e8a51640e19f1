namespace AdaConv.Training.Data;

/// <summary>A decoded clip in the cache.</summary>
/// <param name="Name">The clip's path below the folder it was found in.</param>
/// <param name="Length">Bytes of the clip's file.</param>
/// <param name="Modified">When that file was last written, UTC ticks.</param>
/// <param name="Width">Width of the cached frames.</param>
/// <param name="Height">Height of the cached frames.</param>
/// <param name="Offset">Where the first frame begins in the cache's data file.</param>
/// <param name="Differences">Mean absolute difference of each frame from the next (green, every fourth pixel each way; 0 to 255).</param>
public sealed record CachedClip(
    string Name, long Length, long Modified, int Width, int Height, long Offset, IReadOnlyList<float> Differences)
{
    /// <summary>Number of frames.</summary>
    public int FrameCount => Differences.Count + 1;

    /// <summary>Bytes of a frame: three planes, G, B, R.</summary>
    public int FrameLength => 3 * Width * Height;
}
