using AdaConv.Media.Libav;
using Xunit;

namespace AdaConv.Media.Tests;

public class RationalTests
{
    [Theory]
    [InlineData(24000, 1001, 48000, 1001)]
    [InlineData(15, 1, 30, 1)]
    [InlineData(25, 2, 25, 1)]
    [InlineData(1444, 50, 1444, 25)]
    public void Doubling_a_rate_is_exact(long numerator, long denominator, long twice, long over) =>
        Assert.Equal(new Rational(twice, over), new Rational(numerator, denominator).Doubled);

    [Theory]
    [InlineData(1, 1, 3, 1, 2, 1)]
    [InlineData(3, 1, 2, 1, 1, 2)]
    [InlineData(-3, 1, 2, 1, 1, -2)]
    [InlineData(long.MaxValue / 4, 1, 1000, 1, 2000, long.MaxValue / 4 * 2)]
    public void Ticks_are_rescaled_to_the_nearest(long ticks, long num, long den, long toNum, long toDen, long expected) =>
        Assert.Equal(expected, Rational.Rescale(ticks, new(num, den), new(toNum, toDen)));

    [Fact]
    public void Two_hours_at_an_odd_rate_do_not_drift()
    {
        Rational rate = new(30000, 1001), milliseconds = new(1, 1000);
        long frames = 2 * 3600 * 30;
        Assert.Equal(frames * 1001 / 30, Rational.Rescale(frames, rate.Inverse, milliseconds));
    }

    [Theory]
    [InlineData(24, 1, 24000, 1001, true)]
    [InlineData(60000, 1001, 60, 1, true)]
    [InlineData(25, 1, 50, 2, true)]
    [InlineData(24, 1, 25, 1, false)]
    [InlineData(24, 1, 2395, 100, false)]
    public void A_rate_and_the_same_slowed_by_1000_to_1001_go_by_one_name(long num, long den, long otherNum, long otherDen, bool same) =>
        Assert.Equal(same, new Rational(num, den).IsSameRateByName(new(otherNum, otherDen)));

    [Fact]
    public void A_fraction_is_in_lowest_terms_and_where_it_does_not_fit_the_nearest()
    {
        Assert.Equal(new(2, 5), Rational.Fraction(4_000_000_000_000_000_000 * (Int128)6, 10_000_000_000_000_000_000 * (Int128)6));
        Assert.Equal(new(0, 1), Rational.Fraction(0, 7));
        Int128 large = (Int128)1 << 100;
        Assert.Equal(1.0 / 3, Rational.Fraction(large, 3 * large + 1).ToDouble(), 1e-15);
    }
}
