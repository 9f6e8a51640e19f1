using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The packing, row by row: channels are worked as rows of floats, then brought to words of four bytes (one float32, or two bfloat16
/// channels), and the words are interleaved.
/// </summary>
internal static unsafe class PlanePackingKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int RowsPerTile = 4;

    public static void Pack(PackingShape shape, PlaneGroup[] groups, InterleavedView output, int threads) =>
        ForEachRow(shape, threads, (n, y) => PackRow(shape, groups, n, y, output));

    private static void PackRow(PackingShape shape, PlaneGroup[] groups, int n, int y, InterleavedView output)
    {
        long at = (long)n * shape.Height + y;
        int channels = CountChannels(groups), stride = Scratch.Rounded(shape.Width);
        if (Transposes(output, channels))
        {
            ChannelRow* channelRows = stackalloc ChannelRow[channels];
            Describe(shape, groups, n, y, channelRows);
            PlaneTransposition.Pack(channelRows, channels, (float*)output.Row(at, shape.Width), output.Channels, shape.Width);
            return;
        }

        // One more row: the partner of the last of an odd number of bfloat16 channels.
        Scratch scratch = Scratch.ForThisThread((channels + 1) * stride);
        float* rows = scratch.Take((channels + 1) * stride);
        int channel = 0;
        foreach (PlaneGroup group in groups)
        {
            for (int p = 0; p < group.Count; p++, channel++)
            {
                float* source = group.Planes.Item(n) + p * shape.PlaneSize + (long)y * shape.Width;
                Scale(source, rows + channel * stride, shape.Width, group.Scale, group.Offset(n, p));
            }
        }
        uint* target = output.Row(at, shape.Width);
        int words = channels;
        if (output.IsBFloat16)
        {
            if (channels % 2 != 0)
                new Span<float>(rows + channels * stride, shape.Width).Clear();
            words = (channels + 1) / 2;
            for (int i = 0; i < words; i++)
                Narrow(rows + 2 * i * stride, rows + (2 * i + 1) * stride, (uint*)rows + i * stride, shape.Width);
        }
        Interleave((uint*)rows, stride, words, target, output.Words, shape.Width);
    }

    public static void Unpack(PackingShape shape, InterleavedView input, PlaneGroup[] groups, int threads) =>
        ForEachRow(shape, threads, (n, y) =>
        {
            int channels = CountChannels(groups), stride = Scratch.Rounded(shape.Width);
            if (Transposes(input, channels))
            {
                ChannelRow* channelRows = stackalloc ChannelRow[channels];
                Describe(shape, groups, n, y, channelRows);
                PlaneTransposition.Unpack(channelRows, channels, (float*)input.Row((long)n * shape.Height + y, shape.Width), input.Channels, shape.Width);
                return;
            }

            Scratch scratch = Scratch.ForThisThread((channels + 1) * stride);
            float* rows = scratch.Take((channels + 1) * stride);
            int words = input.IsBFloat16 ? (channels + 1) / 2 : channels;
            Deinterleave(input.Row((long)n * shape.Height + y, shape.Width), input.Words, (uint*)rows, stride, words, shape.Width);
            if (input.IsBFloat16)
            {
                for (int i = words - 1; i >= 0; i--)
                    Widen((uint*)rows + i * stride, rows + 2 * i * stride, rows + (2 * i + 1) * stride, shape.Width);
            }
            int channel = 0;
            foreach (PlaneGroup group in groups)
            {
                for (int p = 0; p < group.Count; p++, channel++)
                {
                    if (group.Planes.Data is null)
                        continue;
                    float* target = group.Planes.Item(n) + p * shape.PlaneSize + (long)y * shape.Width;
                    Scale(rows + channel * stride, target, shape.Width, group.Scale, group.Offset(n, p));
                }
            }
        });

    private static void ForEachRow(PackingShape shape, int threads, Action<int, int> row)
    {
        int tilesDown = (shape.Height + RowsPerTile - 1) / RowsPerTile;
        Tiles.Run(shape.Batch * tilesDown, threads, index =>
        {
            (int n, int down) = Math.DivRem(index, tilesDown);
            for (int y = down * RowsPerTile; y < Math.Min(shape.Height, (down + 1) * RowsPerTile); y++)
                row(n, y);
        });
    }

    // In registers, where vectors have eight floats or more.
    private static bool Transposes(InterleavedView view, int channels) =>
        PlaneTransposition.IsSupported && TOperations.Count >= 8 && !view.IsBFloat16 && channels <= 512;

    private static void Describe(PackingShape shape, PlaneGroup[] groups, int n, int y, ChannelRow* rows)
    {
        foreach (PlaneGroup group in groups)
        {
            for (int p = 0; p < group.Count; p++)
            {
                float* row = group.Planes.Data is null ? null : group.Planes.Item(n) + p * shape.PlaneSize + (long)y * shape.Width;
                *rows++ = new ChannelRow(row, group.Scale, group.Offset(n, p));
            }
        }
    }

    private static int CountChannels(PlaneGroup[] groups)
    {
        int count = 0;
        foreach (PlaneGroup group in groups)
            count += group.Count;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* source, float* target, int count, float scale, float offset)
    {
        TVector factor = TOperations.Create(scale), shift = TOperations.Create(offset);
        for (int x = 0; x < count; x += TOperations.Count)
            TOperations.Store(TOperations.MultiplyAdd(TOperations.Load(source + x, count - x), factor, shift), target + x, count - x);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(float* low, float* high, uint* words, int count)
    {
        for (int x = 0; x < count; x += TOperations.Count)
            TOperations.StorePairs(TOperations.Load(low + x, count - x), TOperations.Load(high + x, count - x), words + x, count - x);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(uint* words, float* low, float* high, int count)
    {
        for (int x = 0; x < count; x += TOperations.Count)
        {
            TOperations.LoadPairs(words + x, count - x, out TVector first, out TVector second);
            TOperations.Store(first, low + x, count - x);
            TOperations.Store(second, high + x, count - x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave(uint* rows, int stride, int words, uint* target, int wordsPerPixel, int count)
    {
        int x = 0;
        if (wordsPerPixel % TOperations.Count == 0)
        {
            for (; x <= count - TOperations.Count; x += TOperations.Count)
            {
                for (int word = 0; word < wordsPerPixel; word += TOperations.Count)
                {
                    Transpose((float*)rows + (long)word * stride + x, stride, words - word,
                        (float*)target + (long)x * wordsPerPixel + word, wordsPerPixel, TOperations.Count);
                }
            }
        }
        for (; x < count; x++)
        {
            uint* pixel = target + (long)x * wordsPerPixel;
            for (int i = 0; i < words; i++)
                pixel[i] = rows[i * stride + x];
            new Span<uint>(pixel + words, wordsPerPixel - words).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deinterleave(uint* source, int wordsPerPixel, uint* rows, int stride, int words, int count)
    {
        int x = 0;
        if (wordsPerPixel % TOperations.Count == 0)
        {
            for (; x <= count - TOperations.Count; x += TOperations.Count)
            {
                for (int word = 0; word < words; word += TOperations.Count)
                {
                    Transpose((float*)source + (long)x * wordsPerPixel + word, wordsPerPixel, TOperations.Count,
                        (float*)rows + (long)word * stride + x, stride, words - word);
                }
            }
        }
        for (; x < count; x++)
        {
            uint* pixel = source + (long)x * wordsPerPixel;
            for (int i = 0; i < words; i++)
                rows[i * stride + x] = pixel[i];
        }
    }

    /// <summary>
    /// Transposes a square of as many words as a vector has. Riffling the rows i and i + half, log₂ of their number times, does it. Source
    /// rows beyond those in use count as zero; target rows beyond those in use are not written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, int sourceStride, int sourceRows, float* target, int targetStride, int targetRows)
    {
        int count = TOperations.Count, half = count / 2;
        float* current = stackalloc float[TOperations.Count * TOperations.Count], next = stackalloc float[TOperations.Count * TOperations.Count];
        for (int i = 0; i < half; i++)
        {
            TOperations.Interleave(
                i < sourceRows ? TOperations.Load(source + (long)i * sourceStride) : TOperations.Zero,
                i + half < sourceRows ? TOperations.Load(source + (long)(i + half) * sourceStride) : TOperations.Zero,
                out TVector first, out TVector second);
            TOperations.Store(first, current + 2 * i * count);
            TOperations.Store(second, current + (2 * i + 1) * count);
        }
        for (int round = 2; round < half; round *= 2)
        {
            for (int i = 0; i < half; i++)
            {
                TOperations.Interleave(
                    TOperations.Load(current + i * count), TOperations.Load(current + (i + half) * count), out TVector first, out TVector second);
                TOperations.Store(first, next + 2 * i * count);
                TOperations.Store(second, next + (2 * i + 1) * count);
            }
            float* done = next;
            next = current;
            current = done;
        }
        for (int i = 0; i < half; i++)
        {
            TOperations.Interleave(
                TOperations.Load(current + i * count), TOperations.Load(current + (i + half) * count), out TVector first, out TVector second);
            if (2 * i < targetRows)
                TOperations.Store(first, target + 2L * i * targetStride);
            if (2 * i + 1 < targetRows)
                TOperations.Store(second, target + (2L * i + 1) * targetStride);
        }
    }
}
