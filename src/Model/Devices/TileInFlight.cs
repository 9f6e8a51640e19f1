using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>A tile that is being computed.</summary>
/// <param name="Tile">Its place.</param>
/// <param name="Between">The frame that takes its result.</param>
/// <param name="Width">Pixels in a row of the result, padding included.</param>
/// <param name="Height">Rows of the result, padding included.</param>
internal sealed record TileInFlight(Tile Tile, PlanarFrame Between, int Width, int Height);
