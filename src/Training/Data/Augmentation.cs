namespace AdaConv.Training.Data;

/// <summary>What is done to a triplet so that one patch counts for many; each with probability one half.</summary>
internal sealed class Augmentation(Random random)
{
    private static readonly int[][] ColourOrders = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]];

    /// <summary>Left and right exchanged.</summary>
    public bool FlipHorizontally { get; } = random.Next(2) == 1;

    /// <summary>Top and bottom exchanged.</summary>
    public bool FlipVertically { get; } = random.Next(2) == 1;

    /// <summary>Rows and columns exchanged.</summary>
    public bool Transpose { get; } = random.Next(2) == 1;

    /// <summary>The first and the last frame exchanged.</summary>
    public bool SwapFrames { get; } = random.Next(2) == 1;

    /// <summary>Which source colour each output colour takes.</summary>
    public int[] Colours { get; } = ColourOrders[random.Next(ColourOrders.Length)];
}
