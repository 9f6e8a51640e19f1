using System.Numerics.Tensors;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>What is known of a whole pair's colours before its tiles are looked at.</summary>
/// <param name="Mean">Mean R, G and B of both frames.</param>
/// <param name="Levels">Its levels where it is part of a fade; null: it is none.</param>
internal sealed record PairColours(float[] Mean, PairLevels? Levels)
{
    private const int BlockLength = 4096; // so that the sum of millions of floats keeps its digits

    /// <summary>Looks at a pair.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="parallel">How many planes are summed at a time.</param>
    public static PairColours Of(PlanarFrame first, PlanarFrame second, ParallelOptions parallel)
    {
        double[] means = new double[6];
        PairLevels? levels = null;
        if (first.Unread is not null || second.Unread is not null)
        {
            // A picture's rows are read one after another.
            MeansOf(first, means.AsSpan(0, 3));
            MeansOf(second, means.AsSpan(3, 3));
            return Of(means, PairLevels.Of(first, second));
        }

        Parallel.For(0, 7, parallel, index =>
        {
            if (index == 6)
            {
                levels = PairLevels.Of(first, second);
                return;
            }

            means[index] = MeanOf((index < 3 ? first : second).RgbPlane(index % 3));
        });
        return Of(means, levels);
    }

    private static PairColours Of(double[] means, PairLevels? levels) =>
        new([(float)((means[0] + means[3]) / 2), (float)((means[1] + means[4]) / 2), (float)((means[2] + means[5]) / 2)], levels);

    // The same sums as of whole planes: blocks go on from one row to the next.
    private static void MeansOf(PlanarFrame frame, Span<double> means)
    {
        using PictureRows rows = new(frame);
        float[] blocks = new float[3 * BlockLength];
        int filled = 0;
        means.Clear();
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < frame.Width;)
            {
                int taken = Math.Min(frame.Width - x, BlockLength - filled);
                for (int colour = 0; colour < 3; colour++)
                {
                    rows.Row(colour, y).Slice(x, taken).CopyTo(blocks.AsSpan((colour * BlockLength) + filled));
                }

                (x, filled) = (x + taken, filled + taken);
                if (filled == BlockLength || (x == frame.Width && y == frame.Height - 1))
                {
                    for (int colour = 0; colour < 3; colour++)
                    {
                        means[colour] += TensorPrimitives.Sum(blocks.AsSpan(colour * BlockLength, filled));
                    }

                    filled = 0;
                }
            }
        }

        for (int colour = 0; colour < 3; colour++)
        {
            means[colour] /= frame.PlaneLength;
        }
    }

    private static double MeanOf(ReadOnlySpan<float> plane)
    {
        double sum = 0;
        for (int start = 0; start < plane.Length; start += BlockLength)
        {
            sum += TensorPrimitives.Sum(plane[start..Math.Min(plane.Length, start + BlockLength)]);
        }

        return sum / plane.Length;
    }
}

/// <summary>The colours of the last two pairs: one is looked at while the one before is predicted.</summary>
/// <param name="parallel">How many planes are summed at a time.</param>
internal sealed class KnownColours(ParallelOptions parallel)
{
    private readonly (long First, long Second, PairColours? Colours)[] _pairs = new (long First, long Second, PairColours? Colours)[2];
    private int _turn;

    /// <summary>A pair's colours; pictures without a number are looked at each time.</summary>
    public PairColours Of(PlanarFrame first, PlanarFrame second)
    {
        foreach (var (one, other, known) in _pairs)
        {
            if (known is not null && one != 0 && other != 0 && (one, other) == (first.Picture, second.Picture))
            {
                return known;
            }
        }

        PairColours colours = PairColours.Of(first, second, parallel);
        _pairs[_turn++ % _pairs.Length] = (first.Picture, second.Picture, colours);
        return colours;
    }
}
