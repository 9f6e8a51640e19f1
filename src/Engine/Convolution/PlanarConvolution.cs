using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// A 3×3 convolution of planes to activations, as a network begins with: the planes' rows are made when they are needed and stay in the
/// second-level cache, so that neither they nor interleaved activations of the whole picture ever exist.
/// </summary>
/// <remarks>
/// The products are those of the formula. With so few inputs, minimal filtering spends more on its transforms and on interleaving than it saves.
/// </remarks>
public abstract unsafe class PlanarConvolution : IDisposable
{
    private const int StripRows = 20; // of the output at most; one row of the input in 21 or 41 is made twice
    private const int Margin = 16;    // floats before a row's first value, the last of which stands left of the picture

    private protected PlanarConvolution(ConvolutionShape shape) => Shape = shape;

    /// <summary>What is computed; the inputs are planes.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>Bytes of the packed weights.</summary>
    public abstract long Bytes { get; }

    /// <summary>Pixels of a row that are computed together.</summary>
    private protected abstract int PixelsTogether { get; }

    /// <summary>Packs weights.</summary>
    /// <param name="shape">What is computed.</param>
    /// <param name="weights">[outputs][inputs][3][3].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="level">The kernel level; see <see cref="EngineOptions.ResolveLevel"/>.</param>
    /// <exception cref="ArgumentException">Shape and lengths do not fit together.</exception>
    public static PlanarConvolution Create(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, KernelLevel level)
    {
        shape.Check(weights.Length, bias.Length);
        return level switch
        {
            KernelLevel.Vector512 => Create<Operations512, Vector512<float>>(shape, weights, bias),
            KernelLevel.Vector256 => Create<Operations256, Vector256<float>>(shape, weights, bias),
            KernelLevel.Vector128 => Create<Operations128, Vector128<float>>(shape, weights, bias),
            _ => new PlanarConvolutionReference(shape, weights, bias),
        };
    }

    /// <summary>Takes another bias; not while the convolution runs.</summary>
    /// <param name="bias">[outputs].</param>
    /// <exception cref="ArgumentException">The bias has another length.</exception>
    public void SetBias(ReadOnlySpan<float> bias)
    {
        if (bias.Length != Shape.Outputs)
            throw new ArgumentException($"{Shape.Outputs} outputs take as many offsets, not {bias.Length}.", nameof(bias));
        ReplaceBias(bias);
    }

    /// <summary>Floats of working memory that a call takes.</summary>
    /// <param name="height">Rows of the planes.</param>
    /// <param name="width">Columns of the planes.</param>
    /// <param name="rowScratch">Floats that the making of rows works in.</param>
    /// <param name="threads">Threads at most.</param>
    public long ScratchFloats(int height, int width, int rowScratch, int threads) =>
        Math.Min(threads, Shape.OutputSize(height)) * ThreadFloats(width, rowScratch);

