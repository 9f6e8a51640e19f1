using FFmpeg.AutoGen;

namespace AdaConv.Media.Libav;

/// <summary>Between libav's fractions and ours.</summary>
internal static class RationalConversion
{
    public static Rational ToRational(this AVRational value) => new(value.num, value.den);

    /// <summary>libav's fraction; throws where it does not fit into two ints, which no time base of a file does.</summary>
    public static AVRational ToLibav(this Rational value) =>
        new() { num = checked((int)value.Numerator), den = checked((int)value.Denominator) };
}
