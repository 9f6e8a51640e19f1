using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>Makes one row of both frames' planes.</summary>
/// <param name="row">Which row, inside the picture.</param>
/// <param name="isHalo">Whether another band has the row, too.</param>
/// <param name="target">Where plane 0's row goes.</param>
/// <param name="stride">Floats from a plane's row to the next plane's.</param>
/// <param name="scratch">Working memory of the calling thread, aligned to a cache line.</param>
internal unsafe delegate void PairRows(int row, bool isHalo, float* target, nint stride, float* scratch);

/// <summary>
/// The end of a frame in one pass, a band of rows at a time: both frames' rows are made, convolved with their kernels, and blended. Only what
/// comes out is written; the bits are those of <see cref="SeparableConvolution"/> and <see cref="FrameBlend"/>, one after the other.
/// </summary>
internal static unsafe class SeparableBlend
{
    /// <summary>Whether a level has the pass.</summary>
    public static bool Supports(KernelLevel level) => level != KernelLevel.Scalar;

    /// <summary>Floats of working memory that a call takes.</summary>
    /// <param name="shape">The sizes of one frame.</param>
    /// <param name="rowScratch">Floats that the making of rows works in.</param>
    /// <param name="threads">Threads at most.</param>
    public static long ScratchFloats(in SeparableConvolutionShape shape, int rowScratch, int threads) =>
        Math.Min(threads, Bands(shape)) * new BandLayout(shape, rowScratch).Floats;

