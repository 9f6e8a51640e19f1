namespace AdaConv.Reports;

/// <summary>How close a predicted frame is to the true one, over 8-bit R, G, B after rounding.</summary>
/// <param name="Rmse">Root of the mean squared difference, in code values.</param>
/// <param name="Psnr">Peak signal-to-noise ratio in dB: 20 log₁₀(255 / RMSE); infinite for equal frames.</param>
/// <param name="Ssim">Structural similarity, the mean over R, G, B, see <see cref="StructuralSimilarity"/>; 1 for equal frames.</param>
/// <param name="MeanAbsoluteError">Mean absolute difference in code values (what recent benchmarks call IE; on Middlebury's own site that is the RMSE).</param>
public readonly record struct FrameScore(double Rmse, double Psnr, double Ssim, double MeanAbsoluteError)
{
    /// <summary>Compares two frames of one size.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static FrameScore Of(RgbImage predicted, RgbImage truth)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(truth);
        if ((predicted.Width, predicted.Height) != (truth.Width, truth.Height))
        {
            throw new ArgumentException($"A frame of {predicted.Width}x{predicted.Height} cannot be compared with one of {truth.Width}x{truth.Height}.");
        }

        long squares = 0, absolutes = 0;
        ReadOnlySpan<byte> a = predicted.Planes, b = truth.Planes;
        for (int i = 0; i < a.Length; i++)
        {
            int difference = a[i] - b[i];
            squares += difference * difference;
            absolutes += Math.Abs(difference);
        }

        double similarity = 0;
        for (int colour = 0; colour < 3; colour++)
        {
            similarity += StructuralSimilarity.Of(predicted.Plane(colour), truth.Plane(colour), truth.Width, truth.Height) / 3;
        }

        double count = a.Length, rmse = Math.Sqrt(squares / count);
        return new FrameScore(rmse, 20 * Math.Log10(255 / rmse), similarity, absolutes / count);
    }

    /// <summary>The mean of each measure: how the literature states a set's score.</summary>
    /// <exception cref="ArgumentException">There is no score.</exception>
    public static FrameScore Mean(IReadOnlyCollection<FrameScore> scores) => scores is { Count: > 0 }
        ? new(
            scores.Average(score => score.Rmse), scores.Average(score => score.Psnr),
            scores.Average(score => score.Ssim), scores.Average(score => score.MeanAbsoluteError))
        : throw new ArgumentException("There is no frame to score.", nameof(scores));
}
