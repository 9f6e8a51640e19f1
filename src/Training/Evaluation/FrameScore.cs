using AdaConv.Model;

namespace AdaConv.Training.Evaluation;

/// <summary>How close a predicted frame is to the true one, over 8-bit R, G, B after rounding.</summary>
/// <param name="Psnr">Peak signal-to-noise ratio in dB: 10 log₁₀(255² / mean squared error); infinite for equal frames.</param>
/// <param name="MeanAbsoluteError">Mean absolute difference in code values.</param>
public readonly record struct FrameScore(double Psnr, double MeanAbsoluteError)
{
    /// <summary>Compares two frames of one size.</summary>
    /// <exception cref="TrainingException">The sizes differ.</exception>
    public static FrameScore Of(PlanarFrame predicted, PlanarFrame truth)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(truth);
        if ((predicted.Width, predicted.Height) != (truth.Width, truth.Height))
        {
            throw new TrainingException($"A frame of {predicted.Width}x{predicted.Height} cannot be compared with one of {truth.Width}x{truth.Height}.");
        }

        long squares = 0, absolutes = 0;
        for (int colour = 0; colour < 3; colour++)
        {
            Span<float> a = predicted.RgbPlane(colour), b = truth.RgbPlane(colour);
            for (int i = 0; i < a.Length; i++)
            {
                int difference = ToByte(a[i]) - ToByte(b[i]);
                squares += difference * difference;
                absolutes += Math.Abs(difference);
            }
        }

        double count = 3.0 * truth.PlaneLength;
        return new FrameScore(10 * Math.Log10(255.0 * 255.0 * count / squares), absolutes / count);
    }

    /// <summary>A value in 0..1 as an 8-bit code, rounded half up and clamped.</summary>
    public static byte ToByte(float value) => (byte)Math.Clamp(MathF.Floor(value * 255 + 0.5f), 0, 255);
}
