namespace AdaConv.Training.Data.Synthesis;

/// <summary>A photograph in the cache: its own size, half of it, a quarter …</summary>
/// <param name="Name">The file's path below the folder it was found in.</param>
/// <param name="Levels">Sizes and places, largest first.</param>
internal sealed record Photo(string Name, IReadOnlyList<PhotoLevel> Levels);
