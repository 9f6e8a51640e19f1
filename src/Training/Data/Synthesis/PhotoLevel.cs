namespace AdaConv.Training.Data.Synthesis;

/// <summary>One size of a photograph in the cache.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Offset">Where it begins in the cache's data; R, G, B, A bytes.</param>
internal sealed record PhotoLevel(int Width, int Height, long Offset);
