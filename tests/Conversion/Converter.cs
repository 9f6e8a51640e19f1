using System.Collections.Immutable;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Verification;
using AdaConv.Model;
using Xunit;

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

    /// <summary>Converts, and fails where the output is not what it promises.</summary>
    public static ConversionResult RunVerified(string input, string output, ConversionOptions? options = null)
    {
        ConversionResult result = Run(input, output, options);
        VerificationReport report = new ConversionVerifier(new() { Conversion = options ?? Fast }).Verify(input, output);
        Assert.True(report.Held, string.Join('\n', report.Checks.SelectMany(check => check.Breaks).Select(one => one.Message)));
        return result;
    }

    public static ConversionOptions WithBFrames(this ConversionOptions options) => options with
    {
        EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("bf", "3").Add("b_strategy", "0"),
    };
}
