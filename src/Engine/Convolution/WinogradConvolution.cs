using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>Winograd's minimal filtering with m×m outputs and n×n points a tile, in blocks of tiles that stay in the second-level cache.</summary>
/// <remarks>
/// A block: input transform → n² products [tiles × inputs]·[inputs × outputs] → output transform with bias, rectifier and sum. Products of
/// point p overwrite the transformed inputs of point p − 1, which are used up: a block needs half the cache.
/// </remarks>
internal sealed unsafe class WinogradConvolution<TOperations, TVector, TFilter> : Convolution3x3
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
    where TFilter : struct, IMinimalFilter
{
    // Half-transformed inputs that stay in the first-level cache.
    private const int RunFloats = 8 << 10;

    private readonly int inputs, outputs, columns, blockTiles;
    private readonly float* packed, offsets; // [point][panel][input][panel's columns]; a value for each column

    public WinogradConvolution(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
        : base(shape)
    {
        int n = TFilter.Points, panel = PanelProduct<TOperations, TVector>.Columns;
        inputs = Whole(shape.Inputs, TOperations.Count);
        columns = Whole(shape.Outputs, Math.Max(panel, ActivationView.Granularity));
        outputs = Whole(shape.Outputs, ActivationView.Granularity);
        blockTiles = Math.Clamp(BlockFloats / (n * n * Math.Max(inputs, columns)) / PanelProduct<TOperations, TVector>.Rows, 2, 16)
            * PanelProduct<TOperations, TVector>.Rows;
        packed = Allocate((nuint)n * (nuint)n * (nuint)shape.Inputs * (nuint)columns);
        offsets = Allocate((nuint)Math.Max(columns, outputs));
        bias.CopyTo(new Span<float>(offsets, columns));
        Pack(weights);
    }

    // Floats of a block's transformed inputs: a quarter to half of the second-level cache, which has 512 KiB at least, and 1 MiB or more where
    // vectors have 512 bit.
    private static int BlockFloats => TOperations.Count == 16 ? 128 << 10 : 32 << 10;

    public override long Bytes => sizeof(float) * ((long)TFilter.Points * TFilter.Points * Shape.Inputs * columns + columns);

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(packed);
        NativeMemory.AlignedFree(offsets);
    }

    ~WinogradConvolution() => Dispose(false);

    private protected override void Apply(ActivationView input, ActivationView output, ActivationView? added, int threads)
    {
        var pass = new Pass(this, input, output, added, threads);
        Tiles.Run(pass.Blocks, threads, pass.Block);
        GC.KeepAlive(this);
    }

    // G g Gᵀ for each pair of channels, in float64.
    private void Pack(ReadOnlySpan<float> weights)
    {
        int n = TFilter.Points, panel = PanelProduct<TOperations, TVector>.Columns, count = Shape.Inputs;
        double[,] g = TFilter.Taps;
        double* half = stackalloc double[n * 3];
        for (int o = 0; o < Shape.Outputs; o++)
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> window = weights.Slice((o * count + i) * 9, 9);
                for (int v = 0; v < n; v++)
                {
                    for (int u = 0; u < 3; u++)
                        half[v * 3 + u] = g[v, 0] * window[u] + g[v, 1] * window[3 + u] + g[v, 2] * window[6 + u];
                }
                for (int point = 0; point < n * n; point++)
                {
                    double* row = half + point / n * 3;
                    int u = point % n;
                    packed[(((nint)point * (columns / panel) + o / panel) * count + i) * panel + o % panel] =
                        (float)(g[u, 0] * row[0] + g[u, 1] * row[1] + g[u, 2] * row[2]);
                }
            }
        }
    }

    private static int Whole(int channels, int unit) => (channels + unit - 1) / unit * unit;

    private static float* Allocate(nuint floats)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc(floats * sizeof(float), 64);
        NativeMemory.Clear(memory, floats * sizeof(float));
        return memory;
    }

    /// <summary>One call: what all its blocks share.</summary>
    private sealed class Pass
    {
        private readonly WinogradConvolution<TOperations, TVector, TFilter> layer;
        private readonly ActivationView input, output, residual;
        private readonly bool adds;
        private readonly int tilesAcross, tiles, blockTiles, run, scratch, patch;
        private readonly nint slot, lineStep;

        public Pass(WinogradConvolution<TOperations, TVector, TFilter> layer, ActivationView input, ActivationView output, ActivationView? added, int threads)
        {
            int m = TFilter.Outputs, n = TFilter.Points, step = m * TFilter.Stride, rows = PanelProduct<TOperations, TVector>.Rows;
            (this.layer, this.input, this.output) = (layer, input, output);
            (adds, residual) = (added is not null, added.GetValueOrDefault());
            tilesAcross = (output.Width + m - 1) / m;
            tiles = tilesAcross * ((output.Height + m - 1) / m);
            // Small pictures are divided among the threads, too; which block a tile belongs to does not change its bits.
            blockTiles = Math.Min(layer.blockTiles, Whole((tiles + threads - 1) / threads, rows));
            run = Math.Max(1, RunFloats / (n * step * input.PixelStride));
            // Not a multiple of 4096 bytes, or all points would share a few sets of the cache.
            slot = blockTiles * Math.Max(layer.inputs, layer.columns) + ActivationView.Granularity;
            lineStep = (run * step + n - step) * input.PixelStride;
            patch = (int)(n * lineStep);
            scratch = Scratch.Rounded((int)((n * n + 1) * slot)) + Scratch.Rounded((int)(n * Math.Max(lineStep, m * layer.columns))) + Scratch.Rounded(patch);
            Blocks = (tiles + blockTiles - 1) / blockTiles;
        }

        public int Blocks { get; }

        public void Block(int block)
        {
            int n = TFilter.Points, rows = PanelProduct<TOperations, TVector>.Rows, panels = layer.columns / PanelProduct<TOperations, TVector>.Columns;
            var memory = Scratch.ForThisThread(scratch);
            float* points = memory.Take((int)((n * n + 1) * slot));
            float* lines = memory.Take((int)(n * Math.Max(lineStep, TFilter.Outputs * layer.columns)));
            float* edge = memory.Take(patch);

            int first = block * blockTiles, last = Math.Min(first + blockTiles, tiles);
            for (int tile = first, length; tile < last; tile += length)
            {
                length = Math.Min(Math.Min(run, tilesAcross - tile % tilesAcross), last - tile);
                InputRun(tile / tilesAcross, tile % tilesAcross, length, points + slot + (nint)(tile - first) * layer.inputs, lines, edge);
            }

            int groups = (last - first + rows - 1) / rows;
            nint weights = (nint)layer.Shape.Inputs * layer.columns;
            for (int point = 0; point < n * n; point++)
            {
                PanelProduct<TOperations, TVector>.Multiply(
                    points + (point + 1) * slot, layer.inputs, groups, layer.Shape.Inputs, layer.packed + point * weights, panels, points + point * slot, layer.columns);
            }

            for (int tile = first; tile < last; tile++)
                OutputTile(tile / tilesAcross, tile % tilesAcross, points + (nint)(tile - first) * layer.columns, lines);
        }

        // Neighbouring tiles of a row share columns: their transform along the columns is done once for the whole run.
        private void InputRun(int row, int column, int length, float* target, float* lines, float* edge)
        {
            int step = TFilter.Outputs * TFilter.Stride, n = TFilter.Points, channels = input.PixelStride;
            int top = row * step - 1, left = column * step - 1, width = length * step + n - step;
            int begin = Math.Max(left, 0), end = Math.Min(left + width, input.Width);
            nint before = (nint)(begin - left) * channels, inside = (nint)(end - begin) * channels, after = (nint)(left + width - end) * channels;
            float* source = input.Data + top * input.RowStride + (nint)begin * channels;
            nint sourceStep = input.RowStride;
            if (top < 0 || top + n > input.Height)
            {
                for (int y = 0; y < n; y++)
                {
                    var copy = new Span<float>(edge + y * inside, (int)inside);
                    if (top + y >= 0 && top + y < input.Height)
                        new ReadOnlySpan<float>(source + y * sourceStep, (int)inside).CopyTo(copy);
                    else
                        copy.Clear();
                }
                source = edge;
                sourceStep = inside;
            }

            Columns(source, sourceStep, lines + before, lineStep, inside);
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
                    Columns(lines + y * lineStep + (nint)tile * step * channels, channels, target + y * n * slot + (nint)tile * layer.inputs, slot, layer.inputs);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Columns(float* source, nint step, float* target, nint targetStep, nint count)
        {
            for (nint i = 0; i < count; i += TOperations.Count)
                TFilter.Input<TOperations, TVector>(source + i, step, target + i, targetStep);
        }

        private void OutputTile(int row, int column, float* source, float* lines)
        {
            int m = TFilter.Outputs, n = TFilter.Points, width = layer.columns;
            nint step = m * width;
            for (int y = 0; y < n; y++)
                Rows(source + y * n * slot, slot, lines + y * step, width, width);

            int top = row * m, left = column * m, height = Math.Min(m, output.Height - top);
            int end = Math.Min(m, output.Width - left);
            for (int x = 0; x < end; x++)
            {
                float* target = output.Pixel(top, left + x);
                float* added = adds ? residual.Pixel(top, left + x) : null;
                Finish(lines + x * width, step, target, output.RowStride, added, adds ? residual.RowStride : 0, height);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Rows(float* source, nint sourceStep, float* target, nint targetStep, nint count)
        {
            for (nint i = 0; i < count; i += TOperations.Count)
            {
                TFilter.Output<TOperations, TVector>(source + i, sourceStep, out TVector y0, out TVector y1, out TVector y2, out TVector y3);
                TOperations.Store(y0, target + i);
                TOperations.Store(y1, target + i + targetStep);
                TOperations.Store(y2, target + i + 2 * targetStep);
                if (TFilter.Outputs > 3)
                    TOperations.Store(y3, target + i + 3 * targetStep);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Finish(float* source, nint step, float* target, nint targetStep, float* added, nint addedStep, int height)
        {
            TVector slope = TOperations.Create(layer.Shape.Slope);
            float* bias = layer.offsets;
            for (nint i = 0; i < layer.outputs; i += TOperations.Count)
            {
                TFilter.Output<TOperations, TVector>(source + i, step, out TVector y0, out TVector y1, out TVector y2, out TVector y3);
                TVector constant = TOperations.Load(bias + i);
                Store(y0, constant, slope, target + i, added + i, adds);
                if (height > 1)
                    Store(y1, constant, slope, target + i + targetStep, added + i + addedStep, adds);
                if (height > 2)
                    Store(y2, constant, slope, target + i + 2 * targetStep, added + i + 2 * addedStep, adds);
                if (TFilter.Outputs > 3 && height > 3)
                    Store(y3, constant, slope, target + i + 3 * targetStep, added + i + 3 * addedStep, adds);
            }
        }

        // max(y, slope·y) is the rectifier for every slope from 0 to 1; at 1 it is y itself.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(TVector y, TVector constant, TVector slope, float* target, float* added, bool adds)
        {
            y = TOperations.Add(y, constant);
            y = TOperations.Max(y, TOperations.Multiply(y, slope));
            TOperations.Store(adds ? TOperations.Add(y, TOperations.Load(added)) : y, target);
        }
    }
}
