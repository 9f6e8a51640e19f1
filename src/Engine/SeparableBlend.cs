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
/// comes out is written; the bits are those of <see cref="SeparableConvolution"/> and <see cref="FrameBlend"/>, and where detail is kept of
/// <see cref="FrameDetail"/>, one after the other.
/// </summary>
internal static unsafe class SeparableBlend
{
    /// <summary>Whether a level has the pass.</summary>
    public static bool Supports(KernelLevel level) => level != KernelLevel.Scalar;

    /// <summary>Rows that are made together.</summary>
    public static int UnitRows(bool keepsDetail) => keepsDetail ? 40 : 32; // with detail, a halo is blended twice: of few bands

    /// <summary>The first row of taps that a unit looks at which begins with a row, or one that lies above it.</summary>
    public static int FirstTapRow(in SeparableConvolutionShape shape, bool keepsDetail, int row)
    {
        int top = row - BlendHalo(keepsDetail);
        return shape.TapScale == 1 ? top : top / 2 - 1;
    }

    /// <summary>The last row of taps that a unit looks at which ends with a row, or one that lies below it.</summary>
    public static int LastTapRow(in SeparableConvolutionShape shape, bool keepsDetail, int row)
    {
        int strip = (row + BlendHalo(keepsDetail)) / StripRows * StripRows;
        return shape.TapScale == 1 ? strip + StripRows - 1 : strip / 2 + 2;
    }

    /// <summary>Floats of working memory that a call takes.</summary>
    /// <param name="shape">The sizes of one frame.</param>
    /// <param name="rowScratch">Floats that the making of rows works in.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="keepsDetail">Whether rows of the frames' detail are given.</param>
    public static long ScratchFloats(in SeparableConvolutionShape shape, int rowScratch, int threads, bool keepsDetail = false)
    {
        BandLayout layout = new(shape, rowScratch, keepsDetail);
        return Math.Min(threads, layout.Bands) * layout.Floats;
    }

