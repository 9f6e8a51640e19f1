using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>The scores that lie beside an examination's pictures.</summary>
/// <param name="Kind">The test set.</param>
/// <param name="Scores">By picture.</param>
public sealed record KeptScores(TestSetKind Kind, IReadOnlyDictionary<string, FrameScore> Scores);
