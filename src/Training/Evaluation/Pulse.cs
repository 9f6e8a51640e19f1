using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>How far a clip's new frames are off their two neighbours: what is seen as flicker where every second frame is new.</summary>
/// <param name="Brightness">Mean |new − mean of both neighbours| of the frames' mean luma, as a share of the neighbours' mean.</param>
/// <param name="Sharpness">The same of the mean gradient.</param>
/// <param name="SharpnessOffset">The same with its sign: below zero, new frames are softer than those around them.</param>
public readonly record struct Pulse(double Brightness, double Sharpness, double SharpnessOffset)
{
    /// <summary>Measures new frames.</summary>
    /// <param name="frames">Each with the original before and the one behind it.</param>
    /// <exception cref="ArgumentException">There is no frame.</exception>
    public static Pulse Of(IReadOnlyCollection<(PictureLook Before, PictureLook New, PictureLook Behind)> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0)
        {
            throw new ArgumentException("There is no frame to measure.", nameof(frames));
        }

        // Shares of the sums: in a fade to black a share of each frame would be one of nothing.
        double brightness = Math.Max(1e-6, frames.Sum(frame => frame.Before.Brightness + frame.Behind.Brightness) / 2);
        double sharpness = Math.Max(1e-6, frames.Sum(frame => frame.Before.Sharpness + frame.Behind.Sharpness) / 2);
        return new(
            frames.Sum(frame => Math.Abs(frame.New.Brightness - (frame.Before.Brightness + frame.Behind.Brightness) / 2)) / brightness,
            frames.Sum(frame => Math.Abs(Offset(frame))) / sharpness,
            frames.Sum(Offset) / sharpness);

        static double Offset((PictureLook Before, PictureLook New, PictureLook Behind) frame) =>
            frame.New.Sharpness - (frame.Before.Sharpness + frame.Behind.Sharpness) / 2;
    }
}
