using System.Buffers;
using System.Numerics;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>
/// Where some planes hold one value for each block of samples and another has a value for each, as in a picture of 4:2:0 that was saved as 4:4:4 or comes from
/// a camera's mosaic, the frame between holds one value for each of those blocks, too: the mean of what was predicted there.
/// </summary>
/// <remarks>
/// It is what happens to pictures that are stored as 4:2:0. A prediction moves the blocks' edges with the picture, while in true frames they stay where they
/// are. Pictures enlarged as a whole, as of old games, have no plane of values of their own and stay as predicted. Not thread-safe.
/// </remarks>
/// <param name="parallel">How many bands of rows are worked on at a time.</param>
internal sealed class SubsampledColours(ParallelOptions parallel)
{
    private const int RowStep = 8;                          // rows looked at for columns: one in 8
    private const int ColumnStep = 128, ColumnsTogether = 16; // columns looked at for rows: 16 of 128
    private const int LeastEdges = 16;                      // between blocks, where neighbours differ, ...
    private const int LeastEdgeShare = 3;                   // ... and of all of them one in 3
    private const float LargestShare = 1f / 32;             // of the differences between blocks: those inside, ...
    private const float LeastShare = 1f / 4;                // ... and where samples have values of their own
    private const float LargestSpread = 4f / 255;           // of a block that is one value, as a share of the range
    private const int BandRows = 64;
    private const int Colours = 3;                          // alpha is none

    private static readonly ParallelOptions OneThread = new() { MaxDegreeOfParallelism = 1 };
    private readonly PictureFacts<PlaneBlocks> _blocks = new(Look);

    /// <summary>The blocks that both frames' planes have; null where no plane shares values, or all do.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    public PlaneBlocks? Of(PlanarFrame first, PlanarFrame second)
    {
        if (first.IsSubsampled || first.SampleCount < Colours)
        {
            return null;
        }

        PlaneBlocks one = _blocks.Of(first), other = _blocks.Of(second), common = default;
        bool anyShared = false, anySingle = false;
        for (int plane = 0; plane < Colours; plane++)
        {
            if (one[plane] == other[plane])
            {
                common[plane] = one[plane];
                anyShared |= one[plane].AreShared;
                anySingle |= one[plane].AreSingle;
            }
        }

        return anyShared && anySingle ? common : null;
    }

    /// <summary>Gives each block of the frame between one value.</summary>
    /// <param name="blocks">What both frames' planes have in common.</param>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="between">The frame between, as predicted.</param>
    public void Keep(PlaneBlocks blocks, PlanarFrame first, PlanarFrame second, PlanarFrame between)
    {
        // Of pictures that are read for it, rows are read one after another.
        ParallelOptions threads = first.Unread is null && second.Unread is null ? parallel : OneThread;
        int bands = (between.Height + BandRows - 1) / BandRows;
        Parallel.For(0, bands, threads, band =>
        {
            using PictureRows firstRows = new(first), secondRows = new(second);
            for (int plane = 0; plane < Colours; plane++)
            {
                if (blocks[plane].AreShared)
                {
                    Keep(blocks[plane], plane, band, firstRows, secondRows, between);
                }
            }
        });
    }

    private static PlaneBlocks Look(PlanarFrame frame)
    {
        int width = frame.Width, height = frame.Height;
        float[] columns = ArrayPool<float>.Shared.Rent(Colours * width), rows = ArrayPool<float>.Shared.Rent(Colours * height);
        Array.Clear(columns);
        Array.Clear(rows);
        using PictureRows even = new(frame), odd = new(frame);
        for (int y = 0; y < height; y++)
        {
            (PictureRows current, PictureRows before) = y % 2 == 0 ? (even, odd) : (odd, even);
            for (int plane = 0; plane < Colours; plane++)
            {
                ReadOnlySpan<float> row = current.Sample(plane, y);
                if (y % RowStep == 0)
                {
                    AddDifferences(row, columns.AsSpan(plane * width, width));
                }

                if (y > 0)
                {
                    rows[(plane * height) + y - 1] = Difference(before.Sample(plane, y - 1), row);
                }
            }
        }

        PlaneBlocks blocks = default;
        for (int plane = 0; plane < Colours; plane++)
        {
            (int blockWidth, int left) = Repetition(columns.AsSpan(plane * width, width - 1));
            (int blockHeight, int top) = Repetition(rows.AsSpan(plane * height, height - 1));
            blocks[plane] = new(blockWidth, left, blockHeight, top);
        }

        ArrayPool<float>.Shared.Return(columns);
        ArrayPool<float>.Shared.Return(rows);
        return blocks;
    }

    // Adds by how much neighbours x and x + 1 differ.
    private static void AddDifferences(ReadOnlySpan<float> row, Span<float> sums)
    {
        for (int x = 0; x < row.Length - 1; x++)
        {
            sums[x] += Math.Abs(row[x + 1] - row[x]);
        }
    }

