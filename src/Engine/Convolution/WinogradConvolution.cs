using System.Runtime.CompilerServices;
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
    private readonly int inputs, columns, blockTiles;
    private float* packed, offsets; // [distinct point][panel][input][panel's columns]; a value for each column

    public WinogradConvolution(ConvolutionShape shape)
        : base(shape)
    {
        int n = TFilter.Points, rows = 2 * PanelProduct<TOperations, TVector>.Rows;
        inputs = Whole(shape.Inputs, TOperations.Count);
        columns = Whole(shape.Outputs, ActivationView.Granularity);
        blockTiles = Math.Clamp(BlockFloats / (n * n * Math.Max(inputs, columns)) / rows, 1, 8) * rows;
        try
        {
            packed = NativeFloats.AllocateZeros(PackedFloats);
            offsets = NativeFloats.AllocateZeros(columns);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // Floats of a block's transformed inputs: a quarter to half of the second-level cache, which has 512 KiB at least, and 1 MiB or more where
    // vectors have 512 bit.
    private static int BlockFloats => TOperations.Count == 16 ? 128 << 10 : 32 << 10;

    private long PackedFloats => (long)TFilter.DistinctPoints * TFilter.DistinctPoints * PointStep(Shape);

    public override int UnitRows => TFilter.Outputs;

    public override long Bytes => sizeof(float) * (PackedFloats + columns);

    protected override void Dispose(bool disposing)
    {
        NativeFloats.Free(packed);
        NativeFloats.Free(offsets);
        packed = offsets = null;
    }

    ~WinogradConvolution() => Dispose(false);

    internal override void Replace(WeightView weights, int threads)
    {
        ObjectDisposedException.ThrowIf(packed is null, this);
        FilterTransform<TOperations, TVector, TFilter>.Pack(weights, Shape.Inputs, Shape.Outputs, packed, PointStep(Shape), columns, threads);
    }

    internal override void ReplaceBias(ReadOnlySpan<float> bias)
    {
        ObjectDisposedException.ThrowIf(packed is null, this);
        bias.CopyTo(new Span<float>(offsets, columns));
    }

    internal override void Apply(ActivationView input, ActivationView output, ActivationView? added, int threads, RowRange rows)
    {
        ObjectDisposedException.ThrowIf(packed is null, this);
        var pass = new Pass(this, input, output, added, threads, rows);
        Tiles.Run(pass.Blocks, threads, pass.Block);
        GC.KeepAlive(this);
    }

    private static int Whole(int count, int unit) => (count + unit - 1) / unit * unit;

    /// <summary>One call: what all its blocks share.</summary>
    private sealed class Pass
    {
        private readonly WinogradConvolution<TOperations, TVector, TFilter> layer;
        private readonly TileInput<TOperations, TVector, TFilter> source;
        private readonly ActivationView output, residual;
        private readonly bool adds;
        private readonly int tilesAcross, tilesDown, firstTile, tiles, blockTiles, lineFloats;
        private readonly nint pointStep, tileStep;

        public Pass(
            WinogradConvolution<TOperations, TVector, TFilter> layer, ActivationView input, ActivationView output, ActivationView? added, int threads,
            RowRange rows)
        {
            int m = TFilter.Outputs;
            (this.layer, this.output) = (layer, output);
            (adds, residual) = (added is not null, added.GetValueOrDefault());
            tilesAcross = (output.Width + m - 1) / m;
            tilesDown = (output.Height + m - 1) / m;
            firstTile = rows.First / m * tilesAcross;
            tiles = rows.Count == output.Height ? tilesAcross * tilesDown * output.Pictures : (rows.Count + m - 1) / m * tilesAcross;
            // Every thread has as many blocks, of the same size; which block a tile belongs to does not change its bits.
            int blocks = Whole((tiles + layer.blockTiles - 1) / layer.blockTiles, threads);
            blockTiles = Whole((tiles + blocks - 1) / blocks, PanelProduct<TOperations, TVector>.Rows);
            // A tile's points lie together, its products in front of them; not a multiple of 4096 bytes, or all tiles would share a few sets of the cache.
            pointStep = Math.Max(layer.inputs, layer.columns);
            tileStep = ((TFilter.Points * TFilter.Points) + 1) * pointStep + ActivationView.Granularity;
            source = new(input, tilesAcross, tilesDown, layer.inputs, tileStep, pointStep);
            lineFloats = Math.Max(source.LineFloats, TFilter.Points * m * layer.columns);
            Blocks = (tiles + blockTiles - 1) / blockTiles;
        }

        public int Blocks { get; }

        public void Block(int block)
        {
            int n = TFilter.Points, pointFloats = (int)(blockTiles * tileStep);
            var memory = Scratch.ForThisThread(Scratch.Rounded(pointFloats) + Scratch.Rounded(lineFloats) + Scratch.Rounded(source.EdgeFloats));
            float* points = memory.Take(pointFloats), lines = memory.Take(lineFloats), edge = memory.Take(source.EdgeFloats);

            int first = firstTile + block * blockTiles, last = Math.Min(first + blockTiles, firstTile + tiles);
            source.Transform(first, last, points + pointStep, lines, edge);

            int rows = Whole(last - first, PanelProduct<TOperations, TVector>.Rows);
            int distinct = TFilter.DistinctPoints;
            for (int point = 0; point < n * n; point++)
            {
                nint weights = PointStep(layer.Shape) * (Math.Min(point / n, distinct - 1) * distinct + Math.Min(point % n, distinct - 1));
                PanelProduct<TOperations, TVector>.Multiply(
                    points + (point + 1) * pointStep, tileStep, rows, layer.Shape.Inputs, layer.packed + weights, layer.columns,
                    points + point * pointStep, tileStep);
            }

            for (int tile = first; tile < last; tile++)
                OutputTile(tile / tilesAcross, tile % tilesAcross, points + (tile - first) * tileStep, lines);
        }

        private void OutputTile(int row, int column, float* products, float* lines)
        {
            int m = TFilter.Outputs, n = TFilter.Points, width = layer.columns;
            nint step = m * width;
            for (int y = 0; y < n; y++)
                Rows(products + y * n * pointStep, pointStep, lines + y * step, width, width);

            int picture = row / tilesDown, top = row % tilesDown * m, left = column * m, height = Math.Min(m, output.Height - top);
            int end = Math.Min(m, output.Width - left);
            for (int x = 0; x < end; x++)
            {
                float* target = output.Pixel(top, left + x) + picture * output.PictureStride;
                float* added = adds ? residual.Pixel(top, left + x) + picture * residual.PictureStride : null;
                Finish(lines + x * width, step, target, output.RowStride, added, adds ? residual.RowStride : 0, height);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Rows(float* source, nint sourceStep, float* target, nint targetStep, nint count)
        {
            for (nint i = 0; i < count; i += TOperations.Count)
            {
                TFilter.Output<TOperations, TVector>(
                    source + i, sourceStep, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5);
                TOperations.Store(y0, target + i);
                TOperations.Store(y1, target + i + targetStep);
                if (TFilter.Outputs > 2)
                    TOperations.Store(y2, target + i + 2 * targetStep);
                if (TFilter.Outputs > 3)
                    TOperations.Store(y3, target + i + 3 * targetStep);
                if (TFilter.Outputs > 4)
                {
                    TOperations.Store(y4, target + i + 4 * targetStep);
                    TOperations.Store(y5, target + i + 5 * targetStep);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Finish(float* source, nint step, float* target, nint targetStep, float* added, nint addedStep, int height)
        {
            TVector slope = TOperations.Create(layer.Shape.Slope);
            float* bias = layer.offsets;
            for (nint i = 0; i < layer.columns; i += TOperations.Count)
            {
                TFilter.Output<TOperations, TVector>(
                    source + i, step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5);
                TVector constant = TOperations.Load(bias + i);
                Store(y0, constant, slope, target + i, added + i, adds);
                if (height > 1)
                    Store(y1, constant, slope, target + i + targetStep, added + i + addedStep, adds);
                if (TFilter.Outputs > 2 && height > 2)
                    Store(y2, constant, slope, target + i + 2 * targetStep, added + i + 2 * addedStep, adds);
                if (TFilter.Outputs > 3 && height > 3)
                    Store(y3, constant, slope, target + i + 3 * targetStep, added + i + 3 * addedStep, adds);
                if (TFilter.Outputs > 4 && height > 4)
                    Store(y4, constant, slope, target + i + 4 * targetStep, added + i + 4 * addedStep, adds);
                if (TFilter.Outputs > 4 && height > 5)
                    Store(y5, constant, slope, target + i + 5 * targetStep, added + i + 5 * addedStep, adds);
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
