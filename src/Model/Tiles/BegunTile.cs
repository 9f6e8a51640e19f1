using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Room for a prediction, and while it works: which part of which frame it is.</summary>
/// <param name="prediction">The prediction.</param>
internal sealed class BegunTile(TilePrediction prediction)
{
    /// <summary>The prediction.</summary>
    public TilePrediction Prediction => prediction;

    /// <summary>The bend of the tile's motion, cell by cell.</summary>
    public FloatBuffer Bend { get; } = new();

    /// <summary>Where the tile lies.</summary>
    public Tile Place { get; set; }

    /// <summary>The frame that the tile is a part of; null: nothing was begun.</summary>
    public PlanarFrame? Between { get; set; }
}
