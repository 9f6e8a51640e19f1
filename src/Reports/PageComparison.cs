namespace AdaConv.Reports;

/// <summary>Pictures of one size that a slider lays over another.</summary>
/// <param name="Caption">What is seen.</param>
/// <param name="Before">Shown left of the slider; where there are several, the reader chooses by their labels, and the last is shown first.</param>
/// <param name="After">Shown right of it.</param>
public sealed record PageComparison(string Caption, IReadOnlyList<PageImage> Before, PageImage After);
