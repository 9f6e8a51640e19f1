namespace AdaConv.Reports;

/// <summary>A picture of a sheet, with the line that stands above it.</summary>
/// <param name="Caption">What it is.</param>
/// <param name="Image">The picture.</param>
public sealed record SheetCell(string Caption, RgbImage Image);