    private static float Difference(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        float sum = 0;
        for (int start = 0; start < one.Length; start += ColumnStep)
        {
            for (int x = start; x < Math.Min(one.Length, start + ColumnsTogether); x++)
            {
                sum += Math.Abs(one[x] - other[x]);
            }
        }

        return sum;
    }

    // How many neighbours share a value, and at which the first whole block begins; 0 where that is not clear. differences[i]: by how much i and i + 1 differ.
    private static (int Size, int Phase) Repetition(ReadOnlySpan<float> differences)
    {
        bool areSingle = true;
        foreach (int size in (ReadOnlySpan<int>)[4, 2, 1])
        {
            for (int phase = 0; phase < size; phase++)
            {
                double between = 0, inside = 0;
                int edges = 0;
                for (int i = 0; i < differences.Length; i++)
                {
                    if ((i + 1) % size == phase)
                    {
                        between += differences[i];
                        edges += differences[i] > 0 ? 1 : 0;
                    }
                    else
                    {
                        inside += differences[i];
                    }
                }

                areSingle &= size != 2 || inside >= LeastShare * between;
                if ((size > 1 || areSingle) && edges >= LeastEdges && edges * size * LeastEdgeShare >= differences.Length && inside <= LargestShare * between)
                {
                    return (size, phase);
                }
            }
        }

        return (0, 0);
    }

    private static void Keep(SampleBlocks blocks, int plane, int band, PictureRows first, PictureRows second, PlanarFrame between)
    {
        int width = between.Width, left = Shift(blocks.Width, blocks.Left), bits = BitOperations.Log2((uint)blocks.Width);
        int columns = ((width - 1 + left) >> bits) + 1;
        float largest = LargestSpread * (between.SamplesAreRgb ? 1 : (1 << between.Depth) - 1);
        Block[] row = ArrayPool<Block>.Shared.Rent(columns);
        for (int top = Start(band, blocks, between.Height), end = Start(band + 1, blocks, between.Height); top < end;)
        {
            int bottom = Math.Min(between.Height, top + blocks.Height - ((top + Shift(blocks.Height, blocks.Top)) % blocks.Height));
            row.AsSpan(0, columns).Fill(Block.Empty);
            for (int y = top; y < bottom; y++)
            {
                ReadOnlySpan<float> one = first.Sample(plane, y), other = second.Sample(plane, y);
                ReadOnlySpan<float> predicted = between.SamplePlane(plane).Slice(y * width, width);
                for (int x = 0; x < width; x++)
                {
                    row[(x + left) >> bits].Add(one[x], other[x], predicted[x]);
                }
            }

            for (int y = top; y < bottom; y++)
            {
                Span<float> predicted = between.SamplePlane(plane).Slice(y * width, width);
                for (int x = 0; x < width; x++)
                {
                    ref readonly Block block = ref row[(x + left) >> bits];
                    predicted[x] = block.IsOneValue(largest) ? block.Mean : predicted[x];
                }
            }

            top = bottom;
        }

        ArrayPool<Block>.Shared.Return(row);
    }

    // Samples of the first block that lie outside the picture.
    private static int Shift(int size, int phase) => (size - phase) % size;

    // The first row of a band: one at which a block begins.
    private static int Start(int band, SampleBlocks blocks, int height) =>
        band == 0 ? 0 : band * BandRows >= height ? height : (band * BandRows) - Shift(blocks.Height, blocks.Top);

    // What the samples of a block have been so far.
    private struct Block
    {
        private float _leastFirst, _mostFirst, _leastSecond, _mostSecond, _predicted, _further;
        private int _count;
        private bool _isMoving;

        public static Block Empty => new()
        {
            _leastFirst = float.PositiveInfinity,
            _mostFirst = float.NegativeInfinity,
            _leastSecond = float.PositiveInfinity,
            _mostSecond = float.NegativeInfinity,
        };

        public readonly float Mean => _predicted + (_further / _count);

        public void Add(float first, float second, float predicted)
        {
            _leastFirst = Math.Min(_leastFirst, first);
            _mostFirst = Math.Max(_mostFirst, first);
            _leastSecond = Math.Min(_leastSecond, second);
            _mostSecond = Math.Max(_mostSecond, second);
            _predicted = _count == 0 ? predicted : _predicted;
            _further += predicted - _predicted;
            _count++;
            _isMoving |= first != second || first != predicted;
        }

        // Blocks with detail inside, as of a sign laid over the picture, stay as predicted, and so do still ones.
        public readonly bool IsOneValue(float largestSpread) =>
            _isMoving && _mostFirst - _leastFirst <= largestSpread && _mostSecond - _leastSecond <= largestSpread;
    }
}
