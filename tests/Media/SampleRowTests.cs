using AdaConv.Pictures;
using CsCheck;
using Xunit;

namespace AdaConv.Media.Tests;

/// <summary>The vectorised loops against readable scalar ones, at lengths that do and do not fill vectors, at odd addresses.</summary>
public unsafe class SampleRowTests
{
    private static readonly SampleLayout[] Layouts =
    [
        new(0, 1, 0, 0, 8, false, false),
        new(0, 2, 0, 0, 10, false, false),
        new(0, 2, 0, 0, 16, false, false),
        new(0, 2, 0, 6, 10, false, false),
        new(0, 2, 0, 0, 12, true, false),
        new(1, 2, 1, 0, 8, false, true),
        new(1, 4, 2, 6, 10, false, true),
        new(0, 4, 1, 0, 8, false, true),
        new(0, 4, 1, 2, 10, false, true),
        new(0, 3, 2, 0, 8, false, true),
        new(0, 6, 4, 0, 16, true, true),
        new(0, 8, 6, 0, 16, false, true),
    ];

    private static readonly Gen<(int Layout, int Count, uint Seed)> Cases =
        Gen.Select(Gen.Int[0, Layouts.Length - 1], Gen.Int[1, 150], Gen.UInt);

    [Fact]
    public void Samples_load_as_one_by_one() => Cases.Sample(item =>
    {
        SampleLayout layout = Layouts[item.Layout];
        Random random = new((int)item.Seed);
        byte[] row = new byte[(item.Count * layout.UnitBytes) + 1];
        random.NextBytes(row);
        float[] floats = new float[item.Count + 1];
        floats[^1] = -7;
        float scale = 1f / layout.Mask;
        fixed (byte* source = row)
        fixed (float* target = floats)
        {
            SampleRow.Load(source + 1, layout, scale, target, item.Count);
            for (int i = 0; i < item.Count; i++)
            {
                Assert.Equal(CodeAt(row, 1 + (i * layout.UnitBytes), layout) * scale, floats[i]);
            }
        }

        Assert.Equal(-7, floats[^1]);
    });

    [Fact]
    public void Samples_store_as_one_by_one_and_leave_their_neighbours() => Cases.Sample(item =>
    {
        SampleLayout layout = Layouts[item.Layout];
        Random random = new((int)item.Seed);
        float[] floats = new float[item.Count];
        for (int i = 0; i < floats.Length; i++)
        {
            // Far outside on both sides, halves, and what is no number.
            floats[i] = random.Next(8) switch
            {
                0 => -random.NextSingle() * 1e6f,
                1 => random.NextSingle() * 1e9f,
                2 => random.Next((int)layout.Mask) + 0.5f,
                3 => float.NaN,
                _ => random.NextSingle() * layout.Mask,
            };
        }

        byte[] row = new byte[(item.Count * layout.UnitBytes) + 2];
        row[0] = row[^1] = 0xA5;
        fixed (byte* target = row)
        fixed (float* source = floats)
        {
            SampleRow.Store(source, 1, target + 1, layout, item.Count);
        }

        for (int i = 0; i < item.Count; i++)
        {
            Assert.Equal(NearestCode(floats[i], layout.Mask), CodeAt(row, 1 + (i * layout.UnitBytes), layout));
        }

        Assert.Equal(0xA5, row[0]);
        Assert.Equal(0xA5, row[^1]);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Chroma_is_replicated_and_its_blocks_averaged_as_one_by_one(int shift) => Gen.Select(Gen.Int[1, 150], Gen.Int[1, 4], Gen.UInt).Sample(item =>
    {
        (int width, int rows, uint seed) = item;
        Random random = new((int)seed);
        int count = (width + (1 << shift) - 1) >> shift;
        float[] small = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 255)];
        float[] wide = new float[width + 1], means = new float[count + 1], sum = new float[width];
        wide[^1] = means[^1] = -7;
        fixed (float* source = small, target = wide, summed = sum, mean = means)
        {
            SampleRow.Replicate(source, target, shift, width);
            for (int x = 0; x < width; x++)
            {
                Assert.Equal(small[x >> shift], wide[x]);
                sum[x] = random.NextSingle() * 255 * rows;
            }

            SampleRow.BlockMeans(summed, rows, mean, shift, width);
            for (int i = 0; i < count; i++)
            {
                double[] block = [.. sum.Skip(i << shift).Take(1 << shift).Select(value => (double)value)];
                Assert.Equal(block.Sum() / (block.Length * rows), means[i], 1e-4);
            }
        }

        Assert.Equal(-7, wide[^1]);
        Assert.Equal(-7, means[^1]);
    });

    [Fact]
    public void Rows_go_through_the_colour_map_as_one_by_one() => Gen.Select(Gen.Int[1, 100], Gen.UInt).Sample(item =>
    {
        ColorTransform map = ColorTransform.Create(ColorMatrix.Bt709, fullRange: false, depth: 8);
        Random random = new((int)item.Item2);
        int count = item.Item1;
        float[] y = Codes(), u = Codes(), v = Codes(), r = new float[count], g = new float[count], b = new float[count];
        fixed (float* yp = y, up = u, vp = v, rp = r, gp = g, bp = b)
        {
            SampleRow.Transform(map, yp, up, vp, rp, gp, bp, count);
        }

        for (int i = 0; i < count; i++)
        {
            Assert.Equal((y[i] * map.RedY) + (u[i] * map.RedU) + (v[i] * map.RedV) + map.RedOffset, r[i], 1e-5);
            Assert.Equal((y[i] * map.GreenY) + (u[i] * map.GreenU) + (v[i] * map.GreenV) + map.GreenOffset, g[i], 1e-5);
            Assert.Equal((y[i] * map.BlueY) + (u[i] * map.BlueU) + (v[i] * map.BlueV) + map.BlueOffset, b[i], 1e-5);
        }

        float[] Codes() => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(256))];
    });

    private static uint CodeAt(byte[] row, int unit, SampleLayout layout)
    {
        int at = unit + layout.Offset;
        bool wide = layout.Depth + layout.Shift > 8;
        int raw = !wide ? row[at] : layout.BigEndian ? (row[at] << 8) | row[at + 1] : row[at] | (row[at + 1] << 8);
        return (uint)(raw >> layout.Shift) & ((1u << layout.Depth) - 1);
    }

    private static uint NearestCode(float value, uint top) =>
        float.IsNaN(value) || value <= 0 ? 0 : value >= top ? top : (uint)Math.Round((double)value, MidpointRounding.ToEven);
}
