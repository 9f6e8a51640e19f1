using AdaConv.Reports;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>What a comparison found and wrote.</summary>
/// <param name="Frames">The scores, in order of time.</param>
/// <param name="Page">The page that shows them.</param>
public sealed record ComparisonResult(IReadOnlyList<ComparedFrame> Frames, string Page)
{
    /// <summary>The mean score of the predictions.</summary>
    public FrameScore Predicted => Mean(frame => frame.Predicted);

    /// <summary>The mean score of the averages.</summary>
    public FrameScore Averaged => Mean(frame => frame.Averaged);

    // A frame that is met exactly has an infinite PSNR; it counts with 100 dB, less than half a code value in a million samples.
    private FrameScore Mean(Func<ComparedFrame, FrameScore> score) =>
        FrameScore.Mean([.. Frames.Select(score).Select(value => value with { Psnr = Math.Min(value.Psnr, 100) })]);
}

/// <summary>A frame that was dropped and predicted again.</summary>
/// <param name="Index">Its number in the input, from 0.</param>
/// <param name="Seconds">Its time in the input.</param>
/// <param name="Predicted">How close the prediction comes to it.</param>
/// <param name="Averaged">How close the average of its neighbours comes.</param>
public sealed record ComparedFrame(int Index, double Seconds, FrameScore Predicted, FrameScore Averaged);

/// <summary>A frame's pictures as JPEG.</summary>
internal sealed record PictureTriple(byte[] Truth, byte[] Predicted, byte[] Averaged);
