using AdaConv.Conversion.Pipeline;


namespace AdaConv.FrameFilter.Commands;

/// <summary>One file's part of a display.</summary>
/// <param name="owner">The display.</param>
/// <param name="input">The input's name.</param>
/// <param name="output">The output's name.</param>
/// <param name="number">Its place among the files, from 1.</param>
/// <param name="count">How many files there are.</param>
internal sealed class FileDisplay(ConversionDisplay owner, string input, string output, int number, int count) : IProgress<ConversionProgress>
{
    public string Input => input;

    public string Output => output;

    public int Number => number;

    public int Count => count;

    /// <summary>Where the conversion stands; null before the first report.</summary>
    public ConversionProgress? Progress { get; private set; }

    /// <inheritdoc/>
    public void Report(ConversionProgress value)
    {
        Progress = value;
        owner.Show(this, value);
    }

    /// <summary>A note or a warning on the way.</summary>
    public void Message(string text) => owner.Tell(this, text);
}
