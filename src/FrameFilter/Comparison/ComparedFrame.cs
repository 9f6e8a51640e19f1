using AdaConv.Reports;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>A frame that was dropped and predicted again.</summary>
/// <param name="Index">Its number in the input, from 0.</param>
/// <param name="Seconds">Its time in the input.</param>
/// <param name="Predicted">How close the prediction comes to it.</param>
/// <param name="Averaged">How close the average of its neighbours comes.</param>
public sealed record ComparedFrame(int Index, double Seconds, FrameScore Predicted, FrameScore Averaged);
