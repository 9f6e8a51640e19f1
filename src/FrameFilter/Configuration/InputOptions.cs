using AdaConv.FrameFilter.Media;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>What is expected of the input.</summary>
public sealed record InputOptions
{
    /// <summary>The frame rate that the settings were made for; another one is announced, not refused. Null: any.</summary>
    public Rational? ExpectedRate { get; init; }
}
