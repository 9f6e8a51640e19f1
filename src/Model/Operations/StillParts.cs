using System.Buffers;
using System.Numerics;
using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>
/// Where the samples of both frames are equal as far as a kernel reaches, and nothing moves by a pixel, the frame between has them too, bit
/// for bit: logos, subtitles, still pictures.
/// </summary>
internal static unsafe class StillParts
{
    private const int BandRows = 64;

    /// <summary>Puts the still samples into the frame between.</summary>
    /// <param name="result">[1, P, H, W] float32, contiguous: the frame between; may be written to.</param>
    /// <param name="samples">[1, 2P, H, W] float32, contiguous: the earlier frame's planes, then the later's.</param>
    /// <param name="motion">[1, C, H, W] float32, contiguous, in pixels, of any sign and direction; null without motion.</param>
    /// <param name="reach">Kernel size: rows and columns that must be equal around a pixel, half of them each way.</param>
    /// <param name="options">How kernels run.</param>
    /// <returns>[1, P, H, W].</returns>
    public static Tensor Keep(Tensor result, Tensor samples, Tensor? motion, int reach, EngineOptions options)
    {
        if (!TensorMemory.HasPlaneKernels(result, options))
        {
            return Compose(result, samples, motion, reach);
        }

        Tensor output = result.contiguous();
        float* between = TensorMemory.Floats(output), planes = TensorMemory.Floats(samples), ways = motion is null ? null : TensorMemory.Floats(motion);
        var part = new Part((int)output.shape[1], (int)(motion?.shape[1] ?? 0), (int)output.shape[2], (int)output.shape[3], reach / 2);
        int bands = (part.Height + BandRows - 1) / BandRows;
        Parallel.For(0, bands, new ParallelOptions { MaxDegreeOfParallelism = options.ResolveThreads() }, band =>
            part.Keep(band * BandRows, Math.Min(part.Height, (band + 1) * BandRows), between, planes, ways));
        return output;
    }

    /// <summary>The same by libtorch's operations: what the loop is tested against, and what runs on other devices.</summary>
    internal static Tensor Compose(Tensor result, Tensor samples, Tensor? motion, int reach)
    {
        long planes = result.shape[1];
        Tensor first = samples.slice(1, 0, planes, 1);
        Tensor differs = first.ne(samples.slice(1, planes, 2 * planes, 1)).any(1, keepdim: true).to(ScalarType.Float32); // [1, 1, H, W]
        differs = nn.functional.max_pool2d(differs, [reach, 1L], [1L, 1L], [reach / 2, 0L]);
        differs = nn.functional.max_pool2d(differs, [1L, reach], [1L, 1L], [0L, reach / 2]);
        if (motion is not null)
        {
            differs = differs.logical_or(motion.abs().amax([1], keepdim: true).ge(Scalars.One));
        }

        return where(differs.to(ScalarType.Bool), result, first);
    }

    private readonly record struct Part(int Planes, int Ways, int Height, int Width, int Reach)
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

                if (x < Width && lastRow[x] < since && Rests(motion + start + x, plane))
                {
                    for (int p = 0; p < Planes; p++)
                    {
                        between[p * plane + start + x] = samples[p * plane + start + x];
                    }
                }
            }
        }

        private bool Rests(float* motion, long plane)
        {
            for (int way = 0; way < Ways; way++)
            {
                if (!(Math.Abs(motion[way * plane]) < 1))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
