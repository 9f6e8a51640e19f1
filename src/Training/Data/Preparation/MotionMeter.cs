namespace AdaConv.Training.Data.Preparation;

/// <summary>Measures motion between two frames by block matching, for the report: whole pixels, up to 35 each way.</summary>
/// <remarks>
/// Up to 12×8 blocks of 32×32 pixels of green are looked for in the next frame: at a quarter of the size by up to 8 pixels each way, then at
/// full size by up to 3 around the best place. Blocks without contrast say nothing and do not count.
/// </remarks>
internal sealed class MotionMeter(int width, int height)
{
    private const int Block = 32, Reduction = 4, Reach = 8, Refinement = 3, Columns = 12, Rows = 8;
    private const int Contrast = 16; // least range of green in a block, at a quarter of the size
    private readonly int _reducedWidth = width / Reduction, _reducedHeight = height / Reduction;
    private readonly byte[] _first = new byte[width / Reduction * (height / Reduction)];
    private readonly byte[] _second = new byte[width / Reduction * (height / Reduction)];

    /// <summary>The displacement in pixels that nine in ten blocks stay below or at; 0 without contrast.</summary>
    public float Measure(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Reduce(first, _first);
        Reduce(second, _second);
        List<float> lengths = [];
        int columns = Math.Clamp(width / Block, 0, Columns), rows = Math.Clamp(height / Block, 0, Rows);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                // On the reduced grid, so that both searches speak of the same pixels.
                int x = (width - Block) * (2 * column + 1) / (2 * columns) / Reduction, y = (height - Block) * (2 * row + 1) / (2 * rows) / Reduction;
                if (HasContrast(x, y))
                {
                    var coarse = Search(_first, _second, _reducedWidth, _reducedHeight, x, y, Block / Reduction, 1, (0, 0), Reach);
                    var (right, down) = Search(
                        first, second, width, height, Reduction * x, Reduction * y, Block, 2, (Reduction * coarse.X, Reduction * coarse.Y), Refinement);
                    lengths.Add(MathF.Sqrt(right * right + down * down));
                }
            }
        }

        lengths.Sort();
        return lengths.Count > 0 ? lengths[(int)(0.9 * (lengths.Count - 1))] : 0;
    }

    private void Reduce(ReadOnlySpan<byte> plane, Span<byte> reduced)
    {
        for (int y = 0; y < _reducedHeight; y++)
        {
            for (int x = 0; x < _reducedWidth; x++)
            {
                int sum = 0;
                for (int line = 0; line < Reduction; line++)
                {
                    ReadOnlySpan<byte> four = plane.Slice((Reduction * y + line) * width + Reduction * x, Reduction);
                    sum += four[0] + four[1] + four[2] + four[3];
                }

                reduced[y * _reducedWidth + x] = (byte)(sum / (Reduction * Reduction));
            }
        }
    }

    private bool HasContrast(int x, int y)
    {
        byte least = 255, most = 0;
        for (int line = y; line < y + Block / Reduction; line++)
        {
            foreach (byte value in _first.AsSpan(line * _reducedWidth + x, Block / Reduction))
            {
                least = Math.Min(least, value);
                most = Math.Max(most, value);
            }
        }

        return most - least >= Contrast;
    }

    // The best displacement around a centre; of equally good ones the first found, and the centre itself is looked at first.
    private static (int X, int Y) Search(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int width, int height, int x, int y, int block, int step, (int X, int Y) centre, int reach)
    {
        var best = centre;
        long least = Difference(first, second, width, height, x, y, block, step, centre.X, centre.Y, long.MaxValue);
        for (int down = centre.Y - reach; down <= centre.Y + reach; down++)
        {
            for (int right = centre.X - reach; right <= centre.X + reach; right++)
            {
                long difference = Difference(first, second, width, height, x, y, block, step, right, down, least);
                if (difference < least)
                {
                    (best, least) = ((right, down), difference);
                }
            }
        }

        return best;
    }

    private static long Difference(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int width, int height, int x, int y, int block, int step, int right, int down, long limit)
    {
        if (x + right < 0 || y + down < 0 || x + right + block > width || y + down + block > height)
        {
            return long.MaxValue;
        }

        long sum = 0;
        for (int line = 0; line < block && sum < limit; line += step)
        {
            ReadOnlySpan<byte> here = first.Slice((y + line) * width + x, block), there = second.Slice((y + down + line) * width + x + right, block);
            for (int i = 0; i < here.Length; i += step)
            {
                sum += Math.Abs(here[i] - there[i]);
            }
        }

        return sum;
    }
}
