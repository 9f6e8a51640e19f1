using System.Buffers;
using System.Numerics.Tensors;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Brings two frames of a fade to one brightness and contrast for the network's eyes; what it predicts is applied to the frames as they are.</summary>
/// <remarks>
/// Networks take a change of brightness for motion and dissolve what stands still. A pair counts as a fade where levelling takes away most of
/// what its frames differ by, which it does not where things move.
/// </remarks>
internal sealed class PairLevels
{
    private const int Step = 4;                    // pixels looked at: one in 16
    private const float RemainingShare = 0.6f;     // of the difference, at most, for a fade
    private const float SmallestDifference = 1f / 255;
    private const float LargestGain = 4;

    private PairLevels((float Gain, float Offset)[] first, (float Gain, float Offset)[] second) => (First, Second) = (first, second);

    /// <summary>Gain and offset of the earlier frame's three colour planes.</summary>
    public (float Gain, float Offset)[] First { get; }

    /// <summary>Those of the later frame's.</summary>
    public (float Gain, float Offset)[] Second { get; }

    /// <summary>The levels of a pair, null where it is no fade.</summary>
    public static PairLevels? Of(PlanarFrame first, PlanarFrame second)
    {
        int columns = (first.Width + Step - 1) / Step, rows = (first.Height + Step - 1) / Step;
        float[] buffer = ArrayPool<float>.Shared.Rent(2 * columns * rows);
        try
        {
            return Of(first, second, buffer.AsSpan(0, columns * rows), buffer.AsSpan(columns * rows, columns * rows));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Levels values of a plane.</summary>
    public static void Apply(ReadOnlySpan<float> values, (float Gain, float Offset) level, Span<float> result)
    {
        TensorPrimitives.Multiply(values, level.Gain, result);
        TensorPrimitives.Add<float>(result, level.Offset, result);
    }

    private static PairLevels? Of(PlanarFrame first, PlanarFrame second, Span<float> one, Span<float> other)
    {
        var firstLevels = new (float Gain, float Offset)[3];
        var secondLevels = new (float Gain, float Offset)[3];
        float before = 0, after = 0;
        using PictureRows firstRows = new(first), secondRows = new(second);
        for (int colour = 0; colour < 3; colour++)
        {
            Sample(first, firstRows, colour, one);
            Sample(second, secondRows, colour, other);
            before += Difference(one, other);
            float firstMean = TensorPrimitives.Average<float>(one), secondMean = TensorPrimitives.Average<float>(other);
            float firstContrast = TensorPrimitives.StdDev<float>(one), secondContrast = TensorPrimitives.StdDev<float>(other);
            float mean = (firstMean + secondMean) / 2, contrast = (firstContrast + secondContrast) / 2;
            if (!(Math.Min(firstContrast, secondContrast) * LargestGain > contrast))
            {
                return null;
            }

            firstLevels[colour] = (contrast / firstContrast, mean - firstMean * contrast / firstContrast);
            secondLevels[colour] = (contrast / secondContrast, mean - secondMean * contrast / secondContrast);
            Apply(one, firstLevels[colour], one);
            Apply(other, secondLevels[colour], other);
            after += Difference(one, other);
        }

        return before > 3 * SmallestDifference && after < RemainingShare * before ? new(firstLevels, secondLevels) : null;
    }

    private static void Sample(PlanarFrame frame, PictureRows rows, int colour, Span<float> values)
    {
        int index = 0;
        for (int y = 0; y < frame.Height; y += Step)
        {
            ReadOnlySpan<float> row = rows.Row(colour, y);
            for (int x = 0; x < frame.Width; x += Step)
            {
                values[index++] = row[x];
            }
        }
    }

    private static float Difference(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        float sum = 0;
        for (int i = 0; i < one.Length; i++)
        {
            sum += Math.Abs(one[i] - other[i]);
        }

        return sum / one.Length;
    }
}
