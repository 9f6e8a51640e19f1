using Xunit;

namespace AdaConv.Model.Tests;

public sealed unsafe class StillPartsTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 7, 5)]
    [InlineData(3, 131, 97, 9)]
    [InlineData(4, 64, 40, 3)]
    [InlineData(1, 200, 33, 51)]
    public void What_equals_as_far_as_a_kernel_reaches_and_does_not_move_is_kept_and_nothing_else(int planes, int height, int width, int reach)
    {
        int seed = 7 + height;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        int length = height * width;
        TileShape shape = new(width, height, planes, SamplesAreColours: false, Depth: 8);
        foreach (bool withMotion in (bool[])[false, true])
        {
            float[] input = Noise(random, shape.InputPlanes * length), motion = Noise(random, length);
            Span<float> first = input.AsSpan(6 * length, planes * length), second = input.AsSpan((6 + planes) * length, planes * length);
            first.CopyTo(second);
            for (int i = 0; i < 3; i++) // single values differ, and borders of still parts lie anywhere
            {
                second[i % planes * length + (i * 53 + 1) % height * width + (i * 31 + 2) % width] += 0.5f;
            }

            for (int x = 0; x < width; x++)
            {
                second[height / 3 * width + x] += random.Next(10) == 0 ? 1 : 0;
                motion[random.Next(length)] += 0.5f;
            }

            float[] predicted = Noise(random, planes * length), expected = (float[])predicted.Clone();
            for (int i = 0; i < length; i++)
            {
                if ((!withMotion || motion[i] < 1) && IsStill(first, second, i))
                {
                    for (int p = 0; p < planes; p++)
                    {
                        expected[p * length + i] = first[p * length + i];
                    }
                }
            }

            foreach (int threads in (int[])[1, 3])
            {
                float[] kept = (float[])predicted.Clone();
                fixed (float* planesIn = input, result = kept, distances = motion)
                {
                    FramePair samples = FramePair.Of(planesIn + 6 * length, planes, shape);
                    StillParts.Keep(shape, samples, new(result, withMotion ? distances : null), reach, new() { MaxDegreeOfParallelism = threads });
                }

                Assert.Equal(expected, kept);
            }
        }

        bool IsStill(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int index)
        {
            (int y, int x) = Math.DivRem(index, width);
            for (int row = Math.Max(0, y - reach / 2); row <= Math.Min(height - 1, y + reach / 2); row++)
            {
                int left = Math.Max(0, x - reach / 2), count = Math.Min(width - 1, x + reach / 2) - left + 1;
                for (int p = 0; p < planes; p++)
                {
                    int start = p * length + row * width + left;
                    if (!first.Slice(start, count).SequenceEqual(second.Slice(start, count)))
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
}
