namespace AdaConv.Engine.Tests;

internal static class Levels
{
    /// <summary>The levels that this machine can run and compare with the reference.</summary>
    public static IReadOnlyList<KernelLevel> Vectorised { get; } =
        [.. new[] { KernelLevel.Vector128, KernelLevel.Vector256, KernelLevel.Vector512 }.Where(level => level <= KernelLevels.Best)];

    public static IReadOnlyList<KernelLevel> All { get; } = [KernelLevel.Scalar, .. Vectorised];
}
