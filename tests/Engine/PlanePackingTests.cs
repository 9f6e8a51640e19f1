using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class PlanePackingTests
{
    // Of the greatest expected magnitude: scaling is one fused multiply-add.
    private const double Tolerance = 1e-6;

    // bfloat16 keeps 8 bits: values that differ in the last bit of a float may round to neighbours.
    private const double NarrowTolerance = 1.0 / 128;

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_strides_and_guards()
    {
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 9], Gen.Int[1, 130], Gen.Bool, Gen.Bool, Gen.Int).Sample(
            (batch, rows, columns, narrow, guardStart, seed) =>
            {
                using var inputs = new PackingCase(new(batch, rows, columns), seed, narrow, guardStart);
                float[] expected = inputs.Pack(new(KernelLevel.Scalar));
                var (first, second) = inputs.Unpack(new(KernelLevel.Scalar));
                foreach (var level in Levels.Vectorised)
                {
                    foreach (int threads in new[] { 1, 3 })
                    {
                        EngineOptions options = new(level, threads);
                        Closeness.Assert(expected, inputs.Pack(options), narrow ? NarrowTolerance : Tolerance, $"packed, {level}");
                        var (unpackedFirst, unpackedSecond) = inputs.Unpack(options);
                        Closeness.Assert(first, unpackedFirst, Tolerance, $"unpacked, {level}");
                        Closeness.Assert(second, unpackedSecond, Tolerance, $"unpacked second group, {level}");
                    }
                }
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Channels_are_scaled_and_shifted_and_the_rest_is_zero()
    {
        using NativeBuffer plane = NativeBuffer.From([1, 2]), offset = NativeBuffer.From([100]), output = new(8);
        foreach (var level in Levels.All)
        {
            PlanePacking.Pack(new(1, 1, 2), [new PlaneGroup(plane.Data, 1, 0.5f, offset.Data)], new InterleavedView(output.Data, 4, false), new(level));
            Assert.Equal([100.5f, 0, 0, 0, 101, 0, 0, 0], output.Span.ToArray());
        }
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)] // half way between two: to the even one
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(-3.3895314e38f, 0xFF7F)]
    [InlineData(float.MaxValue, 0x7F80)] // rounds to infinity
    [InlineData(float.NaN, 0xFFC0)]
    public void Values_are_rounded_to_the_nearest_bfloat16(float value, int expected)
    {
        using NativeBuffer plane = NativeBuffer.From([value]), output = new(1);
        foreach (var level in Levels.All)
        {
            output.Span.Clear();
            PlanePacking.Pack(new(1, 1, 1), [new PlaneGroup(plane.Data, 1, 1)], new InterleavedView(output.Data, 2, true), new(level));
            Assert.Equal((ushort)expected, ((ushort*)output.Data)[0]);
            Assert.Equal(0, ((ushort*)output.Data)[1]);
        }
    }

    [Fact]
    public void Packing_and_unpacking_are_adjoint()
    {
        // <pack(a), b> = <a, unpack(b)> for random a and b.
        PackingShape shape = new(2, 3, 7);
        var random = new Random(3);
        float[] a = Values(random, 2 * 3 * 21), b = Values(random, 2 * 8 * 21);
        using NativeBuffer planes = NativeBuffer.From(a), packed = new(b.Length), other = NativeBuffer.From(b), back = new(a.Length);
        foreach (var level in Levels.All)
        {
            PlanePacking.Pack(shape, [new PlaneGroup(planes.Data, 3, 0.5f)], new InterleavedView(packed.Data, 8, false), new(level));
            PlanePacking.Unpack(shape, new InterleavedView(other.Data, 8, false), [new PlaneGroup(back.Data, 3, 0.5f)], new(level));
            double forward = Dot(packed.Span, b), backward = Dot(back.Span, a);
            Assert.Equal(forward, backward, 1e-4);
        }
    }

    [Fact]
    public void Sizes_and_channels_that_do_not_fit_are_refused()
    {
        using NativeBuffer buffer = new(64);
        InterleavedView view = new(buffer.Data, 4, true);
        Assert.Throws<ArgumentOutOfRangeException>(() => PlanePacking.Pack(new(1, 0, 4), [new PlaneGroup(buffer.Data, 1)], view));
        Assert.Throws<ArgumentException>(() => PlanePacking.Pack(new(1, 2, 2), [new PlaneGroup(buffer.Data, 5)], view));
        Assert.Throws<ArgumentException>(() => PlanePacking.Pack(new(1, 2, 2), [new PlaneGroup(buffer.Data, 3)], new InterleavedView(buffer.Data, 3, true)));
        Assert.Throws<ArgumentNullException>(() => PlanePacking.Pack(new(1, 2, 2), [new PlaneGroup(default, 1)], view));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    private static double Dot(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double sum = 0;
        for (int i = 0; i < first.Length; i++)
            sum += (double)first[i] * second[i];
        return sum;
    }

    /// <summary>Two groups, five planes, of which the second group has offsets and a wider tensor around it.</summary>
    private sealed class PackingCase : IDisposable
    {
        private readonly PackingShape shape;
        private readonly int channels; // multiples of 16 words take another way than others
        private readonly bool narrow, guardStart;
        private readonly NativeBuffer first, second, offsets, activations;

        public PackingCase(PackingShape shape, int seed, bool narrow, bool guardStart)
        {
            (this.shape, this.narrow, this.guardStart) = (shape, narrow, guardStart);
            var random = new Random(seed);
            channels = random.Next(3) switch { 0 => 8, 1 => 32, _ => 64 };
            first = NativeBuffer.From(Values(random, shape.Batch * 3 * (int)shape.PlaneSize), guardStart);
            second = NativeBuffer.From(Values(random, (shape.Batch - 1) * 5 * (int)shape.PlaneSize + 2 * (int)shape.PlaneSize), guardStart);
            offsets = NativeBuffer.From(Values(random, shape.Batch * 2), guardStart);
            activations = new(shape.Batch * shape.Height * shape.Width * (narrow ? channels / 2 : channels), guardStart);
            foreach (ref float value in activations.Span)
                value = narrow
                    ? BitConverter.UInt32BitsToSingle((uint)random.Next(0x3000, 0x4100) << 16 | (uint)random.Next(0x3000, 0x4100))
                    : random.NextSingle();
        }

        // As floats; two bfloat16 channels a value are taken apart.
        public float[] Pack(EngineOptions options)
        {
            using NativeBuffer output = new(activations.Length, guardStart);
            PlanePacking.Pack(shape, Groups(first, second), new InterleavedView(output.Data, channels, narrow), options);
            output.AssertIntact();
            return narrow
                ? [.. output.Span.ToArray().Select(BitConverter.SingleToUInt32Bits)
                    .SelectMany(bits => (float[])[BFloat16Bits.ToSingle((ushort)bits), BFloat16Bits.ToSingle((ushort)(bits >> 16))])]
                : output.Span.ToArray();
        }

        public (float[] First, float[] Second) Unpack(EngineOptions options)
        {
            using NativeBuffer a = new(first.Length, guardStart), b = new(second.Length, guardStart);
            b.Span.Clear(); // between the items lies what the operation leaves alone
            PlanePacking.Unpack(shape, new InterleavedView(activations.Data, channels, narrow), Groups(a, b), options);
            a.AssertIntact();
            b.AssertIntact();
            return (a.Span.ToArray(), b.Span.ToArray());
        }

        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
            offsets.Dispose();
            activations.Dispose();
        }

        private PlaneGroup[] Groups(NativeBuffer a, NativeBuffer b) =>
        [
            new(a.Data, 3, 0.75f),
            new(new TensorView(b.Data, 5 * shape.PlaneSize), 2, -2, offsets.Data),
        ];
    }
}
