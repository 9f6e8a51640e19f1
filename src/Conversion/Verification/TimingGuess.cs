using AdaConv.Conversion.Timing;
using AdaConv.Media.Inspection;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Verification;

/// <summary>Which of the promises an output was made by, where no option says so: from its rate and length against the input's.</summary>
internal static class TimingGuess
{
    private const double Closeness = 0.03;

    private static readonly int[] Factors = [2, 4, 8];

    /// <summary>Whether the options name one.</summary>
    public static bool IsNamed(TimingOptions timing) => (timing.Factor ?? timing.SlowMotion) is not null || timing.TargetRate is not null;

    /// <summary>The options with a timing: a factor of the rate, slow motion, or a rate above the input's; else twice the rate.</summary>
    public static TimingOptions Complete(TimingOptions timing, FileDescription input, FileDescription output)
    {
        if (IsNamed(timing) || !input.Rate.IsPositive || !output.Rate.IsPositive)
        {
            return timing;
        }

        double faster = output.Rate.ToDouble() / input.Rate.ToDouble();
        double longer = input.Seconds is { } before && output.Seconds is { } after ? after / before : 1;
        return Array.Find(Factors, factor => IsNear(longer, factor)) is var slow and > 0 && IsNear(faster, 1) ? timing with { SlowMotion = slow }
            : Array.Find(Factors, factor => IsNear(faster, factor)) is var factor and > 0 ? timing with { Factor = factor }
            : faster > 1 + Closeness ? timing with { TargetRate = output.Rate }
            : timing;
    }

    private static bool IsNear(double ratio, double wanted) => Math.Abs((ratio / wanted) - 1) <= Closeness;
}
