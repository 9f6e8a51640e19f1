namespace AdaConv.FrameFilter.Batch;

/// <summary>One video of a batch.</summary>
/// <param name="Name">Its path inside the input folder, with forward slashes.</param>
/// <param name="Input">Its full path.</param>
/// <param name="OutputName">The output's path inside the output folder, with forward slashes.</param>
/// <param name="Output">The output's full path.</param>
public sealed record BatchItem(string Name, string Input, string OutputName, string Output);
