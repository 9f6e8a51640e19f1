using System.Numerics;
using CsCheck;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Functions;

public sealed unsafe class RationalTests
{
    private static readonly Gen<AVRational> timeBase =
        Gen.Select(Gen.Int[1, 2_000], Gen.Int[1, 200_000], (num, den) => new AVRational { num = num, den = den });

    [Fact]
    public void Timestamps_are_rescaled_to_the_nearest_away_from_zero() =>
        Gen.Select(Gen.Long[-1L << 40, 1L << 40], timeBase, timeBase).Sample((timestamp, from, to) =>
        {
            BigInteger numerator = new BigInteger(timestamp) * from.num * to.den, denominator = new BigInteger(from.den) * to.num;
            BigInteger rounded = ((BigInteger.Abs(numerator) * 2) + denominator) / (denominator * 2) * numerator.Sign;
            return ffmpeg.av_rescale_q(timestamp, from, to) == (long)rounded;
        });

    [Fact]
    public void Timestamps_compare_as_times() =>
        Gen.Select(Gen.Long[-1L << 40, 1L << 40], timeBase, Gen.Long[-1L << 40, 1L << 40], timeBase).Sample((a, ofA, b, ofB) =>
            ffmpeg.av_compare_ts(a, ofA, b, ofB)
                == (new BigInteger(a) * ofA.num * ofB.den).CompareTo(new BigInteger(b) * ofB.num * ofA.den));

    [Fact]
    public void Fractions_compare_by_value() => Gen.Select(timeBase, timeBase).Sample((a, b) =>
        ffmpeg.av_cmp_q(a, b) == ((long)a.num * b.den).CompareTo((long)b.num * a.den));

    [Theory]
    [InlineData(1, 0, 1, 0, 0)]
    [InlineData(1, 0, -1, 0, 1)]
    [InlineData(0, 0, 1, 2, int.MinValue)]
    [InlineData(1, 2, -1, -2, 0)]
    [InlineData(1, -2, 1, 2, -1)]
    public void Odd_fractions_compare_as_in_libav(int num, int den, int otherNum, int otherDen, int expected) => Assert.Equal(
        expected, ffmpeg.av_cmp_q(ffmpeg.av_make_q(num, den), ffmpeg.av_make_q(otherNum, otherDen)));

    [Fact]
    public void A_fraction_is_reduced_to_its_lowest_terms()
    {
        int num, den;

        Assert.Equal(1, ffmpeg.av_reduce(&num, &den, 48_000 * 7L, 1_001 * 7L, int.MaxValue));
        Assert.Equal((48_000, 1_001), (num, den));
    }

    [Fact]
    public void Inversion_and_quotient_agree_with_the_library()
    {
        AVRational rate = new() { num = 24_000, den = 1_001 };

        AVRational inverse = ffmpeg.av_inv_q(rate);
        Assert.Equal((1_001, 24_000), (inverse.num, inverse.den));
        Assert.Equal(24_000 / 1_001.0, ffmpeg.av_q2d(rate));
        AVRational product = ffmpeg.av_mul_q(rate, inverse);
        Assert.Equal((1, 1), (product.num, product.den));
    }

    [Fact]
    public void Time_without_a_value_is_kept_by_rescaling() => Assert.Equal(
        ffmpeg.AV_NOPTS_VALUE,
        ffmpeg.av_rescale_q_rnd(
            ffmpeg.AV_NOPTS_VALUE,
            new AVRational { num = 1, den = 25 },
            new AVRational { num = 1, den = 1_000 },
            AVRounding.AV_ROUND_NEAR_INF | AVRounding.AV_ROUND_PASS_MINMAX));
}