    /// <summary>Computes the frame.</summary>
    /// <param name="shape">The sizes of one frame; a batch of one.</param>
    /// <param name="pair">Makes rows of 2P planes, on several threads.</param>
    /// <param name="logit">Makes rows of the mask's logit, on several threads.</param>
    /// <param name="rowScratch">Floats that the making of rows works in.</param>
    /// <param name="taps">Makes rows of 4K planes of taps, on several threads: vertical and horizontal ones of the first frame, then of the second.</param>
    /// <param name="output">[P, H, W], written.</param>
    /// <param name="scratch">Working memory of <see cref="ScratchFloats"/>, aligned to a cache line.</param>
    /// <param name="options">Threads, and a level that has the pass.</param>
    public static void Run(
        in SeparableConvolutionShape shape, PairRows pair, PlaneRows logit, PlaneRows taps, int rowScratch, float* output, float* scratch,
        EngineOptions options)
    {
        shape.Validate();
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Batch, 1, nameof(shape));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                new Pass<Operations512, Vector512<float>>(shape, pair, logit, taps, rowScratch, output, scratch).Run(threads);
                break;
            case KernelLevel.Vector256:
                new Pass<Operations256, Vector256<float>>(shape, pair, logit, taps, rowScratch, output, scratch).Run(threads);
                break;
            case KernelLevel.Vector128:
                new Pass<Operations128, Vector128<float>>(shape, pair, logit, taps, rowScratch, output, scratch).Run(threads);
                break;
            default:
                throw new PlatformNotSupportedException("There is no scalar form of this pass: convolve, then blend.");
        }
    }

    private static int Bands(in SeparableConvolutionShape shape) => (shape.Height + BandLayout.BandRows - 1) / BandLayout.BandRows;

    /// <summary>What a thread works in: the band's rows with their halo, a strip's taps, results and sums, and the first frame's share of its pixels.</summary>
    private readonly struct BandLayout
    {
        public const int BandRows = 32;
        public const int StripRows = 4; // rows that share loads of the image: see SeparableForward
        public const int MapRows = 4;   // rows of taps that a strip looks at

        public readonly int TileWidth, PatchColumns, PatchPlane, TapFloats, MapPlane, ShareStride, RowScratch;
        private readonly int planes, maps;

        public BandLayout(in SeparableConvolutionShape shape, int rowScratch)
        {
            (planes, maps) = (shape.Planes, 4 * shape.Taps);
            TileWidth = SeparableTiling.Width(shape.Width);
            PatchColumns = Scratch.Rounded(SeparableTiling.Rounded(shape.Width) + shape.Taps - 1);
            PatchPlane = (BandRows + shape.Taps - 1) * PatchColumns;
            TapFloats = Scratch.Rounded(shape.Taps * StripRows * TileWidth);
            MapPlane = MapRows * shape.TapWidth;
            ShareStride = Scratch.Rounded(shape.Width);
            RowScratch = Scratch.Rounded(rowScratch);
        }

        public int ResultPlane => StripRows * TileWidth;

        public long Floats => 2L * planes * PatchPlane + 2 * TapFloats + 2 * planes * ResultPlane + Sums + StripRows * ShareStride
            + Scratch.Rounded(maps * MapPlane) + RowScratch;

        public const int Sums = 3 * StripRows * 16;

        public float* Taps(float* memory) => memory + 2L * planes * PatchPlane;

        public float* Results(float* memory) => Taps(memory) + 2 * TapFloats;

        public float* SumsOf(float* memory) => Results(memory) + 2 * planes * ResultPlane;

        public float* Shares(float* memory) => SumsOf(memory) + Sums;

        public float* Maps(float* memory) => Shares(memory) + StripRows * ShareStride;

        public float* Free(float* memory) => Maps(memory) + Scratch.Rounded(maps * MapPlane);
    }

    private sealed class Pass<TOperations, TVector>(
        SeparableConvolutionShape shape, PairRows pair, PlaneRows logit, PlaneRows taps, int rowScratch, float* output, float* scratch)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        private readonly BandLayout layout = new(shape, rowScratch);

        public void Run(int threads)
        {
            int bands = Bands(shape), next = -1;
            Tiles.Run(Math.Min(threads, bands), threads, worker =>
            {
                float* memory = scratch + worker * layout.Floats;
                for (int band = Interlocked.Increment(ref next); band < bands; band = Interlocked.Increment(ref next))
                    Band(band * BandLayout.BandRows, memory);
            });
        }

        private void Band(int top, float* memory)
        {
            int rows = Math.Min(BandLayout.BandRows, shape.Height - top);
            MakePatch(top, (rows + BandLayout.StripRows - 1) / BandLayout.StripRows * BandLayout.StripRows + shape.Taps - 1, rows, memory);
            int lastMap = shape.TapHeight - 1, made = -1; // the last row of taps in the ring
            for (int y = 0; y < rows; y += BandLayout.StripRows)
            {
                var (firstRow, lastRow) = shape.TapScale == 1 ? (top + y, top + y + 3) : ((top + y) / 2 - 1, (top + y) / 2 + 2);
                for (made = Math.Max(made, Math.Max(firstRow, 0) - 1); made < Math.Min(lastRow, lastMap); made++)
                {
                    float* target = layout.Maps(memory) + (made + 1) % BandLayout.MapRows * shape.TapWidth;
                    taps(made + 1, target, layout.MapPlane, layout.Free(memory));
                }
                int count = Math.Min(BandLayout.StripRows, rows - y);
                for (int r = 0; r < count; r++)
                {
                    float* share = layout.Shares(memory) + r * layout.ShareStride;
                    logit(top + y + r, share, layout.ShareStride, layout.Free(memory));
                    FrameBlendKernels<TOperations, TVector>.Share(share, shape.Width);
                }
                for (int x = 0; x < shape.Width; x += layout.TileWidth)
                    Strip(top, y, x, count, Math.Min(layout.TileWidth, shape.Width - x), memory);
            }
        }

        // Rows and columns beyond the picture repeat its border.
        private void MakePatch(int top, int count, int rows, float* memory)
        {
            int radius = shape.Taps / 2, made = -1;
            for (int r = 0; r < count; r++)
            {
                int row = Math.Clamp(top - radius + r, 0, shape.Height - 1);
                float* target = memory + r * layout.PatchColumns;
                if (row != made)
                    pair(row, row < top || row >= top + rows, target + radius, layout.PatchPlane, layout.Free(memory));
                for (int plane = 0; plane < 2 * shape.Planes; plane++, target += layout.PatchPlane)
                {
                    if (row == made)
                    {
                        new ReadOnlySpan<float>(target - layout.PatchColumns, layout.PatchColumns).CopyTo(new(target, layout.PatchColumns));
                        continue;
                    }
                    int end = radius + shape.Width;
                    new Span<float>(target, radius).Fill(target[radius]);
                    new Span<float>(target + end, layout.PatchColumns - end).Fill(target[end - 1]);
                }
                made = row;
            }
        }

        private void Strip(int top, int y, int x, int rows, int columns, float* memory)
        {
            int width = SeparableTiling.Rounded(columns), planes = shape.Planes;
            float* v = layout.Taps(memory), h = v + layout.TapFloats, results = layout.Results(memory), sums = layout.SumsOf(memory);
            var tapLayout = new TapLayout(
                BandLayout.StripRows * TOperations.Count, TOperations.Count, shape.Taps * BandLayout.StripRows * TOperations.Count);
            for (int frame = 0; frame < 2; frame++)
            {
                float* maps = layout.Maps(memory) + 2L * frame * shape.Taps * layout.MapPlane;
                TapMaps vertical = new(maps, layout.MapPlane, BandLayout.MapRows);
                TapMaps horizontal = new(maps + (long)shape.Taps * layout.MapPlane, layout.MapPlane, BandLayout.MapRows);
                TapRows<TOperations, TVector>.Stage(shape, vertical, top + y, BandLayout.StripRows, x, width, tapLayout, v);
                TapRows<TOperations, TVector>.Stage(shape, horizontal, top + y, BandLayout.StripRows, x, width, tapLayout, h);
                float* patch = memory + (long)frame * planes * layout.PatchPlane + y * layout.PatchColumns + x;
                float* target = results + frame * planes * layout.ResultPlane;
                for (int column = 0; column < columns; column += TOperations.Count)
                {
                    int at = column / TOperations.Count * tapLayout.Vector;
                    SeparableForward<TOperations, TVector>.Block(shape, patch + column, layout.PatchPlane, layout.PatchColumns, v + at, h + at, sums,
                        target + column, layout.ResultPlane, layout.TileWidth, rows, columns - column);
                }
            }

            for (int r = 0; r < rows; r++)
            {
                float* share = layout.Shares(memory) + r * layout.ShareStride + x, target = output + (long)(top + y + r) * shape.Width + x;
                FrameBlendKernels<TOperations, TVector>.Row(
                    planes, columns, results + r * layout.TileWidth, layout.ResultPlane, share, target, shape.PlaneSize);
            }
        }
    }
}
