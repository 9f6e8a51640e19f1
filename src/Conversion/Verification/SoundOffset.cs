using System.Numerics.Tensors;
using NAudio.Dsp;

namespace AdaConv.Conversion.Verification;

/// <summary>How far a piece of sound is from its place in another: where their correlation is largest.</summary>
/// <param name="length">Samples of the piece.</param>
/// <param name="reach">Samples that are searched to either side.</param>
internal sealed class SoundOffset(int length, int reach)
{
    // Of two places that fit about as well, as in a steady tone, the nearer one is taken.
    private const double AsWell = 0.98;

    // Below -70 dB of full scale is silence.
    private const double Silence = 3e-4;

    private readonly int _power = int.Log2(length + (2 * reach) - 1) + 1;

    /// <summary>Finds a piece.</summary>
    /// <param name="piece">The piece; its length is that of this object.</param>
    /// <param name="around">The other sound, from <c>reach</c> samples before the piece's own place to as many behind its end.</param>
    /// <returns>Samples that it is later there, to a fraction, and how alike both are at that place, 0 to 1; null where one is silent.</returns>
    public (double Offset, double Likeness)? Find(ReadOnlySpan<float> piece, ReadOnlySpan<float> around)
    {
        double energy = TensorPrimitives.SumOfSquares(piece);
        if (Math.Sqrt(energy / length) < Silence || Math.Sqrt(TensorPrimitives.SumOfSquares(around) / (double)around.Length) < Silence)
        {
            return null;
        }

        double[] likeness = Correlate(piece, around, energy);
        double largest = likeness.Max();
        int best = reach;
        for (int i = 0; i < likeness.Length; i++)
        {
            bool isPeak = likeness[i] >= likeness[Math.Max(0, i - 1)] && likeness[i] >= likeness[Math.Min(likeness.Length - 1, i + 1)];
            if (isPeak && likeness[i] >= AsWell * largest && (likeness[best] < AsWell * largest || Math.Abs(i - reach) < Math.Abs(best - reach)))
            {
                best = i;
            }
        }

        return (best - reach + Between(likeness, best), Math.Clamp(likeness[best], 0, 1));
    }

    // The normalised correlation at each place: products by way of their spectra, energies by running sums.
    private double[] Correlate(ReadOnlySpan<float> piece, ReadOnlySpan<float> around, double energy)
    {
        int size = 1 << _power;
        Complex[] a = new Complex[size], b = new Complex[size];
        for (int i = 0; i < piece.Length; i++)
        {
            a[i].Real = piece[i];
        }

        for (int i = 0; i < around.Length; i++)
        {
            b[i].Real = around[i];
        }

        FastFourierTransform.FFT(true, _power, a);
        FastFourierTransform.FFT(true, _power, b);
        for (int i = 0; i < size; i++)
        {
            float real = (a[i].Real * b[i].Real) + (a[i].Imaginary * b[i].Imaginary);
            float imaginary = (a[i].Real * b[i].Imaginary) - (a[i].Imaginary * b[i].Real);
            (a[i].Real, a[i].Imaginary) = (real, imaginary);
        }

        FastFourierTransform.FFT(false, _power, a);

        // The forward transform divides by the size, twice here.
        double[] likeness = new double[(2 * reach) + 1];
        double other = TensorPrimitives.SumOfSquares(around[..length]);
        for (int i = 0; i < likeness.Length; i++)
        {
            likeness[i] = other <= 1e-3 * energy ? 0 : a[i].Real * (double)size / Math.Sqrt(energy * other);
            if (i + length < around.Length)
            {
                other += (around[i + length] * around[i + length]) - (around[i] * around[i]);
            }
        }

        return likeness;
    }

    // The top of the parabola through a peak and its neighbours.
    private static double Between(double[] values, int peak)
    {
        if (peak == 0 || peak == values.Length - 1)
        {
            return 0;
        }

        double left = values[peak - 1], middle = values[peak], right = values[peak + 1], bend = left - (2 * middle) + right;
        return bend >= 0 ? 0 : Math.Clamp(0.5 * (left - right) / bend, -0.5, 0.5);
    }
}
