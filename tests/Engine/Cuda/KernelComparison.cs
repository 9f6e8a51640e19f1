using AdaConv.Engine.Cuda;

namespace AdaConv.Engine.Tests.Cuda;

/// <summary>The kernels beside the scalar reference, on guarded memory.</summary>
internal static unsafe class KernelComparison
{
    // As for the vector levels: docs/numerics.md.
    private const double Tolerance = 2e-5, ImageGradientTolerance = 1e-4, WarpTolerance = 4e-6;

    // Gradients of normalised taps are differences: of one tap, zero. Their scale is that of what is subtracted, 0.1 and more.

    // A float16 has 11 bits.
    private const double HalfTolerance = 1.0 / 2048;

    public static void Separable(IKernelLauncher launcher, SeparableConvolutionShape shape, KernelStorage storage, int seed, int gap = 0,
        bool guardStart = false)
    {
        using var inputs = new SeparableCase(shape, seed, gap, shape.Normalize ? 0.2f : -1, guardStart);
        if (storage == KernelStorage.Float16)
        {
            foreach (NativeBuffer buffer in (NativeBuffer[])[inputs.Image, inputs.Vertical, inputs.Horizontal, inputs.GradOutput])
                RoundToHalf(buffer.Span);
        }
        var scalar = new EngineOptions(KernelLevel.Scalar);
        string what = $"{storage}, {inputs}";

        using Storage image = new(inputs.Image, storage), vertical = new(inputs.Vertical, storage), horizontal = new(inputs.Horizontal, storage),
            gradOutput = new(inputs.GradOutput, storage), output = new(inputs.Image.Length, storage, guardStart);
        CudaSeparableConvolution.Forward(launcher, storage, shape, View(image, inputs.ItemSize), View(vertical, inputs.TapItemSize),
            View(horizontal, inputs.TapItemSize), View(output, inputs.ItemSize));
        Closeness.Assert(inputs.Forward(scalar), Items(output.Values(), inputs.ItemSize), storage == KernelStorage.Float16 ? HalfTolerance : Tolerance,
            $"output, {what}");

        using NativeBuffer gradImage = new(inputs.Image.Length, guardStart), gradVertical = new(inputs.Vertical.Length, guardStart),
            gradHorizontal = new(inputs.Vertical.Length, guardStart),
            scratch = new((int)CudaSeparableConvolution.ScratchLength(shape), guardStart);
        CudaSeparableConvolution.Backward(launcher, storage, shape, View(image, inputs.ItemSize), View(vertical, inputs.TapItemSize),
            View(horizontal, inputs.TapItemSize), View(gradOutput, inputs.ItemSize), Floats(gradImage, inputs.ItemSize),
            Floats(gradVertical, inputs.TapItemSize), Floats(gradHorizontal, inputs.TapItemSize), (nint)scratch.Data);
        scratch.AssertIntact();
        var expected = inputs.Backward(scalar);
        Closeness.Assert(expected.Vertical, Items(Intact(gradVertical), inputs.TapItemSize), Tolerance, $"vertical gradient, {what}", 0.1);
        Closeness.Assert(expected.Horizontal, Items(Intact(gradHorizontal), inputs.TapItemSize), Tolerance, $"horizontal gradient, {what}", 0.1);
        Closeness.Assert(expected.Image, Items(Intact(gradImage), inputs.ItemSize), ImageGradientTolerance, $"image gradient, {what}");

        DeviceView View(Storage storage, int itemSize) => new(storage.Address, gap == 0 ? 0 : itemSize + gap);
        DeviceView Floats(NativeBuffer buffer, int itemSize) => new((nint)buffer.Data, gap == 0 ? 0 : itemSize + gap);

        // Between items a written buffer must stay as it was made: not a number.
        float[] Items(float[] values, int itemSize)
        {
            for (int i = 0; i < values.Length; i++)
                Assert.True(i % (itemSize + gap) < itemSize || float.IsNaN(values[i]), $"{what}: written between items at {i}");
            return [.. values.Where((_, i) => i % (itemSize + gap) < itemSize)];
        }
    }

