using AdaConv.Training.Optimization;

namespace AdaConv.Training.Evaluation;

/// <summary>One of the runs that are compared.</summary>
/// <param name="Name">What makes it different, as a folder's name: "l2", "k25".</param>
/// <param name="Configuration">Its whole configuration.</param>
public sealed record ComparisonVariant(string Name, TrainingConfiguration Configuration);
