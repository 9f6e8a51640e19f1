using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>Tiles of pictures on their way to products, Bᵀ d B. Tiles are numbered picture by picture, row by row.</summary>
internal sealed unsafe class TileInput<TOperations, TVector, TFilter>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
    where TFilter : struct, IMinimalFilter
{
    // Half-transformed inputs that stay in the first-level cache.
    private const int RunFloats = 8 << 10;

    private readonly ActivationView input;
    private readonly int tilesAcross, tilesDown, channels, run;
    private readonly nint tileStep, pointStep, lineStep;

    /// <summary>Prepares for pictures.</summary>
    /// <param name="input">The pictures.</param>
    /// <param name="tilesAcross">Tiles in a row.</param>
    /// <param name="tilesDown">Rows of tiles in a picture.</param>
    /// <param name="channels">Channels in use, whole vectors.</param>
    /// <param name="tileStep">Floats from a tile's results to the next one's.</param>
    /// <param name="pointStep">Floats from a point's results to the next one's.</param>
    public TileInput(ActivationView input, int tilesAcross, int tilesDown, int channels, nint tileStep, nint pointStep)
    {
        (this.input, this.tilesAcross, this.tilesDown, this.channels) = (input, tilesAcross, tilesDown, channels);
        (this.tileStep, this.pointStep) = (tileStep, pointStep);
        run = Math.Clamp(RunFloats / (TFilter.Points * TFilter.Step * input.PixelStride), 1, tilesAcross);
        lineStep = (run * TFilter.Step + TFilter.Samples - TFilter.Step) * input.PixelStride;
    }

    /// <summary>Floats of the half-transformed lines that a call of <see cref="Transform"/> works in.</summary>
    public int LineFloats => (int)(TFilter.Points * lineStep);

    /// <summary>Floats of the copy of a picture's edge.</summary>
    public int EdgeFloats => (int)(TFilter.Samples * lineStep);

    /// <summary>Transforms tiles.</summary>
    /// <param name="first">The first tile.</param>
    /// <param name="last">The tile behind the last.</param>
    /// <param name="target">Where the first tile's first point goes.</param>
    /// <param name="lines">Working memory.</param>
    /// <param name="edge">Working memory.</param>
    public void Transform(int first, int last, float* target, float* lines, float* edge)
    {
        for (int tile = first, length; tile < last; tile += length)
        {
            length = Math.Min(Math.Min(run, tilesAcross - tile % tilesAcross), last - tile);
            TransformRun(tile / tilesAcross, tile % tilesAcross, length, target + (tile - first) * tileStep, lines, edge);
        }
    }

    // Neighbouring tiles of a row share columns: their transform along the columns is done once for the whole run.
    private void TransformRun(int row, int column, int length, float* target, float* lines, float* edge)
    {
        int n = TFilter.Points, samples = TFilter.Samples, step = TFilter.Step, stride = input.PixelStride;
        int top = row % tilesDown * step - TFilter.Before, left = column * step - TFilter.Before, width = length * step + samples - step;
        int begin = Math.Max(left, 0), end = Math.Min(left + width, input.Width);
        nint before = (nint)(begin - left) * stride, inside = (nint)(end - begin) * stride, after = (nint)(left + width - end) * stride;
        nint picture = row / tilesDown * input.PictureStride, sourceStep = input.RowStride;
        float* source = edge;
        if (input.AreTogether(top, samples))
        {
            source = input.Pixel(top, begin) + picture;
        }
        else
        {
            for (int y = 0; y < samples; y++)
            {
                var copy = new Span<float>(edge + y * inside, (int)inside);
                if (top + y >= 0 && top + y < input.Height)
                    new ReadOnlySpan<float>(input.Pixel(top + y, begin) + picture, (int)inside).CopyTo(copy);
                else
                    copy.Clear();
            }
            sourceStep = inside;
        }

        Apply(source, sourceStep, lines + before, lineStep, inside);
        if (before + after > 0)
        {
            for (int y = 0; y < n; y++)
            {
                new Span<float>(lines + y * lineStep, (int)before).Clear();
                new Span<float>(lines + y * lineStep + before + inside, (int)after).Clear();
            }
        }

        for (int tile = 0; tile < length; tile++)
        {
            for (int y = 0; y < n; y++)
                Apply(lines + y * lineStep + (nint)tile * step * stride, stride, target + y * n * pointStep + tile * tileStep, pointStep, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(float* source, nint step, float* target, nint targetStep, nint count)
    {
        for (nint i = 0; i < count; i += TOperations.Count)
            TFilter.Input<TOperations, TVector>(source + i, step, target + i, targetStep);
    }
}
