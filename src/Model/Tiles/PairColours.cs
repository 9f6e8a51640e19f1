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
        Parallel.For(0, 7, parallel, index =>
        {
            if (index == 6)
            {
                levels = PairLevels.Of(first, second);
                return;
            }

            means[index] = MeanOf((index < 3 ? first : second).RgbPlane(index % 3));
        });
        return new([(float)((means[0] + means[3]) / 2), (float)((means[1] + means[4]) / 2), (float)((means[2] + means[5]) / 2)], levels);
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
