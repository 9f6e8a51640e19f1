namespace AdaConv.Training.Data;

/// <summary>Real motion: a folder of clips.</summary>
public sealed record FootageConfiguration : SourceConfiguration;
