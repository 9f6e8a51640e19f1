using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>What a tile consists of.</summary>
/// <param name="Width">Columns, a multiple of the network's <see cref="ITileNetwork.SizeMultiple"/>.</param>
/// <param name="Height">Rows, a multiple of it, too.</param>
/// <param name="SampleCount">Sample planes of each frame, 1 to 4.</param>
/// <param name="SamplesAreColours">The three sample planes are the colour planes, and given once.</param>
/// <param name="Depth">Bits of a sample, 1 to 16: how exact it must stay.</param>
public readonly record struct TileShape(int Width, int Height, int SampleCount, bool SamplesAreColours, int Depth)
{
    /// <summary>Floats of a plane.</summary>
    public long PlaneLength => (long)Width * Height;

    /// <summary>Planes that go in: both frames' colours, then both frames' samples unless those are the colours.</summary>
    public int InputPlanes => SamplesAreColours ? 6 : 6 + 2 * SampleCount;

    /// <summary>The first of the sample planes that go in.</summary>
    public int FirstSamplePlane => SamplesAreColours ? 0 : 6;
}

/// <summary>Planes of both frames, or of the same part of both, where they lie.</summary>
/// <param name="First">Of the earlier frame.</param>
/// <param name="Second">Of the later frame.</param>
public readonly record struct FramePair(PlaneView First, PlaneView Second)
{
    /// <summary>Planes that follow one another: the earlier frame's, then the later one's.</summary>
    /// <param name="planes">The first plane.</param>
    /// <param name="count">Planes of one frame.</param>
    /// <param name="shape">What the tile consists of.</param>
    public static unsafe FramePair Of(float* planes, int count, in TileShape shape)
    {
        PlaneView first = new(planes, shape.PlaneLength, shape.Width, shape.Height, shape.Width);
        return new(first, first.From(count));
    }
}

/// <summary>What was predicted; the memory is the prediction's until it is released.</summary>
/// <param name="samples">The sample planes of the frame between [P, H, W]; may be written to.</param>
/// <param name="motion">[1, H, W]: the largest component of either flow in pixels, not negative; null where the network finds no motion.</param>
public readonly unsafe struct TileResult(float* samples, float* motion)
{
    /// <summary>The sample planes of the frame between [P, H, W]; may be written to.</summary>
    public float* Samples { get; } = samples;

    /// <summary>[1, H, W]: the largest component of either flow in pixels, not negative; null where the network finds no motion.</summary>
    public float* Motion { get; } = motion;
}

/// <summary>Room for the prediction of one tile after another: prepare, begin, wait, release.</summary>
public abstract unsafe class TilePrediction : IDisposable
{
    /// <summary>What the tile at work consists of.</summary>
    public TileShape Shape { get; private set; }

    /// <summary>
    /// The planes that go in: R, G, B of the earlier frame, of the later frame, nominally 0..1; then the samples of the earlier frame and of the
    /// later, in any affine scale, unless they are the colours. The samples stay as they are until <see cref="Release"/>.
    /// </summary>
    public float* Input { get; private set; }

    /// <summary>Both frames' samples, wherever they lie, until <see cref="Release"/>.</summary>
    public FramePair Samples { get; private set; }

    /// <summary>
    /// [2, H/c, W/c] for cells of <see cref="ITileNetwork.MotionCell"/> c: x and y in pixels that both flows change by, until <see cref="Release"/>; null:
    /// nothing.
    /// </summary>
    public float* Bend { get; set; }

    /// <summary>
    /// The numbers of both pictures where the tile is all that is predicted of them: the network may keep what it finds of their motion, and use it
    /// again. (0, 0): it does not.
    /// </summary>
    public (long First, long Second) Pictures { get; set; }

    /// <summary>Takes a tile; its planes are then written to <see cref="Input"/>.</summary>
    public void Prepare(in TileShape shape)
    {
        Shape = shape;
        Input = Allocate(shape);
        Samples = FramePair.Of(Input + shape.FirstSamplePlane * shape.PlaneLength, shape.SampleCount, shape);
    }

    /// <summary>Takes a tile whose planes are looked at where they lie, which they do until the end of <see cref="Begin"/>.</summary>
    /// <param name="shape">What the tile consists of; rows and columns that the planes lack are those of their border.</param>
    /// <param name="colours">Both frames' colours.</param>
    /// <param name="samples">Both frames' samples; the same where they are the colours.</param>
    /// <returns>Whether that is possible; if not, they have to be copied.</returns>
    public bool PrepareInPlace(in TileShape shape, in FramePair colours, in FramePair samples)
    {
        (Shape, Samples) = (shape, samples);
        return Use(shape, colours, samples);
    }

    /// <summary>Finds the motion alone; the tile is as for <see cref="Begin"/>.</summary>
    /// <param name="mean">Mean R, G and B of both whole frames.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>
    /// [4, H/c, W/c] for cells of <see cref="ITileNetwork.MotionCell"/> c: x and y towards the first frame, x and y towards the second, from the middle
    /// between both, in pixels; until <see cref="Release"/>.
    /// </returns>
    public virtual float* FindMotion(ReadOnlySpan<float> mean, CancellationToken cancellation) =>
        throw new NotSupportedException("The network tells no motion beforehand.");

    /// <summary>Begins to predict; a device may still be computing afterwards.</summary>
    /// <param name="mean">Mean R, G and B of both whole frames.</param>
    /// <param name="time">Where the frame lies between both: more than 0, less than 1; ½ where the network does not know the time.</param>
    /// <param name="cancellation">Ends the work.</param>
    public abstract void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation);

    /// <summary>Waits for what was begun; where nothing was, there are no samples.</summary>
    public abstract TileResult Wait();

    /// <summary>Releases the tile; waits for nothing.</summary>
    public virtual void Release()
    {
        Input = Bend = null;
        Samples = default;
        Pictures = default;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Memory for the planes of a tile, until it is released.</summary>
    protected abstract float* Allocate(in TileShape shape);

    /// <summary>Looks at planes where they lie, if it can.</summary>
    protected virtual bool Use(in TileShape shape, in FramePair colours, in FramePair samples) => false;

    /// <summary>Frees what the prediction holds.</summary>
    protected abstract void Dispose(bool disposing);
}
