namespace AdaConv.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Where its points stand, ascending.</param>
/// <param name="Y">Their values; what is not a finite number leaves a gap.</param>
/// <param name="Markers">Whether each point is marked: for few points.</param>
public sealed record CurveSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool Markers = false);
