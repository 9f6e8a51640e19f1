using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Opens a planned encoder: nothing else tells whether it takes its options, and whether there is a card for it.</summary>
internal static class EncoderTrial
{
    /// <summary>A plan that is not refused, with what the encoder refuses; any other as it is.</summary>
    /// <param name="plan">Of the input.</param>
    /// <param name="input">Whose first frame is not taken yet.</param>
    /// <param name="options">How to convert.</param>
    public static ConversionPlan Run(ConversionPlan plan, FrameReader input, ConversionOptions options)
    {
        if (!plan.Problems.IsEmpty || plan is not { Encoder: not null, Schedule: not null, Picture: { } picture })
        {
            return plan;
        }

        try
        {
            using VideoFrame sample = Planner.Turned(input.FirstFrame, picture.Turn), converted = new();
            using PixelConverter converter = new(PixelLayout.Named(picture.PixelFormat)!, sample, picture.LimitsRange);
            bool fits = converter.Fits(sample);
            if (!fits)
            {
                converter.Convert(sample, converted);
            }

            using VideoEncoder encoder = EncodeStage.EncodersOf(plan, fits ? sample : converted, options)(long.MinValue);
            return plan;
        }
        catch (MediaException problem)
        {
            return plan with { Problems = [PlanProblem.Of(problem)] };
        }
    }
}
