using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>The gradients by minimal filtering: the weights' by the convolution's own products, the input's by a convolution with turned weights.</summary>
/// <remarks>
/// Weights: chunks of tiles are transformed, inputs by Bᵀ d B and gradients by A dY Aᵀ; for each point, products of all pairs of channels are summed
/// over the tiles; at last Gᵀ M G. A point's sums belong to one thread and go through the tiles in their order: so their bits depend on no number
/// of threads.
/// </remarks>
internal sealed unsafe class WinogradGradient<TOperations, TVector, TFilter, TInputFilter>(ConvolutionShape shape) : ConvolutionGradient3x3(shape)
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
    where TFilter : struct, ITrainableFilter
    where TInputFilter : struct, IMinimalFilter
{
    // Tiles of a chunk, so many that the sums' own way in and out of the cache does not count; tiles that one piece of work transforms; pixels that
    // one sums up.
    private const int LeastTiles = 48, MostTiles = 128, PieceTiles = 8, SlicePixels = 2048;

    private readonly WinogradConvolution<TOperations, TVector, TInputFilter> input = new(new(shape.Outputs, shape.Inputs));
    private readonly int inputs = Whole(shape.Inputs, TOperations.Count);
    private readonly int outputs = Whole(shape.Outputs, Math.Max(TOperations.Count, OuterProduct<TOperations, TVector>.Rows));
    private readonly int columns = Whole(shape.Inputs, OuterProduct<TOperations, TVector>.Columns);

    // Floats of a chunk's transformed inputs and gradients: half of the second-level cache.
    private static int ChunkFloats => TOperations.Count == 16 ? 256 << 10 : 64 << 10;

    // Floats of a point's products; as much more as a slot has, for the same reason.
    private nint ProductStep => (nint)outputs * columns + ActivationView.Granularity;

    private static int Squared => TFilter.Points * TFilter.Points;

    public override long WorkspaceFloats(int pictures, int outputHeight, int outputWidth)
    {
        int tiles = TilesOf(outputHeight) * TilesOf(outputWidth) * pictures, chunk = Chunk(tiles);
        long sums = (long)Slices(pictures * outputHeight * outputWidth) * outputs;
        return Math.Max(sums, Squared * (Slot(chunk, inputs) + Slot(chunk, outputs) + ProductStep));
    }

    protected override void Dispose(bool disposing) => input.Dispose();

    private protected override void Replace(WeightView weights, int threads) => input.Replace(weights.Turned, threads);

    private protected override void Input(ActivationView gradient, ActivationView target, int threads) =>
        input.Apply(gradient, target, null, threads, RowRange.All(target.Height));

    private protected override void Result(
        ActivationView output, ActivationView gradient, ActivationView target, Span<float> bias, float* workspace, int threads)
    {
        int pixels = output.Pictures * output.Height * output.Width, slices = Slices(pixels);
        Tiles.Run(slices, threads, slice =>
        {
            int first = slice * SlicePixels, count = Math.Min(SlicePixels, pixels - first);
            float* sums = workspace + (nint)slice * outputs;
            Rectified(
                output.Data + (nint)first * output.PixelStride, output.PixelStride, gradient.Data + (nint)first * gradient.PixelStride, gradient.PixelStride,
                target.Data + (nint)first * target.PixelStride, target.PixelStride, count, sums);
        });
        for (int o = 0; o < bias.Length; o++)
        {
            double sum = 0;
            for (int slice = 0; slice < slices; slice++)
                sum += workspace[(nint)slice * outputs + o];
            bias[o] = (float)sum;
        }
    }

    private protected override void Weights(ActivationView input, ActivationView gradient, WeightView target, float* workspace, int threads)
    {
        int across = TilesOf(gradient.Width), down = TilesOf(gradient.Height), tiles = across * down * gradient.Pictures, chunk = Chunk(tiles);
        nint slot = Slot(chunk, inputs), gradientSlot = Slot(chunk, outputs), block = ProductStep;
        float* points = workspace, gradientPoints = points + Squared * slot, products = gradientPoints + Squared * gradientSlot;
        var source = new TileInput<TOperations, TVector, TFilter>(input, across, down, inputs, inputs, slot);
        for (int first = 0; first < tiles; first += chunk)
        {
            int begin = first, count = Math.Min(chunk, tiles - first);
            Tiles.Run((count + PieceTiles - 1) / PieceTiles, threads, piece =>
            {
                int from = piece * PieceTiles, to = Math.Min(from + PieceTiles, count);
                int m = TFilter.Outputs, patch = m * m * outputs, lineFloats = Math.Max(source.LineFloats, TFilter.Points * m * outputs);
                int edgeFloats = Math.Max(source.EdgeFloats, patch);
                var memory = Scratch.ForThisThread(Scratch.Rounded(lineFloats) + Scratch.Rounded(edgeFloats));
                float* lines = memory.Take(lineFloats), edge = memory.Take(edgeFloats);
                source.Transform(begin + from, begin + to, points + (nint)from * inputs, lines, edge);
                for (int tile = from; tile < to; tile++)
                    Spread(gradient, begin + tile, across, down, gradientPoints + (nint)tile * outputs, gradientSlot, lines, edge);
            });
            Tiles.Run(Squared, threads, point => OuterProduct<TOperations, TVector>.Multiply(
                gradientPoints + point * gradientSlot, outputs, points + point * slot, inputs, count, products + point * block, columns, begin > 0));
        }
        Tiles.Run(Shape.Outputs, threads, output => Unpack(products + (nint)output * columns, block, target, output));
    }

    // A dY Aᵀ of one tile; what lies beyond the picture is zero.
    private void Spread(ActivationView gradient, int tile, int across, int down, float* target, nint slot, float* lines, float* edge)
    {
        int m = TFilter.Outputs, n = TFilter.Points, row = tile / across, top = row % down * m, left = tile % across * m;
        int height = Math.Min(m, gradient.Height - top), width = Math.Min(m, gradient.Width - left);
        float* source = gradient.Pixel(top, left) + row / down * gradient.PictureStride;
        nint sourceRow = gradient.RowStride, sourcePixel = gradient.PixelStride;
        if (height < m || width < m)
        {
            new Span<float>(edge, m * m * outputs).Clear();
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    new ReadOnlySpan<float>(source + y * sourceRow + x * sourcePixel, outputs).CopyTo(new(edge + (y * m + x) * outputs, outputs));
            }
            source = edge;
            (sourceRow, sourcePixel) = (m * outputs, outputs);
        }

        for (int x = 0; x < m; x++)
            Spread(source + x * sourcePixel, sourceRow, lines + x * outputs, m * outputs, outputs);
        for (int y = 0; y < n; y++)
            Spread(lines + y * m * outputs, outputs, target + y * n * slot, slot, outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(float* source, nint step, float* target, nint targetStep, nint count)
    {
        for (nint i = 0; i < count; i += TOperations.Count)
            TFilter.Spread<TOperations, TVector>(source + i, step, target + i, targetStep);
    }

    private void Unpack(float* products, nint pointStep, WeightView target, int output)
    {
        float* gradients = stackalloc float[9 * TOperations.Count];
        for (int i = 0; i < Shape.Inputs; i += TOperations.Count)
        {
            FilterTransform<TOperations, TVector, TFilter>.Unpack(products + i, pointStep, gradients);
            int lanes = Math.Min(TOperations.Count, Shape.Inputs - i);
            for (int tap = 0; tap < 9; tap++)
            {
                float* to = target.At(output, i, tap / 3, tap % 3);
                for (int lane = 0; lane < lanes; lane++)
                    to[lane * target.Input] = gradients[tap * TOperations.Count + lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rectified(float* output, nint outputStep, float* gradient, nint gradientStep, float* target, nint targetStep, int pixels, float* sums)
    {
        TVector slope = TOperations.Create(Shape.Slope), limit = TOperations.Create(float.PositiveInfinity);
        bool rectifies = Shape.Slope != 1;
        for (int channel = 0; channel < outputs; channel += TOperations.Count)
            TOperations.Store(TOperations.Zero, sums + channel);
        for (int pixel = 0; pixel < pixels; pixel++, output += outputStep, gradient += gradientStep, target += targetStep)
        {
            for (int channel = 0; channel < outputs; channel += TOperations.Count)
            {
                TVector value = TOperations.Load(gradient + channel);
                if (rectifies)
                {
                    TVector positive = TOperations.WhereInside(TOperations.Load(output + channel), limit, value);
                    value = TOperations.MultiplyAdd(slope, TOperations.Subtract(value, positive), positive);
                    TOperations.Store(value, target + channel);
                }
                TOperations.Store(TOperations.Add(TOperations.Load(sums + channel), value), sums + channel);
            }
        }
    }

    private static int TilesOf(int size) => (size + TFilter.Outputs - 1) / TFilter.Outputs;

    private int Chunk(int tiles) =>
        Math.Min(Whole(tiles, PieceTiles), Math.Clamp(ChunkFloats / (Squared * (inputs + outputs)) / PieceTiles * PieceTiles, LeastTiles, MostTiles));

    // Not a multiple of 4096 bytes, or all points would share a few sets of the cache; products read a vector beyond the last tile.
    private static nint Slot(int chunk, int channels) => (nint)chunk * channels + ActivationView.Granularity;

    private static int Slices(int pixels) => (pixels + SlicePixels - 1) / SlicePixels;

    private static int Whole(int count, int unit) => (count + unit - 1) / unit * unit;
}