    /// <summary>Computes the frame.</summary>
    /// <param name="shape">The sizes of one frame; a batch of one.</param>
    /// <param name="pair">Makes rows of 2P planes, on several threads.</param>
    /// <param name="logit">Makes rows of the mask's logit, on several threads.</param>
    /// <param name="taps">Makes rows of 4K planes of taps, on several threads: vertical and horizontal ones of the first frame, then of the second.</param>
    /// <param name="detail">Makes rows of 2 planes, on several threads: the energy of each frame's detail, which the output keeps; null: it need not.</param>
    /// <param name="rowScratch">Floats that the making of rows works in.</param>
    /// <param name="output">[P, H, W], written.</param>
    /// <param name="scratch">Working memory of <see cref="ScratchFloats"/>, aligned to a cache line.</param>
    /// <param name="options">Threads, and a level that has the pass.</param>
    /// <param name="made">Rows of the output, in whole <see cref="UnitRows"/>; the rows of taps from <see cref="FirstTapRow"/> of the first to
    /// <see cref="LastTapRow"/> of the last are asked for. Null: all.</param>
    public static void Run(
        in SeparableConvolutionShape shape, PairRows pair, PlaneRows logit, PlaneRows taps, PlaneRows? detail, int rowScratch, float* output, float* scratch,
        EngineOptions options, RowRange? made = null)
    {
        shape.Validate();
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Batch, 1, nameof(shape));
        RowRange rows = made ?? RowRange.All(shape.Height);
        rows.Check(shape.Height, UnitRows(detail is not null));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                new Pass<Operations512, Vector512<float>>(shape, pair, logit, taps, detail, rowScratch, output, scratch).Run(threads, rows);
                break;
            case KernelLevel.Vector256:
                new Pass<Operations256, Vector256<float>>(shape, pair, logit, taps, detail, rowScratch, output, scratch).Run(threads, rows);
                break;
            case KernelLevel.Vector128:
                new Pass<Operations128, Vector128<float>>(shape, pair, logit, taps, detail, rowScratch, output, scratch).Run(threads, rows);
                break;
            default:
                throw new PlatformNotSupportedException("There is no scalar form of this pass: convolve, then blend.");
        }
    }

    private const int StripRows = 4; // rows that share loads of the image: see SeparableForward
    private const int PatchStrips = 3; // strips that a patch has room for: few, so that it stays in the nearest caches

    private static int BlendHalo(bool keepsDetail) => keepsDetail ? StripRows : 0;

    /// <summary>What a thread works in: some strips' rows with their halo, a strip's taps, results and sums, the first frame's share of its pixels, and
    /// where detail is kept the band's blend with its own halo and the energy wanted.</summary>
    private readonly struct BandLayout
    {
        public const int MapRows = 4;   // rows of taps that a strip looks at

        public readonly int BandRows, BlendHalo, TileWidth, PatchColumns, PatchPlane, TapFloats, MapPlane, ShareStride, RowScratch;
        private readonly int planes, maps, height, detailFloats;

        public BandLayout(in SeparableConvolutionShape shape, int rowScratch, bool keepsDetail)
        {
            (planes, maps, height) = (shape.Planes, 4 * shape.Taps, shape.Height);
            (BandRows, BlendHalo) = (UnitRows(keepsDetail), SeparableBlend.BlendHalo(keepsDetail));
            TileWidth = SeparableTiling.Width(shape.Width);
            PatchColumns = Scratch.Rounded(SeparableTiling.Rounded(shape.Width) + shape.Taps - 1);
            PatchPlane = (PatchStrips * StripRows + shape.Taps - 1) * PatchColumns;
            DetailStride = FrameDetail.Stride(shape.Width);
            detailFloats = keepsDetail ? FrameDetail.BandFloats(BlendRows, shape.Width) : 0;
            TapFloats = Scratch.Rounded(shape.Taps * StripRows * TileWidth);
            MapPlane = MapRows * shape.TapWidth;
            ShareStride = Scratch.Rounded(shape.Width);
            RowScratch = Scratch.Rounded(rowScratch);
        }

        public readonly int DetailStride;

        public int Bands => (height + BandRows - 1) / BandRows;

        public int BlendRows => BandRows + 2 * BlendHalo;

        public int ResultPlane => StripRows * TileWidth;

        public int BlendPlane => BlendRows * DetailStride;

        public long Floats => 2L * planes * PatchPlane + 2 * TapFloats + 2 * planes * ResultPlane + Sums + StripRows * ShareStride
            + Scratch.Rounded(maps * MapPlane) + RowScratch + (detailFloats == 0 ? 0 : detailFloats + planes * BlendPlane + (BandRows + 2) * ShareStride);

        public const int Sums = 3 * StripRows * 16;

        public float* Taps(float* memory) => memory + 2L * planes * PatchPlane;

        public float* Results(float* memory) => Taps(memory) + 2 * TapFloats;

        public float* SumsOf(float* memory) => Results(memory) + 2 * planes * ResultPlane;

        public float* Shares(float* memory) => SumsOf(memory) + Sums;

        public float* Maps(float* memory) => Shares(memory) + StripRows * ShareStride;

        public float* Free(float* memory) => Maps(memory) + Scratch.Rounded(maps * MapPlane);

        /// <summary>Only where detail is kept, as are those below.</summary>
        public float* Blend(float* memory) => Free(memory) + RowScratch + FrameDetail.Margin;

        public float* Targets(float* memory) => Free(memory) + RowScratch + planes * BlendPlane;

        public float* Energies(float* memory) => Targets(memory) + BandRows * ShareStride;

        public float* DetailMemory(float* memory) => Energies(memory) + 2 * ShareStride;
    }

    private sealed class Pass<TOperations, TVector>(
        SeparableConvolutionShape shape, PairRows pair, PlaneRows logit, PlaneRows taps, PlaneRows? detail, int rowScratch, float* output, float* scratch)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        private readonly BandLayout layout = new(shape, rowScratch, detail is not null);

        public void Run(int threads, RowRange rows)
        {
            int next = rows.First / layout.BandRows - 1, bands = (rows.End + layout.BandRows - 1) / layout.BandRows;
            Tiles.Run(Math.Min(threads, bands - next - 1), threads, worker =>
            {
                float* memory = scratch + worker * layout.Floats;
                for (int band = Interlocked.Increment(ref next); band < bands; band = Interlocked.Increment(ref next))
                    Band(band * layout.BandRows, memory);
            });
        }

        // Rows from top on; where detail is kept, those around them are blended, too.
        private void Band(int top, float* memory)
        {
            int bottom = Math.Min(top + layout.BandRows, shape.Height);
            int start = Math.Max(top - layout.BlendHalo, 0), end = Math.Min(bottom + layout.BlendHalo, shape.Height);
            int lastMap = shape.TapHeight - 1, made = -1; // the last row of taps in the ring
            int patched = 0, patchTop = start;            // rows of the patch, and what its first strip begins with
            for (int y = start; y < end; y += StripRows)
            {
                var (firstRow, lastRow) = shape.TapScale == 1 ? (y, y + 3) : (y / 2 - 1, y / 2 + 2);
                for (made = Math.Max(made, Math.Max(firstRow, 0) - 1); made < Math.Min(lastRow, lastMap); made++)
                {
                    float* target = layout.Maps(memory) + (made + 1) % BandLayout.MapRows * shape.TapWidth;
                    taps(made + 1, target, layout.MapPlane, layout.Free(memory));
                }
                if (y - patchTop == PatchStrips * StripRows)
                {
                    MoveToTop(memory);
                    (patchTop, patched) = (y, shape.Taps - 1);
                }

                // Only now, so that the strip finds them in the nearest cache.
                int needed = y - patchTop + StripRows + shape.Taps - 1;
                MakePatch(patchTop, patched, needed, top, bottom, memory);
                patched = needed;
                int count = Math.Min(StripRows, end - y);
                for (int r = 0; r < count; r++)
                    MakeShare(y + r, top, bottom, layout.Shares(memory) + r * layout.ShareStride, memory);
                for (int x = 0; x < shape.Width; x += layout.TileWidth)
                    Strip(start, patchTop, y, x, count, Math.Min(layout.TileWidth, shape.Width - x), memory);
            }

            if (detail is not null)
                KeepDetail(new(start, end, top, bottom), memory);
        }

        // The first frame's share in a row, and the energy that its detail is to have.
        private void MakeShare(int y, int top, int bottom, float* share, float* memory)
        {
            logit(y, share, layout.ShareStride, layout.Free(memory));
            FrameBlendKernels<TOperations, TVector>.Share(share, shape.Width);
            if (detail is not null && y >= top && y < bottom)
            {
                float* energies = layout.Energies(memory), target = layout.Targets(memory) + (y - top) * layout.ShareStride;
                detail(y, energies, layout.ShareStride, layout.Free(memory));
                FrameBlendKernels<TOperations, TVector>.Row(1, shape.Width, energies, layout.ShareStride, share, target, layout.ShareStride);
            }
        }

        private void KeepDetail(in DetailRows rows, float* memory)
        {
            float* blend = layout.Blend(memory);
            for (int plane = 0; plane < shape.Planes; plane++)
            {
                for (int y = 0; y < rows.Last - rows.First; y++)
                    FrameDetailKernels<TOperations, TVector>.Frame(blend + plane * layout.BlendPlane + y * layout.DetailStride, shape.Width);
            }

            FrameDetailKernels<TOperations, TVector>.Band(
                shape.Planes, shape.Height, shape.Width, rows, blend, layout.BlendPlane, layout.Targets(memory), layout.ShareStride,
                output + (long)rows.Top * shape.Width, shape.PlaneSize, layout.DetailMemory(memory));
        }

        // Rows and columns beyond the picture repeat its border.
        private void MakePatch(int start, int first, int last, int top, int bottom, float* memory)
        {
            int radius = shape.Taps / 2, made = first == 0 ? -1 : RowOf(first - 1);
            for (int r = first; r < last; r++)
            {
                int row = RowOf(r);
                float* target = memory + r * layout.PatchColumns;
                if (row != made)
                    pair(row, row < top || row >= bottom, target + radius, layout.PatchPlane, layout.Free(memory));
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

            int RowOf(int r) => Math.Clamp(start - radius + r, 0, shape.Height - 1);
        }

        // The last rows of the patch, which the next strip looks at, too.
        private void MoveToTop(float* memory)
        {
            int rows = shape.Taps - 1;
            for (int plane = 0; plane < 2 * shape.Planes; plane++, memory += layout.PatchPlane)
            {
                for (int r = 0; r < rows; r++)
                    new ReadOnlySpan<float>(memory + (PatchStrips * StripRows + r) * layout.PatchColumns, layout.PatchColumns)
                        .CopyTo(new(memory + r * layout.PatchColumns, layout.PatchColumns));
            }
        }

        private void Strip(int start, int patchTop, int y, int x, int rows, int columns, float* memory)
        {
            int width = SeparableTiling.Rounded(columns), planes = shape.Planes;
            float* v = layout.Taps(memory), h = v + layout.TapFloats, results = layout.Results(memory), sums = layout.SumsOf(memory);
            var tapLayout = new TapLayout(
                StripRows * TOperations.Count, TOperations.Count, shape.Taps * StripRows * TOperations.Count);
            for (int frame = 0; frame < 2; frame++)
            {
                float* maps = layout.Maps(memory) + 2L * frame * shape.Taps * layout.MapPlane;
                TapMaps vertical = new(maps, layout.MapPlane, BandLayout.MapRows);
                TapMaps horizontal = new(maps + (long)shape.Taps * layout.MapPlane, layout.MapPlane, BandLayout.MapRows);
                TapRows<TOperations, TVector>.Stage(shape, vertical, y, StripRows, x, width, tapLayout, v);
                TapRows<TOperations, TVector>.Stage(shape, horizontal, y, StripRows, x, width, tapLayout, h);
                float* patch = memory + (long)frame * planes * layout.PatchPlane + (y - patchTop) * layout.PatchColumns + x;
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
                float* share = layout.Shares(memory) + r * layout.ShareStride + x, target = output + (long)(y + r) * shape.Width + x;
                long targetPlane = shape.PlaneSize;
                if (detail is not null)
                {
                    target = layout.Blend(memory) + (y + r - start) * layout.DetailStride + x;
                    targetPlane = layout.BlendPlane;
                }
                FrameBlendKernels<TOperations, TVector>.Row(
                    planes, columns, results + r * layout.TileWidth, layout.ResultPlane, share, target, targetPlane);
            }
        }
    }
}
