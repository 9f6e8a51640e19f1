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
