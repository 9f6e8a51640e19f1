using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The forward pass in tiles. For each tile the image is copied with its halo, so that borders cost nothing later; then four
/// output rows at a time share each load of the image, which is what bounds the rate: those loads are unaligned.
/// </summary>
internal sealed unsafe class SeparableForward<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int StripRows = 4;
    private const int TileHeight = 32;

    private readonly SeparableConvolutionShape shape;
    private readonly TensorView image, vertical, horizontal, output;
    private readonly int tileWidth, tilesAcross, tilesDown;
    private readonly int patchRows, patchColumns;

    private SeparableForward(SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView output)
    {
        this.shape = shape;
        (this.image, this.vertical, this.horizontal, this.output) = (image, vertical, horizontal, output);
        tileWidth = SeparableTiling.Width(shape.Width);
        tilesAcross = (shape.Width + tileWidth - 1) / tileWidth;
        tilesDown = (shape.Height + TileHeight - 1) / TileHeight;
        patchRows = TileHeight + shape.Taps - 1;
        patchColumns = Scratch.Rounded(tileWidth + shape.Taps - 1);
    }

    public static void Run(SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView output, int threads)
    {
        var pass = new SeparableForward<TOperations, TVector>(shape, image, vertical, horizontal, output);
        Tiles.Run(shape.Batch * pass.tilesDown * pass.tilesAcross, threads, pass.Tile);
    }

    private void Tile(int index)
    {
        (int rest, int across) = Math.DivRem(index, tilesAcross);
        (int n, int down) = Math.DivRem(rest, tilesDown);
        int x0 = across * tileWidth, y0 = down * TileHeight;
        int rows = Math.Min(TileHeight, shape.Height - y0), columns = Math.Min(tileWidth, shape.Width - x0);
        int width = SeparableTiling.Rounded(columns);
        int tapFloats = shape.Taps * StripRows * width;

        int patchPlane = patchRows * patchColumns;
        var scratch = Scratch.ForThisThread(Scratch.Rounded(shape.Planes * patchPlane) + 2 * Scratch.Rounded(tapFloats)
            + 3 * StripRows * 16);
        float* patch = scratch.Take(shape.Planes * patchPlane);
        float* v = scratch.Take(tapFloats);
        float* h = scratch.Take(tapFloats);
        float* sums = scratch.Take(3 * StripRows * TOperations.Count);

        int stripRows = (rows + StripRows - 1) / StripRows * StripRows;
        for (int p = 0; p < shape.Planes; p++)
        {
            ImagePatch.Copy(image.Item(n) + p * shape.PlaneSize, shape.Height, shape.Width, y0 - shape.Taps / 2, stripRows + shape.Taps - 1,
                x0 - shape.Taps / 2, patchColumns, patch + p * patchPlane);
        }

        var layout = new TapLayout(StripRows * TOperations.Count, TOperations.Count, shape.Taps * StripRows * TOperations.Count);
        for (int y = 0; y < rows; y += StripRows)
        {
            TapRows<TOperations, TVector>.Stage(shape, vertical.Item(n), y0 + y, StripRows, x0, width, layout, v);
            TapRows<TOperations, TVector>.Stage(shape, horizontal.Item(n), y0 + y, StripRows, x0, width, layout, h);
            for (int x = 0; x < columns; x += TOperations.Count)
            {
                int taps = x / TOperations.Count * layout.Vector;
                float* target = output.Item(n) + (long)(y0 + y) * shape.Width + x0 + x;
                Block(shape, patch + y * patchColumns + x, patchPlane, patchColumns, v + taps, h + taps, sums, target, shape.PlaneSize, shape.Width,
                    Math.Min(StripRows, rows - y), columns - x);
            }
        }
    }

    /// <summary>One vector of columns in four rows, all planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Block(in SeparableConvolutionShape shape, float* patch, long patchPlane, int patchColumns, float* v, float* h, float* sums,
        float* target, long targetPlane, long targetRow, int rows, int columns)
    {
        for (int p = 0; p < shape.Planes;)
        {
            int planes = Math.Min(shape.Planes - p, 3);
            float* source = patch + p * patchPlane;
            switch (planes)
            {
                case 3:
                    SeparableForwardKernels<TOperations, TVector>.ThreePlanes(source, patchColumns, patchPlane, v, h, shape.Taps, sums);
                    break;
                case 2:
                    SeparableForwardKernels<TOperations, TVector>.TwoPlanes(source, patchColumns, patchPlane, v, h, shape.Taps, sums);
                    break;
                default:
                    SeparableForwardKernels<TOperations, TVector>.OnePlane(source, patchColumns, v, h, shape.Taps, sums);
                    break;
            }
            for (int r = 0; r < rows; r++)
            {
                TVector factor = TOperations.Create(1);
                if (shape.Normalize)
                    factor = SeparableTiling.Factor<TOperations, TVector>(v + r * TOperations.Count, h + r * TOperations.Count, shape.Taps,
                        StripRows * TOperations.Count);
                for (int q = 0; q < planes; q++)
                {
                    TVector sum = TOperations.Load(sums + (q * StripRows + r) * TOperations.Count);
                    TOperations.Store(TOperations.Multiply(sum, factor),
                        target + (p + q) * targetPlane + r * targetRow, columns);
                }
            }
            p += planes;
        }
    }
}
