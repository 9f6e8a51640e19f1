namespace AdaConv.Engine.Search;

/// <summary>What a displacement must meet to count as found. The values were chosen on clips (docs/training.md, "Large motion by comparing" and
/// what follows it).</summary>
/// <param name="LeastError">Mean difference of the warped frames, of values in 0..1, that is more than nothing.</param>
/// <param name="Share">Share of that difference that the least cost must be below.</param>
/// <param name="Distinctness">Share of the cost of every displacement further away that the least cost must be below.</param>
/// <param name="Neighbourhood">Pixels along x and y up to which displacements count as near each other.</param>
public sealed record SearchCriteria(float LeastError, float Share, float Distinctness, int Neighbourhood)
{
    /// <summary>At a network's coarsest level, where contrast is low and cells are large.</summary>
    public static SearchCriteria Coarsest { get; } = new(LeastError: 1 / 80f, Share: 0.8f, Distinctness: 0.8f, Neighbourhood: 2);

    /// <summary>At finer levels: warped frames must differ plainly, and then the best displacement may have others close behind.</summary>
    public static SearchCriteria Finer { get; } = new(LeastError: 0.06f, Share: 0.75f, Distinctness: 0.95f, Neighbourhood: 1);

    /// <summary>At the frames' whole size, where cells are smallest and chance fits most common: warped frames must differ very plainly there, and green
    /// alone is compared, which tells as much.</summary>
    public static SearchCriteria Whole { get; } = new(LeastError: 0.1f, Share: 0.75f, Distinctness: 0.9f, Neighbourhood: 1) { GreenAlone = true };

    /// <summary>Whether a network compares the middle one of a frame's planes alone. A search itself compares the planes that it is given.</summary>
    public bool GreenAlone { get; init; }
}
