using AdaConv.Training.Data.Synthesis;
using Xunit;

namespace AdaConv.Training.Tests.Data.Synthesis;

public sealed class MaskTests
{
    [Fact]
    public void Every_mask_ends_before_its_border_and_covers_a_part_of_it()
    {
        for (int index = 0; index < Mask.Count; index++)
        {
            ReadOnlySpan<byte> mask = Mask.Get(index);
            double covered = 0;
            for (int i = 0; i < mask.Length; i++)
            {
                bool isBorder = i < Mask.Size || i >= mask.Length - Mask.Size || i % Mask.Size is 0 or Mask.Size - 1;
                Assert.True(!isBorder || mask[i] == 0, $"mask {index} reaches its border");
                covered += mask[i] / 255.0 / mask.Length;
            }

            Assert.True(covered is > 0.01 and < 0.9, $"mask {index} covers {covered:P0}");
        }
    }

    [Fact]
    public void The_last_masks_are_text_mostly_of_one_colour()
    {
        int[] parts = [.. Enumerable.Range(0, Mask.Count).Select(Parts)];
        Assert.All(parts[128..], count => Assert.InRange(count, 4, 400));       // letters apart from one another
        Assert.InRange(parts[128..].Average(), 15, 100);
        Assert.All(parts[..128], count => Assert.InRange(count, 1, 16));
        Assert.All(Enumerable.Range(0, 128), index => Assert.Null(Mask.Colour(index)));
        Assert.Equal([235, 235, 16, null], Enumerable.Range(128, 4).Select(Mask.Colour));
        Assert.False(Mask.Get(128).SequenceEqual(Mask.Get(129)));
    }

    // Parts that hang together.
    private static int Parts(int index)
    {
        bool[] isLeft = [.. Mask.Get(index).ToArray().Select(alpha => alpha > 127)];
        int parts = 0;
        Stack<int> reached = [];
        for (int start = 0; start < isLeft.Length; start++)
        {
            if (!isLeft[start])
            {
                continue;
            }

            parts++;
            isLeft[start] = false;
            reached.Push(start);
            while (reached.TryPop(out int i))
            {
                foreach (int next in (ReadOnlySpan<int>)[i - 1, i + 1, i - Mask.Size, i + Mask.Size])
                {
                    if (isLeft[next])                                           // the border is never
                    {
                        isLeft[next] = false;
                        reached.Push(next);
                    }
                }
            }
        }

        return parts;
    }
}