    /// <summary>output = f(convolution of planes + bias). Results have the same bits for every number of threads.</summary>
    /// <param name="height">Rows of the planes.</param>
    /// <param name="width">Columns of the planes.</param>
    /// <param name="rows">Makes rows, on several threads.</param>
    /// <param name="rowScratch">Floats that it works in.</param>
    /// <param name="output">Of the shape's output size; channels: its outputs.</param>
    /// <param name="scratch">Working memory of <see cref="ScratchFloats"/>, aligned to a cache line.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="made">Rows of the output; null: all.</param>
    /// <exception cref="ArgumentException">Sizes or channels do not fit together.</exception>
    public void Run(int height, int width, PlaneRows rows, int rowScratch, ActivationView output, float* scratch, int threads, RowRange? made = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        if (output.Channels != Shape.Outputs || output.Pictures != 1
            || output.Height != Shape.OutputSize(height) || output.Width != Shape.OutputSize(width))
        {
            throw new ArgumentException(
                $"A convolution of {Shape.Inputs} to {Shape.Outputs} channels, stride {Shape.Stride}, does not take planes of {height}×{width} to {output}.");
        }

        RowRange wanted = made ?? RowRange.All(output.Height);
        wanted.Check(output.Height, unit: 1);
        nint stride = RowStride(width), slot = stride * Shape.Inputs;
        int stripRows = Math.Min(StripRows, (wanted.Count + threads - 1) / threads); // as many for each thread
        int strips = (wanted.Count + stripRows - 1) / stripRows, next = -1;
        Tiles.Run(Math.Min(strips, threads), threads, worker =>
        {
            float* ring = scratch + worker * ThreadFloats(width, rowScratch), free = ring + 3 * slot; // three rows of all planes
            for (float* row = ring; row < free; row += stride)
            {
                new Span<float>(row, Margin).Clear();
                new Span<float>(row + Margin + width, (int)stride - Margin - width).Clear();
            }

            for (int strip = Interlocked.Increment(ref next); strip < strips; strip = Interlocked.Increment(ref next))
            {
                int last = int.MinValue; // the last row in the ring
                int top = wanted.First + strip * stripRows;
                for (int y = top; y < Math.Min(wanted.End, top + stripRows); y++)
                {
                    for (int row = Math.Max(last + 1, Shape.FirstRow(y)); row <= Shape.LastRow(y); row++)
                    {
                        float* target = ring + (row + 1) % 3 * slot + Margin;
                        if (row >= 0 && row < height)
                            rows(row, target, stride, free);
                        else
                            Clear(target, stride, width);
                        last = row;
                    }

                    int above = y * Shape.Stride; // the slot of the row above
                    float* left = ring + Margin - 1;
                    Row(left + above % 3 * slot, left + (above + 1) % 3 * slot, left + (above + 2) % 3 * slot, stride, output, y);
                }
            }
        });
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the packed weights.</summary>
    protected abstract void Dispose(bool disposing);

    private protected abstract void ReplaceBias(ReadOnlySpan<float> bias);

    /// <summary>One row of the output.</summary>
    /// <param name="above">The value left of the first column of plane 0, in the row above.</param>
    /// <param name="at">The same in the row itself.</param>
    /// <param name="below">The same in the row below.</param>
    /// <param name="stride">Floats from a plane to the next.</param>
    /// <param name="output">The output.</param>
    /// <param name="y">The row.</param>
    private protected abstract void Row(float* above, float* at, float* below, nint stride, ActivationView output, int y);

    private static PlanarConvolution Create<TOperations, TVector>(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct =>
        shape.Stride == 1
            ? new PlanarKernel<TOperations, TVector, Stride1>(shape, weights, bias)
            : new PlanarKernel<TOperations, TVector, Stride2>(shape, weights, bias);

    private void Clear(float* target, nint stride, int width)
    {
        for (int plane = 0; plane < Shape.Inputs; plane++)
            new Span<float>(target + plane * stride, width).Clear();
    }

    // Zeros behind the last value, for what pixels beyond the last column look at. An odd number of cache lines: rows of neighbouring planes then
    // lie in different sets of the first-level cache.
    private nint RowStride(int width) => (nint)((Scratch.Rounded(Margin + width + 2 + PixelsTogether * Shape.Stride) / 16) | 1) * 16;

    private long ThreadFloats(int width, int rowScratch) => 3L * Shape.Inputs * RowStride(width) + Scratch.Rounded(rowScratch);
}

/// <summary>The formula, one value at a time, in float64.</summary>
internal sealed unsafe class PlanarConvolutionReference(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    : PlanarConvolution(shape)
{
    private readonly float[] weights = weights.ToArray(), bias = bias.ToArray();

    public override long Bytes => sizeof(float) * ((long)weights.Length + bias.Length);

    private protected override int PixelsTogether => 1;

    protected override void Dispose(bool disposing)
    {
    }

    private protected override void ReplaceBias(ReadOnlySpan<float> bias) => bias.CopyTo(this.bias);

    private protected override void Row(float* above, float* at, float* below, nint stride, ActivationView output, int y)
    {
        float*[] lines = [above, at, below];
        for (int x = 0; x < output.Width; x++)
        {
            for (int o = 0; o < Shape.Outputs; o++)
            {
                double sum = bias[o];
                for (int tap = 0; tap < 9 * Shape.Inputs; tap++)
                    sum += (double)weights[9 * Shape.Inputs * o + tap] * lines[tap % 9 / 3][tap / 9 * stride + x * Shape.Stride + tap % 3];
                output.Pixel(y, x)[o] = (float)(sum > 0 ? sum : sum * Shape.Slope);
            }
        }
    }
}
