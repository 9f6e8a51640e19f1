using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>An item's score by one method.</summary>
/// <param name="Set">The test set's name.</param>
/// <param name="Kind">What kind of set it is.</param>
/// <param name="Name">The item's name in the set.</param>
/// <param name="Method">Who predicted.</param>
/// <param name="Frames">Frames that were predicted.</param>
/// <param name="Score">The mean over them.</param>
public sealed record ScoredItem(string Set, TestSetKind Kind, string Name, string Method, int Frames, FrameScore Score);

/// <summary>A predicted frame beside the true one.</summary>
/// <param name="Item">What it belongs to.</param>
/// <param name="Index">Its place among the item's predicted frames, from 0.</param>
/// <param name="First">The frame before it.</param>
/// <param name="Truth">The true frame.</param>
/// <param name="Second">The frame behind it.</param>
/// <param name="Predictions">Each method's frame and score, in the methods' order.</param>
public sealed record ScoredFrame(TestItem Item, int Index, RgbImage First, RgbImage Truth, RgbImage Second, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>When the true frame was taken: more than 0 (the frame before), less than 1 (the frame behind).</summary>
    public double Time { get; init; } = 0.5;

    /// <summary>The true frame's number in its clip.</summary>
    public int ClipIndex => Index / (Item.Every - 1) * Item.Every + Index % (Item.Every - 1) + 1;
}

/// <summary>A method's frame.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Image">The frame.</param>
/// <param name="Score">How close it is to the true one.</param>
public sealed record Prediction(string Method, RgbImage Image, FrameScore Score);
