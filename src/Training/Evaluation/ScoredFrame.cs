using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>A predicted frame beside the true one.</summary>
/// <param name="Item">What it belongs to.</param>
/// <param name="Index">Its place among the item's predicted frames, from 0.</param>
/// <param name="First">The frame before it.</param>
/// <param name="Truth">The true frame.</param>
/// <param name="Second">The frame behind it.</param>
/// <param name="Predictions">Each method's frame and score, in the methods' order.</param>
public sealed record ScoredFrame(TestItem Item, int Index, RgbImage First, RgbImage Truth, RgbImage Second, IReadOnlyList<Prediction> Predictions);
