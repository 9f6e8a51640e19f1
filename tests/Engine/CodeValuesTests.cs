using System.Numerics;

namespace AdaConv.Engine.Tests;

public sealed class CodeValuesTests
{
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.49999997f, 0)]
    [InlineData(0.5f, 0)]
    [InlineData(1.5f, 2)]
    [InlineData(2.5f, 2)]
    [InlineData(126.5f, 126)]
    [InlineData(127.5f, 128)]
    [InlineData(253.50002f, 254)]
    [InlineData(254.5f, 254)]
    [InlineData(254.50002f, 255)]
    [InlineData(255f, 255)]
    [InlineData(255.5f, 255)]
    [InlineData(1e30f, 255)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(-0.4f, 0)]
    [InlineData(-0.6f, 0)]
    [InlineData(-7f, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, 0)]
    public void Samples_become_the_nearest_code_halves_the_even_one_and_nothing_leaves_the_range(float value, int code)
    {
        Assert.Equal((uint)code, CodeValues.Round(value, 255));
        Assert.Equal((byte)code, CodeValues.ToByte(value));
        Assert.Equal(new Vector<uint>((uint)code), CodeValues.Round(new Vector<float>(value), new Vector<float>(255)));
    }

    [Theory]
    [InlineData(0xFFFF, 65534.5f, 65534)]
    [InlineData(0xFFFF, 65535.5f, 65535)]
    [InlineData(1023, 511.5f, 512)]
    public void The_code_width_is_the_caller_s(int top, float value, int code) => Assert.Equal((uint)code, CodeValues.Round(value, (uint)top));

    [Fact]
    public void A_whole_plane_is_rounded_as_its_samples_are()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        foreach (int length in (int[])[0, 1, 7, 31, 32, 64, 65, 1000])
        {
            float[] samples = new float[length];
            for (int i = 0; i < length; i++)
            {
                samples[i] = random.Next(10) switch
                {
                    0 => float.NaN,
                    1 => random.Next(-3, 300) / 255f,
                    2 => (random.Next(256) + 0.5f) / 255,
                    _ => (random.NextSingle() * 1.2f) - 0.1f
                };
            }

            byte[] codes = new byte[length];
            CodeValues.ToBytes(samples, 255, codes);

            Assert.Equal(samples.Select(sample => CodeValues.ToByte(sample * 255)), codes);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => CodeValues.ToBytes([1f], 255, new byte[2]));
    }
}
