using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;


namespace AdaConv.Conversion.Pipeline;

/// <summary>A frame of the output, original or new, with its exact time. It belongs to the receiver: dispose of it when done.</summary>
/// <remarks>
/// The picture is native memory, one plane after another as FFmpeg's pixel format of that name lays them out (yuv420p: Y, U, V;
/// rgb24: one plane of R, G, B bytes; samples of more than 8 bits are 16-bit words of the byte order that the name ends with). Spans of
/// it are valid until <see cref="Dispose"/>. A frame may be kept for any time and passed to another thread, but keeps its memory.
/// </remarks>
public sealed unsafe class InterpolatedFrame : IDisposable
{
    private readonly VideoFrame _frame;
    private readonly PixelLayout _layout;

    internal InterpolatedFrame(OutputFrame frame, Rational timeBase)
    {
        _frame = frame.Frame;
        _layout = PixelLayout.Of(_frame.Format)!;
        Time = frame.Time;
        TimeBase = timeBase;
        IsPredicted = frame.IsPredicted;
    }

    /// <summary>When it is shown and for how long, exactly: in ticks of <see cref="TimeBase"/>.</summary>
    public FrameTime Time { get; }

    /// <summary>Seconds per tick.</summary>
    public Rational TimeBase { get; }

    /// <summary>When it is shown, rounded to 100 ns.</summary>
    public TimeSpan Timestamp => TimeBase.ToTimeSpan(Time.Timestamp);

    /// <summary>Whether its picture is new. Originals, and their repetitions where nothing moves or a scene ends, are not.</summary>
    public bool IsPredicted { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width => Native.Width;

    /// <summary>Rows.</summary>
    public int Height => Native.Height;

    /// <summary>FFmpeg's name of the pixel format, the same for all frames of a video.</summary>
    public string PixelFormat => _layout.Name;

    /// <summary>Planes of the picture.</summary>
    public int PlaneCount => _layout.PlaneCount;

    /// <summary>Bytes that <see cref="CopyTo"/> writes.</summary>
    public int ByteCount => Enumerable.Range(0, PlaneCount).Sum(plane => RowCount(plane) * _layout.RowBytes(plane, Width));

    private VideoFrame Native
    {
        get
        {
            ObjectDisposedException.ThrowIf(_frame.IsClosed, this);
            return _frame;
        }
    }

    /// <summary>Rows of a plane: fewer than <see cref="Height"/> where chroma is smaller.</summary>
    public int RowCount(int plane)
    {
        CheckPlane(plane);
        return _layout.Rows(plane, Height);
    }

    /// <summary>One row of a plane, without padding; valid until <see cref="Dispose"/>.</summary>
    /// <param name="plane">From 0 to <see cref="PlaneCount"/> − 1.</param>
    /// <param name="y">From 0 to <see cref="RowCount"/> − 1.</param>
    public ReadOnlySpan<byte> Row(int plane, int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)RowCount(plane), nameof(y));
        return new(Native.Pointer->data[(uint)plane] + ((long)y * Native.Pointer->linesize[(uint)plane]), _layout.RowBytes(plane, Width));
    }

    /// <summary>Copies all planes, row by row without padding: FFmpeg's raw video.</summary>
    /// <param name="target">At least <see cref="ByteCount"/> bytes.</param>
    /// <exception cref="ArgumentException">It is too small.</exception>
    public void CopyTo(Span<byte> target)
    {
        for (int plane = 0; plane < PlaneCount; plane++)
        {
            for (int y = 0; y < RowCount(plane); y++)
            {
                ReadOnlySpan<byte> row = Row(plane, y);
                row.CopyTo(target);
                target = target[row.Length..];
            }
        }
    }

    /// <summary>Releases the picture.</summary>
    public void Dispose() => _frame.Dispose();

    private void CheckPlane(int plane) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)plane, (uint)PlaneCount, nameof(plane));
}
