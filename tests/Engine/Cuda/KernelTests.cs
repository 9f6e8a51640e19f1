using AdaConv.Engine.Cuda;
using AdaConv.Tests.Support.Cuda;
using CsCheck;
using Xunit.Sdk;

namespace AdaConv.Engine.Tests.Cuda;

/// <summary>The CUDA kernels, emulated: docs/gpu.md says what that shows and what it cannot.</summary>
public sealed class KernelTests
{
    private static readonly KernelStorage[] Storages = [KernelStorage.Float32, KernelStorage.Float16];

    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1, 1 }, { 1, 3, 1, 1, 9 }, { 2, 2, 1, 1, 63 }, { 1, 1, 1, 37, 5 }, { 1, 4, 41, 1, 7 }, { 3, 3, 2, 2, 3 },
        { 2, 3, 7, 13, 9 }, { 1, 3, 8, 32, 9 }, { 1, 3, 17, 33, 51 }, { 1, 4, 5, 34, 63 }, { 1, 7, 12, 31, 17 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_separable_kernels_agree_with_the_reference(int batch, int planes, int height, int width, int taps)
    {
        EmulatedKernels kernels = EmulatedKernels.Shared;
        foreach (KernelStorage storage in Storages)
        {
            foreach (int scale in (int[])[1, 2])
            {
                kernels.DescendingOrder = scale == 2;
                foreach (bool normalize in (bool[])[false, true])
                    KernelComparison.Separable(kernels, new(batch, planes, height, width, taps, scale, normalize), storage, seed: 31 * width + height);
            }
        }
    }

    [Fact]
    public void The_separable_kernels_agree_with_the_reference_at_random_sizes_strides_and_guards()
    {
        EmulatedKernels kernels = EmulatedKernels.Shared;
        var shapes = Gen.Select(Gen.Int[1, 2], Gen.Int[1, 4], Gen.Int[1, 24], Gen.Int[1, 70], Gen.Int[0, 31], Gen.Int[1, 2], Gen.Bool);
        Gen.Select(shapes, Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Int).Sample(
            (shape, gap, guardStart, half, seed) =>
            {
                var (batch, planes, height, width, radius, scale, normalize) = shape;
                kernels.DescendingOrder = guardStart;
                KernelComparison.Separable(kernels, new(batch, planes, height, width, 2 * radius + 1, scale, normalize), Storages[half ? 1 : 0],
                    seed, gap, guardStart);
            },
            iter: 8, threads: 1);
    }

    [Fact]
    public void The_warp_kernels_agree_with_the_reference()
    {
        EmulatedKernels kernels = EmulatedKernels.Shared;
        WarpShape[] shapes = [new(1, 1, 1, 1), new(1, 3, 1, 40), new(2, 4, 19, 1), new(2, 3, 9, 33), new(1, 2, 8, 32), new(1, 3, 31, 67)];
        for (int i = 0; i < shapes.Length; i++)
        {
            foreach (KernelStorage storage in Storages)
            {
                foreach (float reach in (float[])[0, 0.9f, 9, 200])
                    KernelComparison.Warp(kernels, shapes[i], storage, seed: i, reach, guardStart: i % 2 == 0);
            }
        }
    }

    [Fact]
    public unsafe void A_still_warp_and_an_unwanted_gradient_leave_their_memory_as_it_is()
    {
        using NativeBuffer image = new(2 * 5 * 9), flow = new(2 * 5 * 9), output = new(2 * 5 * 9), gradFlow = new(2 * 5 * 9);
        for (int i = 0; i < image.Length; i++)
            (image.Span[i], flow.Span[i]) = (i * 0.37f, 0);
        var shape = new WarpShape(1, 2, 5, 9);
        CudaBilinearWarp.Forward(EmulatedKernels.Shared, KernelStorage.Float32, shape, new((nint)image.Data), new((nint)flow.Data),
            new((nint)output.Data));
        Assert.Equal(image.Span, output.Span);
        CudaBilinearWarp.Backward(EmulatedKernels.Shared, KernelStorage.Float32, shape, new((nint)image.Data), new((nint)flow.Data),
            new((nint)output.Data), default, new((nint)gradFlow.Data));
        Assert.DoesNotContain(float.NaN, gradFlow.Span.ToArray());
        output.Span.Fill(float.NaN);
        CudaCubicWarp.Forward(EmulatedKernels.Shared, KernelStorage.Float32, shape, new((nint)image.Data), new((nint)flow.Data), new((nint)output.Data),
            far: 0.125f);
        Assert.Equal(image.Span, output.Span);
    }

    [Fact]
    public void Every_barrier_is_needed()
    {
        EmulatedKernels kernels = EmulatedKernels.Shared;
        Assert.True(Agree(kernels));
        int count = kernels.BarrierCount;
        Assert.Equal(13, count);
        List<string> needless = [];
        for (int barrier = 1; barrier <= count; barrier++)
        {
            kernels.SkippedBarrier = barrier;
            bool unseen = Agree(kernels);
            kernels.SkippedBarrier = 0;
            if (unseen)
                needless.Add(kernels.BarrierName(barrier));
        }
        Assert.Empty(needless);
    }

    public static TheoryData<string, string, string> Mutations => new()
    {
        { "separable_forward.cuh", "tap = r + item / PIXELS - (row & 1)", "tap = r + item / PIXELS - (row & 1) + 1" }, // off by one tap
        { "separable_forward.cuh", "load(line + clamp(left + column, args.width))", "load(line + clamp(left + column, args.width - (args.width > 1)))" },
        { "separable_gradients.cuh", "factors[pixel] = divides ? u / divisor : 0", "factors[pixel] = 0" },             // normalisation forgotten
        { "separable_gradients.cuh", "row < args.height + taps - 1", "row < args.height + taps - 2" },                 // the border's last row lost
        { "taps.cuh", "return odd ? 0.75f : 0.25f", "return odd ? 0.25f : 0.75f" },                                    // upsampled the wrong way
        { "warp.cuh", "coordinate > 0 && coordinate < last}", "coordinate >= 0 && coordinate < last}" },               // a gradient at the border
        { "warp.cuh", "place.first - 2 + i", "place.first - 1 + i" },                                                  // the cubic warp's places lie too far
        { "warp.cuh", "0.5f + 2 * far", "0.5f + far" },                                                                // its slopes too small
    };

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_mutated_kernel_is_found_out(string file, string original, string mutation)
    {
        string folder = NativeSources.TemporaryFolder();
        try
        {
            foreach (string source in Directory.EnumerateFiles(NativeSources.Folder, "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(folder, Path.GetRelativePath(NativeSources.Folder, source));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(source, copy);
            }
            string text = File.ReadAllText(Path.Combine(folder, file));
            Assert.Equal(2, text.Split(original).Length);
            File.WriteAllText(Path.Combine(folder, file), text.Replace(original, mutation, StringComparison.Ordinal));
            using var mutant = new EmulatedKernels(folder);
            Assert.False(Agree(mutant));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_kernels_keep_to_their_memory_and_to_the_language()
    {
        string folder = NativeSources.TemporaryFolder();
        try
        {
            string program = Path.Combine(folder, "check");
            NativeSources.Compile(NativeSources.Folder, program, ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
                "emulation/check.cpp", "emulation/emulated.cpp", "emulation/fibers.cpp");
            var (exit, text) = NativeSources.Run(program, []);
            Assert.True(exit == 0 && text.Contains("whole"), text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_host_lays_out_threads_as_the_header_says()
    {
        EmulatedKernels kernels = EmulatedKernels.Shared;
        var sizes = Gen.Select(Gen.Int[1, 5], Gen.Int[1, 8], Gen.Int[1, 5000], Gen.Int[1, 9000], Gen.Int[0, 31]);
        Gen.Select(sizes, Gen.Bool).Sample(
            (size, half) =>
            {
                var (batch, planes, height, width, radius) = size;
                KernelStorage storage = Storages[half ? 1 : 0];
                var separable = new SeparableArguments { Batch = batch, Planes = planes, Height = height, Width = width, Taps = 2 * radius + 1 };
                foreach (KernelLaunch launch in (KernelLaunch[])[KernelLaunch.SeparableForward(separable, storage),
                    KernelLaunch.TapGradient(separable, storage), KernelLaunch.ImageGradient(separable, storage)])
                {
                    Assert.Equal(kernels.Contract(launch.Kernel, separable), launch);
                    Assert.True(launch.SharedBytes <= 48 * 1024);
                }
                var fold = new FoldArguments { Batch = batch, Taps = 2 * radius + 1, Height = height, Width = width };
                Assert.Equal(kernels.Contract("adaconv_fold_taps_f32", fold), KernelLaunch.FoldTaps(fold));
                var warp = new WarpArguments { Batch = batch, Planes = planes, Height = height, Width = width };
                foreach (KernelLaunch launch in (KernelLaunch[])[KernelLaunch.WarpForward(warp, storage), KernelLaunch.WarpBackward(warp, storage),
                    KernelLaunch.CubicWarpForward(warp, storage), KernelLaunch.CubicWarpBackward(warp, storage)])
                    Assert.Equal(kernels.Contract(launch.Kernel, warp), launch);
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public void Wrong_sizes_addresses_and_strides_are_refused_by_name()
    {
        EmulatedKernels kernels = EmulatedKernels.Shared;
        var shape = new SeparableConvolutionShape(2, 1, 4, 4, 3, 1, false);
        DeviceView some = new(64);
        void Forward(SeparableConvolutionShape shape, DeviceView image, DeviceView vertical, DeviceView output) =>
            CudaSeparableConvolution.Forward(kernels, KernelStorage.Float32, shape, image, vertical, some, output);
        Assert.Equal("Taps", Assert.Throws<ArgumentOutOfRangeException>(() => Forward(shape with { Taps = 4 }, some, some, some)).ParamName);
        Assert.Equal("image", Assert.Throws<ArgumentNullException>(() => Forward(shape, default, some, some)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentException>(() => Forward(shape, some, some, new(64, 15))).ParamName);
        Assert.Equal("horizontal", Assert.Throws<ArgumentException>(() => Forward(shape, some, new(64, 100), some)).ParamName);
        Assert.Equal("flow", Assert.Throws<ArgumentNullException>(() => CudaBilinearWarp.Forward(
            kernels, KernelStorage.Float32, new(1, 1, 2, 2), some, default, some)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentNullException>(() => CudaCubicWarp.Forward(
            kernels, KernelStorage.Float32, new(1, 1, 2, 2), some, some, default, far: 0)).ParamName);
        Assert.Equal("gradFlow", Assert.Throws<ArgumentException>(() => CudaCubicWarp.Backward(
            kernels, KernelStorage.Float32, new(2, 1, 2, 2), some, some, some, new(64, 7), far: 0)).ParamName);
    }

    // Whether the kernels equal the reference in both orders of threads, at sizes that reach all of their code.
    private static bool Agree(EmulatedKernels kernels)
    {
        try
        {
            foreach (bool descending in (bool[])[false, true])
            {
                kernels.DescendingOrder = descending;
                KernelComparison.Separable(kernels, new(1, 4, 7, 35, 19, 2, true), KernelStorage.Float32, seed: 5);
                KernelComparison.Warp(kernels, new(1, 2, 9, 33), KernelStorage.Float32, seed: 1, reach: 0);
            }
            return true;
        }
        catch (Exception exception) when (exception is XunitException or InvalidOperationException)
        {
            return false;
        }
    }
}
