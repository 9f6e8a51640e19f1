using System.Globalization;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Libav;

/// <summary>An exact fraction: a time base (seconds per tick) or a rate (frames per second). Never floating point.</summary>
/// <param name="Numerator">Above the line.</param>
/// <param name="Denominator">Below the line; 0 in an unknown value.</param>
public readonly record struct Rational(long Numerator, long Denominator)
{
    /// <summary>A billionth of a second: the unit in which times of different clocks are compared.</summary>
    public static Rational Nanosecond { get; } = new(1, 1_000_000_000);

    /// <summary>Whether this is a usable, positive value.</summary>
    public bool IsPositive => Numerator > 0 && Denominator > 0;

    /// <summary>One over this.</summary>
    public Rational Inverse => new(Denominator, Numerator);

    /// <summary>Twice this, in lowest terms: 24000/1001 → 48000/1001.</summary>
    public Rational Doubled => Reduce((Int128)Numerator * 2, Denominator);

    /// <summary>Whether both are the same number, in lowest terms or not.</summary>
    public bool IsSameRate(Rational other) => (Int128)Numerator * other.Denominator == (Int128)other.Numerator * Denominator;

    /// <summary>Whether both are the same rate, or one is the other by 1000/1001, as television in NTSC countries slows film and counts of 30 and 60.</summary>
    public bool IsSameRateByName(Rational other)
    {
        Rational slowing = new(1000, 1001);
        return IsSameRate(other) || IsSameRate(other * slowing) || other.IsSameRate(this * slowing);
    }

    /// <summary>Whether this is less than another positive value.</summary>
    public bool IsBelow(Rational other) => (Int128)Numerator * other.Denominator < (Int128)other.Numerator * Denominator;

    /// <summary>The largest fraction that both positive values are whole multiples of.</summary>
    public static Rational CommonUnit(Rational left, Rational right)
    {
        Int128 unit = CommonDivisor((Int128)left.Numerator * right.Denominator, (Int128)right.Numerator * left.Denominator);
        return Reduce(unit, (Int128)left.Denominator * right.Denominator);
    }

    /// <summary>The product, in lowest terms.</summary>
    public static Rational operator *(Rational left, Rational right) => Multiply(left, right);

    /// <summary>The product, in lowest terms.</summary>
    public static Rational Multiply(Rational left, Rational right) =>
        Reduce((Int128)left.Numerator * right.Numerator, (Int128)left.Denominator * right.Denominator);

    /// <summary>A count of ticks of one time base in ticks of another, rounded to the nearest (halves away from zero).</summary>
    public static long Rescale(long ticks, Rational from, Rational to)
    {
        Int128 numerator = (Int128)ticks * from.Numerator * to.Denominator;
        Int128 denominator = (Int128)from.Denominator * to.Numerator;
        Int128 half = denominator / 2;
        return (long)((numerator + (numerator < 0 ? -half : half)) / denominator);
    }

    /// <summary>A number of ticks of this time base as a time span (for display only).</summary>
    public TimeSpan ToTimeSpan(long ticks) => new(Rescale(ticks, this, new Rational(1, TimeSpan.TicksPerSecond)));

    /// <summary>
    /// A fraction of two large numbers, in lowest terms; where those do not fit, the nearest that does (the last of 63 bits may be off).
    /// </summary>
    public static Rational Fraction(Int128 numerator, Int128 denominator)
    {
        Int128 divisor = CommonDivisor(numerator, denominator);
        if (divisor != 0)
        {
            (numerator, denominator) = (numerator / divisor, denominator / divisor);
        }

        while (Int128.Max(Int128.Abs(numerator), Int128.Abs(denominator)) > long.MaxValue)
        {
            (numerator, denominator) = (numerator / 2, denominator / 2);
        }

        return new((long)numerator, (long)denominator);
    }

    /// <summary>The value as a double.</summary>
    public double ToDouble() => (double)Numerator / Denominator;

    /// <inheritdoc/>
    public override string ToString() =>
        Numerator.ToString(CultureInfo.InvariantCulture) + (Denominator == 1 ? "" : "/" + Denominator.ToString(CultureInfo.InvariantCulture));

    private static Rational Reduce(Int128 numerator, Int128 denominator)
    {
        Int128 a = CommonDivisor(numerator, denominator);
        return a == 0 ? new((long)numerator, (long)denominator) : new(checked((long)(numerator / a)), checked((long)(denominator / a)));
    }

    private static Int128 CommonDivisor(Int128 left, Int128 right)
    {
        (Int128 a, Int128 b) = (Int128.Abs(left), Int128.Abs(right));
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}

/// <summary>Between libav's fractions and ours.</summary>
internal static class RationalConversion
{
    public static Rational ToRational(this AVRational value) => new(value.num, value.den);

    /// <summary>Whether it fits into libav's fraction.</summary>
    public static bool FitsLibav(this Rational value) =>
        value is { Numerator: >= int.MinValue and <= int.MaxValue, Denominator: >= int.MinValue and <= int.MaxValue };

    /// <summary>libav's fraction; throws where it does not fit into two ints, which no time base of a file does.</summary>
    public static AVRational ToLibav(this Rational value) =>
        new() { num = checked((int)value.Numerator), den = checked((int)value.Denominator) };
}
