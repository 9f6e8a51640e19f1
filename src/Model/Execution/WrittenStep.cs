using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Makes some rows of a step's result.</summary>
/// <param name="arena">The memory that all planes lie in.</param>
/// <param name="rows">The rows.</param>
internal unsafe delegate void RowRangeStep(float* arena, RowRange rows);

/// <summary>How a step makes some rows of its result at a time, from some rows of what it looks at.</summary>
/// <param name="Unit">Rows that are made together.</param>
/// <param name="First">The first row that it looks at of each of its inputs for a row, the first of a unit, and all below it.</param>
/// <param name="Last">The last row that it looks at for a row, the last of a unit, and all above it.</param>
/// <param name="Run">Makes them.</param>
internal sealed record RowSteps(int Unit, Func<int, int> First, Func<int, int> Last, RowRangeStep Run);

/// <summary>A step as it was written down.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Made">Its result.</param>
/// <param name="Used">All planes that it looks at or works in.</param>
/// <param name="Run">Does it.</param>
/// <param name="MultiplyAdds">Those of a convolution.</param>
/// <param name="ByRows">Does it a few rows at a time; null: it cannot.</param>
internal sealed record WrittenStep(
    string Name, EnginePlanes Made, IReadOnlyList<EnginePlanes> Used, EngineStep Run, double MultiplyAdds, RowSteps? ByRows);
