using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>A method's frame.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Image">The frame.</param>
/// <param name="Score">How close it is to the true one.</param>
public sealed record Prediction(string Method, RgbImage Image, FrameScore Score);
