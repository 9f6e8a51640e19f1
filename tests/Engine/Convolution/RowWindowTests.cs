using AdaConv.Engine.Convolution;

namespace AdaConv.Engine.Tests.Convolution;

/// <summary>Convolutions of which a window of rows is there at a time.</summary>
public sealed unsafe class RowWindowTests
{
    [Fact]
    public void Some_rows_at_a_time_have_the_bits_of_all_rows_at_once()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        foreach (KernelLevel level in Levels.All)
        {
            foreach (int stride in (int[])[1, 2])
            {
                for (int round = 0; round < 4; round++)
                {
                    int narrow = random.Next(1, 40), outputs = round < 2 ? narrow : narrow + 64; // in large tiles, and not
                    ConvolutionShape shape = new(random.Next(1, 40), outputs, stride, 0.1f);
                    Check(shape, random.Next(1, 90), random.Next(1, 50), level, random, adds: round % 2 == 1);
                }
            }
        }
    }

    [Fact]
    public void A_tile_is_not_parted_and_rows_that_the_picture_has_not_are_refused()
    {
        using NativeBuffer memory = new(64 * 8 * 16);
        using var layer = Convolution3x3.Create(new(2, 2), new float[36], new float[2], KernelLevel.Vector128);
        ActivationView view = new(memory.Data, 30, 8, 2);
        Assert.Equal(6, layer.UnitRows);
        foreach (RowRange rows in (RowRange[])[new(2, 12), new(0, 8), new(-6, 12), new(12, 12), new(12, 36)])
            Assert.Throws<ArgumentException>(() => layer.Run(view, view, rows: rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationView(memory.Data, 8, 8, 2, pictures: 2, rows: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationView(memory.Data, 8, 8, 2, rows: -1));
        ActivationView pair = new(memory.Data, 8, 8, 2, pictures: 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Run(pair, pair, rows: new(0, 6)));
    }

    private static void Check(in ConvolutionShape shape, int height, int width, KernelLevel level, Random random, bool adds)
    {
        float[] weights = Noise(random, 9 * shape.Inputs * shape.Outputs), bias = Noise(random, shape.Outputs);
        int rows = shape.OutputSize(height), columns = shape.OutputSize(width);
        using var layer = Convolution3x3.Create(shape, weights, bias, level);
        using var input = NativeBuffer.From(Noise(random, (int)ActivationView.Floats(height, width, shape.Inputs)));
        using var added = NativeBuffer.From(Noise(random, (int)ActivationView.Floats(rows, columns, shape.Outputs)));
        using NativeBuffer whole = new(added.Length);
        ActivationView expected = new(whole.Data, rows, columns, shape.Outputs), source = new(input.Data, height, width, shape.Inputs);
        ActivationView residual = new(added.Data, rows, columns, shape.Outputs);
        layer.Run(source, expected, adds ? residual : null);

        int unit = layer.UnitRows, count = unit * random.Next(1, 4);
        int inputWindow = Whole(shape.LastRow(count - 1) - shape.FirstRow(0) + 1 + random.Next(5)), outputWindow = Whole(count + random.Next(9));
        using NativeBuffer inputRows = new(inputWindow * (int)source.RowStride), outputRows = new(outputWindow * (int)expected.RowStride);
        using NativeBuffer addedRows = new(outputRows.Length);
        ActivationView seen = new(inputRows.Data, height, width, shape.Inputs, rows: inputWindow);
        ActivationView made = new(outputRows.Data, rows, columns, shape.Outputs, rows: outputWindow);
        ActivationView sum = new(addedRows.Data, rows, columns, shape.Outputs, rows: outputWindow);
        for (int first = 0; first < rows; first += count)
        {
            RowRange range = new(first, Math.Min(first + count, rows));
            inputRows.Span.Fill(float.NaN); // whatever else is there must not matter
            Copy(source, seen, Math.Max(shape.FirstRow(first), 0), Math.Min(shape.LastRow(range.End - 1) + 1, height));
            Copy(residual, sum, first, range.End);
            layer.Run(seen, made, adds ? sum : null, threads: random.Next(1, 4), range);
            for (int y = first; y < range.End; y++)
            {
                for (int x = 0; x < columns; x++)
                {
                    var actual = new ReadOnlySpan<float>(made.Pixel(y, x), shape.Outputs);
                    Assert.Equal(new ReadOnlySpan<float>(expected.Pixel(y, x), shape.Outputs), actual);
                }
            }
        }

        outputRows.AssertIntact();

        static int Whole(int rows) => (rows + 11) / 12 * 12; // of tiles of 3, 4 and 6
    }

    private static void Copy(ActivationView from, ActivationView to, int first, int end)
    {
        for (int y = first; y < end; y++)
            new ReadOnlySpan<float>(from.Pixel(y, 0), (int)from.RowStride).CopyTo(new(to.Pixel(y, 0), (int)from.RowStride));
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
