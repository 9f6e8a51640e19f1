namespace AdaConv.Engine;

/// <summary>
/// A frame as float planes in native memory: the three colour planes that the network looks at, and the sample planes that the
/// synthesis is applied to (the file's own colour space).
/// </summary>
/// <remarks>
/// Every plane has <see cref="Width"/> × <see cref="Height"/> floats without padding; planes follow one another.
/// Where the samples are R, G, B themselves, both views share the same memory. Not thread-safe.
/// </remarks>
public sealed unsafe class PlanarFrame : IDisposable
{
    private static long lastPicture;
    private float* _rgb;
    private float* _samples;
    private IPictureRows? _rows;

    /// <summary>Allocates the planes; their contents are undefined.</summary>
    /// <param name="width">Pixels, 1 or more.</param>
    /// <param name="height">Pixels, 1 or more.</param>
    /// <param name="sampleCount">Sample planes: 1 (grey) to 4 (colour and alpha).</param>
    /// <param name="samplesAreRgb">The samples are R, G, B (and alpha) in 0..1 and serve as the network's input as they are.</param>
    /// <param name="depth">Bits of a sample where it comes from and goes to, 1 to 16: how exact it must stay.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public PlanarFrame(int width, int height, int sampleCount, bool samplesAreRgb = false, int depth = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleCount, samplesAreRgb ? 3 : 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleCount, 4);
        Width = width;
        Height = height;
        SampleCount = sampleCount;
        SamplesAreRgb = samplesAreRgb;
        Depth = depth;
        try
        {
            _samples = NativeFloats.Allocate(sampleCount * PlaneLength);
            _rgb = samplesAreRgb ? _samples : NativeFloats.Allocate(3 * PlaneLength);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Frees the planes if <see cref="Dispose"/> was not called.</summary>
    ~PlanarFrame() => Free();

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Number of sample planes.</summary>
    public int SampleCount { get; }

    /// <summary>Whether <see cref="Rgb"/> and the first three planes of <see cref="Samples"/> are the same memory.</summary>
    public bool SamplesAreRgb { get; }

    /// <summary>Bits of a sample where it comes from and goes to.</summary>
    public int Depth { get; }

    /// <summary>
    /// The number of the picture that the planes hold, 0 where it has none. Planes of one number hold the same picture: what was computed of it
    /// before may serve again.
    /// </summary>
    public long Picture { get; private set; }

    /// <summary>When the picture was taken, in any unit that all frames of a video share; null: not known.</summary>
    public long? Time { get; set; }

    /// <summary>
    /// Whether the picture holds one colour for several pixels (4:2:0, 4:2:2): the planes repeat it, and the mean of what they hold is written back.
    /// </summary>
    public bool IsSubsampled { get; init; }

    /// <summary>Makes the colour planes of the sample planes, where they are others; null where nobody can.</summary>
    public Action<PlanarFrame>? Colouring { get; init; }

    /// <summary>Whether the planes were freed.</summary>
    internal bool IsDisposed => _samples is null;

    /// <summary>Floats in one plane.</summary>
    public long PlaneLength => (long)Width * Height;

    /// <summary>
    /// The picture where it was not read yet; null: the planes hold it. Whoever asks for <see cref="Rgb"/> or <see cref="Samples"/> has all of it read,
    /// and takes their memory.
    /// </summary>
    public IPictureRows? Unread => _rows;

    /// <summary>R, G, B, each H×W, nominally 0..1; values outside are kept (super-white, out-of-gamut).</summary>
    public float* Rgb
    {
        get
        {
            ReadAll();
            return _rgb;
        }
    }

    /// <summary>The sample planes [P, H, W], in any affine scale: the synthesis is linear and its taps sum to one.</summary>
    public float* Samples
    {
        get
        {
            ReadAll();
            return _samples;
        }
    }

    /// <summary>Gives the planes' picture a number of its own: they were filled anew.</summary>
    public void NumberPicture()
    {
        _rows = null;
        Picture = Interlocked.Increment(ref lastPicture);
    }

    /// <summary>Shows a picture that is read where it is looked at; the planes take no memory until somebody asks for them.</summary>
    /// <param name="rows">The picture, which stays as it is while the planes show it.</param>
    public void Show(IPictureRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        NumberPicture();
        _rows = rows;
    }

    /// <summary>Makes the colours of samples that were computed; the picture is a new one.</summary>
    /// <exception cref="InvalidOperationException">The colours are not the samples, and nobody can make them.</exception>
    public void FillColours()
    {
        if (!SamplesAreRgb)
        {
            (Colouring ?? throw new InvalidOperationException("Nobody knows how these samples become colours."))(this);
        }

        NumberPicture();
    }

    /// <summary>Planes of the same size and kind; their contents are undefined.</summary>
    public PlanarFrame CreateAlike() => new(Width, Height, SampleCount, SamplesAreRgb, Depth) { Colouring = Colouring, IsSubsampled = IsSubsampled };

    /// <summary>Whether other planes have the same size and kind, and become colours the same way.</summary>
    public bool IsLike(PlanarFrame other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Width, Height, SampleCount, SamplesAreRgb, IsSubsampled, Depth, Colouring) == (other.Width, other.Height, other.SampleCount,
            other.SamplesAreRgb, other.IsSubsampled, other.Depth, other.Colouring);
    }

    /// <summary>One colour plane: 0 red, 1 green, 2 blue.</summary>
    public Span<float> RgbPlane(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, 3u);
        return new(Rgb + index * PlaneLength, checked((int)PlaneLength));
    }

    /// <summary>One sample plane.</summary>
    public Span<float> SamplePlane(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)SampleCount);
        return new(Samples + index * PlaneLength, checked((int)PlaneLength));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void ReadAll()
    {
        if (_rows is not { } rows)
        {
            return;
        }

        int planes = SamplesAreRgb ? SampleCount : SampleCount + 3;
        float* row = NativeFloats.Allocate((long)planes * Width);
        try
        {
            for (int y = 0; y < Height; y++)
            {
                rows.Read(y, row, row + (long)SampleCount * Width);
                for (int plane = 0; plane < planes; plane++)
                {
                    float* target = plane < SampleCount ? _samples + plane * PlaneLength : _rgb + (plane - SampleCount) * PlaneLength;
                    new ReadOnlySpan<float>(row + (long)plane * Width, Width).CopyTo(new(target + (long)y * Width, Width));
                }
            }

            _rows = null; // where reading fails, the planes do not hold it
        }
        finally
        {
            NativeFloats.Free(row);
        }
    }

    private void Free()
    {
        if (_rgb != _samples)
        {
            NativeFloats.Free(_rgb);
        }

        NativeFloats.Free(_samples);
        _rgb = _samples = null;
    }
}
