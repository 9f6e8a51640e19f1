using System.Runtime.CompilerServices;

namespace AdaConv.Model;

/// <summary>How a plane repeats its samples: blocks of columns and rows hold one value each.</summary>
/// <param name="Width">Columns of a block: 1, 2 or 4; 0 where the plane has too little detail to tell.</param>
/// <param name="Left">The column at which the first whole block begins, below <paramref name="Width"/>.</param>
/// <param name="Height">Rows of a block: 1, 2 or 4; 0 where the plane has too little detail to tell.</param>
/// <param name="Top">The row at which the first whole block begins, below <paramref name="Height"/>.</param>
internal readonly record struct SampleBlocks(int Width, int Left, int Height, int Top)
{
    /// <summary>Whether every sample has a value of its own.</summary>
    public bool AreSingle => (Width, Height) == (1, 1);

    /// <summary>Whether samples share values.</summary>
    public bool AreShared => Width > 0 && Height > 0 && !AreSingle;
}

/// <summary>The blocks of a frame's three sample planes of colour.</summary>
[InlineArray(3)]
internal struct PlaneBlocks
{
    private SampleBlocks _first;
}
