using System.Buffers;
using System.Numerics;

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
    /// <param name="input">Its planes, as a <see cref="TilePrediction"/> has them.</param>
    /// <param name="result">What was predicted; written to.</param>
    /// <param name="reach">Kernel size: rows and columns that must be equal around a pixel, half of them each way.</param>
    /// <param name="parallel">How many bands of rows are worked on at a time.</param>
    public static void Keep(TileShape shape, float* input, TileResult result, int reach, ParallelOptions parallel)
    {
        float* samples = input + shape.FirstSamplePlane * shape.PlaneLength, between = result.Samples, motion = result.Motion;
        var part = new Part(shape.SampleCount, shape.Height, shape.Width, reach / 2);
        int bands = (part.Height + BandRows - 1) / BandRows;
        Parallel.For(0, bands, parallel, band =>
            part.Keep(band * BandRows, Math.Min(part.Height, (band + 1) * BandRows), between, samples, motion));
    }

    private readonly record struct Part(int Planes, int Height, int Width, int Reach)
    {
        // Rows from top to bottom. lastRow: the last row so far in which something differs as far as the kernel reaches to both sides.
        public void Keep(int top, int bottom, float* between, float* samples, float* motion)
        {
            int[] lastRow = ArrayPool<int>.Shared.Rent(Width), differs = ArrayPool<int>.Shared.Rent(Width);
            lastRow.AsSpan(0, Width).Fill(int.MinValue / 2);
            for (int row = Math.Max(0, top - Reach); row < Math.Min(Height, bottom + Reach) || row - Reach < bottom; row++)
            {
                if (row < Height)
                {
                    Compare(row, samples, differs);
                    Spread(row, differs, lastRow);
                }

                int middle = row - Reach;
                if (middle >= top)
                {
                    Restore(middle, lastRow, between, samples, motion);
                }
            }

            ArrayPool<int>.Shared.Return(lastRow);
            ArrayPool<int>.Shared.Return(differs);
        }

        // −1 where any plane differs, else 0.
        private void Compare(int row, float* samples, int[] differs)
        {
            long plane = (long)Height * Width;
            for (int p = 0; p < Planes; p++)
            {
                var first = new ReadOnlySpan<float>(samples + p * plane + (long)row * Width, Width);
                var second = new ReadOnlySpan<float>(samples + (Planes + p) * plane + (long)row * Width, Width);
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
            for (int x = 0; x < Width + Reach; x++)
            {
                if (x < Width && differs[x] != 0)
                {
                    last = x;
                }

                if (x >= Reach && last >= x - 2 * Reach)
                {
                    lastRow[x - Reach] = row;
                }
            }
        }

        private void Restore(int row, int[] lastRow, float* between, float* samples, float* motion)
        {
            long plane = (long)Height * Width, start = (long)row * Width;
            int since = row - Reach;
            int x = 0;
            for (; x < Width; x++)
            {
                // Most rows hold nothing still: whole vectors are passed over.
                while (x <= Width - Vector<int>.Count && Vector.GreaterThanOrEqualAll(new Vector<int>(lastRow, x), new Vector<int>(since)))
                {
                    x += Vector<int>.Count;
                }

                if (x < Width && lastRow[x] < since && (motion is null || motion[start + x] < 1))
                {
                    for (int p = 0; p < Planes; p++)
                    {
                        between[p * plane + start + x] = samples[p * plane + start + x];
                    }
                }
            }
        }
    }
}
