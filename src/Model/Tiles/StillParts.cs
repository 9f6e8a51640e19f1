using System.Buffers;
using System.Numerics;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>
/// Where the samples of both frames are equal as far as a kernel reaches, and nothing moves by a pixel, the frame between has them too, bit
/// for bit: logos, subtitles, still pictures.
/// </summary>
internal static unsafe class StillParts
{
    private const int BandRows = 64;

    /// <summary>Puts the still samples into the frame between.</summary>
    /// <param name="shape">What the tile consists of.</param>
    /// <param name="samples">Both frames' samples.</param>
    /// <param name="result">What was predicted; written to where the frames have samples.</param>
    /// <param name="reach">Kernel size: rows and columns that must be equal around a pixel, half of them each way.</param>
    /// <param name="parallel">How many bands of rows are worked on at a time.</param>
    public static void Keep(TileShape shape, FramePair samples, TileResult result, int reach, ParallelOptions parallel)
    {
        Part part = new(shape, samples, result, reach / 2);
        int bands = (samples.First.Height + BandRows - 1) / BandRows;
        Parallel.For(0, bands, parallel, band => part.Keep(band * BandRows, Math.Min(samples.First.Height, (band + 1) * BandRows)));
    }

    private sealed class Part(TileShape shape, FramePair samples, TileResult result, int reach)
    {
        private readonly PlaneView _first = samples.First, _second = samples.Second;

        private int Width => _first.Width;

        // Rows from top to bottom. lastRow: the last row so far in which something differs as far as the kernel reaches to both sides.
        public void Keep(int top, int bottom)
        {
            int[] lastRow = ArrayPool<int>.Shared.Rent(Width), differs = ArrayPool<int>.Shared.Rent(Width);
            lastRow.AsSpan(0, Width).Fill(int.MinValue / 2);
            for (int row = Math.Max(0, top - reach); row < Math.Min(_first.Height, bottom + reach) || row - reach < bottom; row++)
            {
                if (row < _first.Height)
                {
                    Compare(row, differs);
                    Spread(row, differs, lastRow);
                }

                int middle = row - reach;
                if (middle >= top)
                {
                    Restore(middle, lastRow);
                }
            }

            ArrayPool<int>.Shared.Return(lastRow);
            ArrayPool<int>.Shared.Return(differs);
        }

        // −1 where any plane differs, else 0.
        private void Compare(int row, int[] differs)
        {
            for (int p = 0; p < shape.SampleCount; p++)
            {
                ReadOnlySpan<float> first = new(_first.Row(p, row), Width), second = new(_second.Row(p, row), Width);
                int x = 0;
                for (; x <= Width - Vector<float>.Count; x += Vector<float>.Count)
                {
                    Vector<int> unequal = Vector.OnesComplement(Vector.Equals(new Vector<float>(first[x..]), new Vector<float>(second[x..])));
                    (p == 0 ? unequal : unequal | new Vector<int>(differs, x)).CopyTo(differs, x);
                }

                for (; x < Width; x++)
                {
                    differs[x] = (p == 0 ? 0 : differs[x]) | (first[x] == second[x] ? 0 : -1);
                }
            }
        }

        private void Spread(int row, int[] differs, int[] lastRow)
        {
            int last = int.MinValue / 2; // the last column so far that differs
            for (int x = 0; x < Width + reach; x++)
            {
                if (x < Width && differs[x] != 0)
                {
                    last = x;
                }

                if (x >= reach && last >= x - 2 * reach)
                {
                    lastRow[x - reach] = row;
                }
            }
        }

        private void Restore(int row, int[] lastRow)
        {
            float* between = result.Samples + (long)row * shape.Width, motion = result.Motion is null ? null : result.Motion + (long)row * shape.Width;
            int since = row - reach;
            int x = 0;
            for (; x < Width; x++)
            {
                // Most rows hold nothing still: whole vectors are passed over.
                while (x <= Width - Vector<int>.Count && Vector.GreaterThanOrEqualAll(new Vector<int>(lastRow, x), new Vector<int>(since)))
                {
                    x += Vector<int>.Count;
                }

                if (x < Width && lastRow[x] < since && (motion is null || motion[x] < 1))
                {
                    for (int p = 0; p < shape.SampleCount; p++)
                    {
                        between[p * shape.PlaneLength + x] = _first.Row(p, row)[x];
                    }
                }
            }
        }
    }
}
