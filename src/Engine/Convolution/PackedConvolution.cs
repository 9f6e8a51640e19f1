namespace AdaConv.Engine.Convolution;

/// <summary>
/// A convolution of planes that are packed on the way, a strip of rows at a time: the activations of the whole picture, which would take more memory
/// than all else, never exist. The bits are those of packing first and convolving then.
/// </summary>
public static unsafe class PackedConvolution
{
    // Floats of a strip: it is to stay in the second-level cache.
    private const int StripFloats = 192 << 10;

    /// <summary>Floats of working memory that a call takes.</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="shape">The picture's size.</param>
    /// <param name="options">Threads.</param>
    public static long ScratchFloats(Convolution3x3 layer, in PackingShape shape, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(options);
        return options.ResolveThreads() * StripLength(layer, shape, RowsOf(layer, shape));
    }

    /// <summary>output = f(convolution of packed planes + bias).</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="shape">The planes' size; one picture.</param>
    /// <param name="groups">The planes in the channels' order, as <see cref="PlanePacking.Pack"/> takes them: the layer's inputs.</param>
    /// <param name="output">Of the layer's output size; channels: its outputs.</param>
    /// <param name="scratch">Working memory of <see cref="ScratchFloats"/>, aligned to a cache line.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">Sizes or channels do not fit together.</exception>
    public static void Run(
        Convolution3x3 layer, in PackingShape shape, ReadOnlySpan<PlaneGroup> groups, ActivationView output, float* scratch, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Batch, 1, nameof(shape));
        PackingShape planes = shape;
        PlaneGroup[] resolved = PlanePacking.Resolve(planes, groups, optional: false);
        int channels = resolved.Sum(group => group.Count), stride = ActivationView.Rounded(channels);
        ConvolutionShape sizes = layer.Shape;
        if (channels != sizes.Inputs || output.Channels != sizes.Outputs || output.Pictures != 1
            || output.Height != sizes.OutputSize(planes.Height) || output.Width != sizes.OutputSize(planes.Width))
        {
            throw new ArgumentException($"A convolution of {sizes.Inputs} to {sizes.Outputs} channels, stride {sizes.Stride}, does not take "
                + $"{channels} planes of {planes.Height}×{planes.Width} to {output}.");
        }

        KernelLevel level = options.ResolveLevel();
        int rows = RowsOf(layer, planes), strips = (output.Height + rows - 1) / rows, next = -1;
        long length = StripLength(layer, planes, rows);
        Tiles.Run(Math.Min(strips, options.ResolveThreads()), options.ResolveThreads(), worker =>
        {
            float* strip = scratch + worker * length;
            for (int index = Interlocked.Increment(ref next); index < strips; index = Interlocked.Increment(ref next))
            {
                int first = index * rows, last = Math.Min(output.Height, first + rows);
                int top = Math.Max(0, first * sizes.Stride - 1), bottom = Math.Min(planes.Height, InputEnd(layer, last));
                PlanePacking.PackRows(level, planes, resolved, top, bottom, new InterleavedView(strip, stride, isBFloat16: false));

                // As if the whole picture lay there: other rows are not looked at.
                float* picture = strip - (nint)top * planes.Width * stride;
                layer.RunRows(new ActivationView(picture, planes.Height, planes.Width, channels), output, first, last);
            }
        });
    }

    // The row behind the last that is read for rows of the output up to one.
    private static int InputEnd(Convolution3x3 layer, int last) =>
        ((last + layer.RowStep - 1) / layer.RowStep * layer.RowStep - 1) * layer.Shape.Stride + 2;

    private static int RowsOf(Convolution3x3 layer, in PackingShape shape)
    {
        long step = (long)layer.RowStep * layer.Shape.Stride * shape.Width * ActivationView.Rounded(layer.Shape.Inputs);
        return (int)Math.Max(1, StripFloats / step) * layer.RowStep;
    }

    private static long StripLength(Convolution3x3 layer, in PackingShape shape, int rows) =>
        (InputEnd(layer, rows) + 1L) * shape.Width * ActivationView.Rounded(layer.Shape.Inputs);
}
