using AdaConv.Model;

namespace AdaConv.Training.Evaluation;

/// <summary>How close a predicted frame is to the true one, over 8-bit R, G, B after rounding.</summary>
/// <param name="Rmse">Root of the mean squared difference, in code values.</param>
/// <param name="Psnr">Peak signal-to-noise ratio in dB: 20 log₁₀(255 / RMSE); infinite for equal frames.</param>
/// <param name="Ssim">Structural similarity, see <see cref="StructuralSimilarity"/>; 1 for equal frames.</param>
/// <param name="MeanAbsoluteError">Mean absolute difference in code values (Middlebury's interpolation error of colour images).</param>
public readonly record struct FrameScore(double Rmse, double Psnr, double Ssim, double MeanAbsoluteError)
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
        double similarity = 0;
        float[] a = new float[truth.PlaneLength], b = new float[truth.PlaneLength];
        for (int colour = 0; colour < 3; colour++)
        {
            Round(predicted.RgbPlane(colour), a);
            Round(truth.RgbPlane(colour), b);
            for (int i = 0; i < a.Length; i++)
            {
                int difference = (int)a[i] - (int)b[i];
                squares += difference * difference;
                absolutes += Math.Abs(difference);
            }

            similarity += StructuralSimilarity.Of(a, b, truth.Width, truth.Height) / 3;
        }

        double count = 3.0 * truth.PlaneLength, rmse = Math.Sqrt(squares / count);
        return new FrameScore(rmse, 20 * Math.Log10(255 / rmse), similarity, absolutes / count);
    }

    /// <summary>The mean of each measure: how the literature states a set's score.</summary>
    /// <exception cref="TrainingException">There is no score.</exception>
    public static FrameScore Mean(IReadOnlyCollection<FrameScore> scores) => scores is { Count: > 0 }
        ? new(
            scores.Average(score => score.Rmse), scores.Average(score => score.Psnr),
            scores.Average(score => score.Ssim), scores.Average(score => score.MeanAbsoluteError))
        : throw new TrainingException("There is no frame to score: a clip needs three frames.");

    /// <summary>A value in 0..1 as an 8-bit code, rounded half up and clamped.</summary>
    public static byte ToByte(float value) => (byte)Math.Clamp(MathF.Floor(value * 255 + 0.5f), 0, 255);

    private static void Round(ReadOnlySpan<float> values, float[] codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = ToByte(values[i]);
        }
    }
}