    public static void Warp(IKernelLauncher launcher, WarpShape shape, KernelStorage storage, int seed, float reach, bool guardStart = false)
    {
        int size = shape.Height * shape.Width;
        var random = new Random(seed);
        using NativeBuffer image = Random(shape.Planes, -1, 1), flow = Random(2, -reach, reach), gradOutput = Random(shape.Planes, -1, 1);
        if (seed % 3 == 0)
        {
            // What no flow should be.
            (flow.Span[0], flow.Span[size / 2], flow.Span[size]) = (float.NaN, float.PositiveInfinity, -1e30f);
        }
        if (storage == KernelStorage.Float16)
        {
            RoundToHalf(image.Span);
            RoundToHalf(gradOutput.Span);
        }
        using NativeBuffer expected = Empty(shape.Planes), expectedImage = Empty(shape.Planes), expectedFlow = Empty(2);
        var scalar = new EngineOptions(KernelLevel.Scalar);
        BilinearWarp.Forward(shape, image.Data, flow.Data, expected.Data, scalar);
        BilinearWarp.Backward(shape, image.Data, flow.Data, gradOutput.Data, expectedImage.Data, expectedFlow.Data, scalar);

        using Storage storedImage = new(image, storage), storedGradOutput = new(gradOutput, storage), output = new(image.Length, storage, guardStart);
        using NativeBuffer gradImage = Empty(shape.Planes), gradFlow = Empty(2);
        CudaBilinearWarp.Forward(launcher, storage, shape, new(storedImage.Address), new((nint)flow.Data), new(output.Address));
        CudaBilinearWarp.Backward(launcher, storage, shape, new(storedImage.Address), new((nint)flow.Data), new(storedGradOutput.Address),
            new((nint)gradImage.Data), new((nint)gradFlow.Data));
        string what = $"{storage}, {shape}";
        Closeness.Assert(expected.Span, output.Values(), storage == KernelStorage.Float16 ? HalfTolerance : WarpTolerance, $"warp, {what}");
        Closeness.Assert(expectedImage.Span, Intact(gradImage), WarpTolerance, $"image gradient, {what}");
        Closeness.Assert(expectedFlow.Span, Intact(gradFlow), WarpTolerance, $"flow gradient, {what}");

        float far = seed % 2 == 0 ? 0 : 0.125f;
        CubicWarp.Forward(shape, image.Data, flow.Data, expected.Data, far, scalar);
        CubicWarp.Backward(shape, image.Data, flow.Data, gradOutput.Data, expectedFlow.Data, far, scalar);
        CudaCubicWarp.Forward(launcher, storage, shape, new(storedImage.Address), new((nint)flow.Data), new(output.Address), far);
        CudaCubicWarp.Backward(
            launcher, storage, shape, new(storedImage.Address), new((nint)flow.Data), new(storedGradOutput.Address), new((nint)gradFlow.Data), far);
        Closeness.Assert(expected.Span, output.Values(), storage == KernelStorage.Float16 ? HalfTolerance : WarpTolerance, $"cubic warp, f {far}, {what}");
        Closeness.Assert(expectedFlow.Span, Intact(gradFlow), WarpTolerance, $"flow gradient of the cubic warp, f {far}, {what}");

        NativeBuffer Empty(int channels) => new(shape.Batch * channels * size, guardStart);
        NativeBuffer Random(int channels, float low, float high)
        {
            NativeBuffer buffer = Empty(channels);
            foreach (ref float value in buffer.Span)
                value = low + (high - low) * random.NextSingle();
            return buffer;
        }
    }

    private static float[] Intact(NativeBuffer buffer)
    {
        buffer.AssertIntact();
        return buffer.Span.ToArray();
    }

    private static void RoundToHalf(Span<float> values)
    {
        foreach (ref float value in values)
            value = (float)(Half)value;
    }

    /// <summary>Values in a storage type; float16 in guarded memory of its own.</summary>
    private sealed class Storage : IDisposable
    {
        private readonly NativeBuffer memory;
        private readonly bool owned;
        private readonly int length;
        private readonly KernelStorage storage;

        public Storage(NativeBuffer values, KernelStorage storage)
        {
            (this.storage, length, owned) = (storage, values.Length, storage == KernelStorage.Float16);
            memory = owned ? new NativeBuffer((length + 1) / 2) : values;
            if (!owned)
                return;
            for (int i = 0; i < length; i++)
                Halves[i] = (Half)values.Span[i];
        }

        public Storage(int length, KernelStorage storage, bool guardStart)
        {
            (this.storage, this.length, owned) = (storage, length, true);
            memory = new NativeBuffer(storage == KernelStorage.Float16 ? (length + 1) / 2 : length, guardStart);
            if (storage == KernelStorage.Float16)
                Halves.Fill(Half.NaN);
        }

        // An odd number of values ends where the memory ends.
        public nint Address => (nint)memory.Data + (storage == KernelStorage.Float16 ? length % 2 * sizeof(Half) : 0);

        private Span<Half> Halves => new((void*)Address, length);

        public float[] Values()
        {
            memory.AssertIntact();
            if (storage == KernelStorage.Float32)
                return memory.Span.ToArray();
            var values = new float[length];
            for (int i = 0; i < length; i++)
                values[i] = (float)Halves[i];
            return values;
        }

        public void Dispose()
        {
            if (owned)
                memory.Dispose();
        }
    }
}
