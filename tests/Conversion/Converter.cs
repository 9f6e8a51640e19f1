using System.Collections.Immutable;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Model;

namespace AdaConv.Conversion.Tests;

/// <summary>Conversions as tests run them: with the averaging interpolator, fast encoding and no detection unless asked.</summary>
internal static class Converter
{
    public static readonly ConversionOptions Fast = new()
    {
        Encoder = "libx264",
        EncoderPreset = "ultrafast",
        SceneCutDetection = false,
    };

    /// <summary>Every bit kept, so that what was given to the encoder can be read back.</summary>
    public static readonly ConversionOptions Lossless = new() { Encoder = "ffv1", SceneCutDetection = false };

    public static ConversionResult Run(string input, string output, ConversionOptions? options = null) =>
        new InterpolationPipeline(new AveragingInterpolator()).Run(input, output, options ?? Fast);

    public static ConversionOptions WithBFrames(this ConversionOptions options) => options with
    {
        EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("bf", "3").Add("b_strategy", "0"),
    };
}
