using System.Diagnostics;
using System.Globalization;
using AdaConv.Engine.Cuda;

namespace AdaConv.Engine;

/// <summary>Every kernel on a device beside the processor's reference, and its time: for whoever has a card.</summary>
public static unsafe class CudaSelfTest
{
    // Of the greatest magnitude: docs/numerics.md; a float16 has 11 bits.
    private const double Tolerance = 2e-5, ImageGradientTolerance = 1e-4, HalfTolerance = 1.0 / 2048;
    private const float FarShare = 0.125f; // of the cubic warp

    /// <summary>Runs the test and writes its report line by line.</summary>
    /// <param name="device">The device.</param>
    /// <param name="write">Takes each line.</param>
    /// <param name="timed">Also times the convolution at 1920×1080 beside the least time that the device's arithmetic and memory allow.</param>
    /// <returns>Whether every kernel agrees with the reference.</returns>
    /// <exception cref="CudaException">A call failed; which one the message says.</exception>
    public static bool Run(CudaDevice device, Action<string> write, bool timed = true) =>
        Run(device, write, (53, 37), timed ? (1920, 1080) : null);

    /// <summary>The same on images of other sizes.</summary>
    internal static bool Run(CudaDevice device, Action<string> write, (int Width, int Height) size, (int Width, int Height)? timedSize)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(write);
        var (major, minor) = device.ComputeCapability;
        write(Line($"device        {device.Name}, compute capability {major}.{minor}, {device.Multiprocessors} multiprocessors, {device.Memory >> 20} MiB"));
        write(Line($"driver        CUDA {device.DriverVersion / 1000}.{device.DriverVersion % 1000 / 10}"));
        write(Line($"at best       {device.OperationsPerSecond / 1e12:F1} TFLOP/s in float32, {device.BytesPerSecond / 1e9:F0} GB/s, by the clocks ")
            + Line($"that the driver states"));
        bool agree = true;
        foreach (KernelStorage storage in (KernelStorage[])[KernelStorage.Float32, KernelStorage.Float16])
        {
            foreach (int taps in (int[])[9, 51])
            {
                foreach (int scale in (int[])[1, 2])
                    agree &= Separable(device, storage, new(1, 3, size.Height, size.Width, taps, scale, Normalize: true), write);
            }
            agree &= Warp(device, storage, new(2, 3, size.Height, size.Width), write);
        }
        if (timedSize is var (width, height))
        {
            foreach (KernelStorage storage in (KernelStorage[])[KernelStorage.Float32, KernelStorage.Float16])
            {
                Time(device, storage, new(1, 3, height, width, 9, 2, Normalize: true), write);
                Time(device, storage, new(1, 3, height, width, 51, 1, Normalize: false), write);
            }
        }
        write(agree ? "result        every kernel agrees with the CPU" : "result        KERNELS DIFFER: do not use this device; send this report");
        return agree;
    }

    private static bool Separable(CudaDevice device, KernelStorage storage, SeparableConvolutionShape shape, Action<string> write)
    {
        var random = new Random(shape.Taps + shape.TapScale);
        int maps = shape.Taps * shape.TapHeight * shape.TapWidth, planes = shape.Planes * shape.Height * shape.Width;
        float[] image = Values(random, planes, -1), vertical = Values(random, maps, 0.2f), horizontal = Values(random, maps, 0.2f);
        float[] gradient = Values(random, planes, -1), output = new float[planes];
        Round(storage, image, vertical, horizontal, gradient);
        float[] gradImage = new float[planes], gradVertical = new float[maps], gradHorizontal = new float[maps];
        var scalar = new EngineOptions(KernelLevel.Scalar);
        fixed (float* i = image, v = vertical, h = horizontal, g = gradient, o = output, gi = gradImage, gv = gradVertical, gh = gradHorizontal)
        {
            SeparableConvolution.Forward(shape, i, v, h, o, scalar);
            SeparableConvolution.Backward(shape, i, v, h, g, gi, gv, gh, scalar);
        }

        using DriverHandle di = Upload(device, storage, image), dv = Upload(device, storage, vertical), dh = Upload(device, storage, horizontal),
            dg = Upload(device, storage, gradient), result = device.Allocate(4L * planes), ri = device.Allocate(4L * planes),
            rv = device.Allocate(4L * maps), rh = device.Allocate(4L * maps),
            scratch = device.Allocate(4 * CudaSeparableConvolution.ScratchLength(shape));
        CudaSeparableConvolution.Forward(device, storage, shape, new(di.Value), new(dv.Value), new(dh.Value), new(result.Value));
        CudaSeparableConvolution.Backward(device, storage, shape, new(di.Value), new(dv.Value), new(dh.Value), new(dg.Value),
            new(ri.Value), new(rv.Value), new(rh.Value), scratch.Value);
        string what = Line($"K = {shape.Taps}, 1/{shape.TapScale}, {Name(storage)}");
        bool agree = Compare(device, storage, result, output, $"separable     {what}, output", write);
        agree &= Compare(device, rv, gradVertical, Tolerance, $"separable     {what}, vertical gradient", write);
        agree &= Compare(device, rh, gradHorizontal, Tolerance, $"separable     {what}, horizontal gradient", write);
        return agree & Compare(device, ri, gradImage, ImageGradientTolerance, $"separable     {what}, image gradient", write);
    }

    private static bool Warp(CudaDevice device, KernelStorage storage, WarpShape shape, Action<string> write)
    {
        var random = new Random(3);
        int planes = shape.Batch * shape.Planes * shape.Height * shape.Width, flows = shape.Batch * 2 * shape.Height * shape.Width;
        float[] image = Values(random, planes, -1), flow = [.. Values(random, flows, -1).Select(value => 9 * value)];
        float[] gradient = Values(random, planes, -1), output = new float[planes], gradImage = new float[planes], gradFlow = new float[flows];
        Round(storage, image, gradient);
        var scalar = new EngineOptions(KernelLevel.Scalar);
        fixed (float* i = image, f = flow, g = gradient, o = output, gi = gradImage, gf = gradFlow)
        {
            BilinearWarp.Forward(shape, i, f, o, scalar);
            BilinearWarp.Backward(shape, i, f, g, gi, gf, scalar);
        }

        using DriverHandle di = Upload(device, storage, image), df = device.Upload<float>(flow), dg = Upload(device, storage, gradient),
            result = device.Allocate(4L * planes), ri = device.Allocate(4L * planes), rf = device.Allocate(4L * flows);
        CudaBilinearWarp.Forward(device, storage, shape, new(di.Value), new(df.Value), new(result.Value));
        CudaBilinearWarp.Backward(device, storage, shape, new(di.Value), new(df.Value), new(dg.Value), new(ri.Value), new(rf.Value));
        bool agree = Compare(device, storage, result, output, $"warp          {Name(storage)}, output", write);
        agree &= Compare(device, ri, gradImage, Tolerance, $"warp          {Name(storage)}, image gradient", write);
        agree &= Compare(device, rf, gradFlow, Tolerance, $"warp          {Name(storage)}, flow gradient", write);
        fixed (float* i = image, f = flow, g = gradient, o = output, gf = gradFlow)
        {
            CubicWarp.Forward(shape, i, f, o, FarShare, scalar);
            CubicWarp.Backward(shape, i, f, g, gf, FarShare, scalar);
        }

        CudaCubicWarp.Forward(device, storage, shape, new(di.Value), new(df.Value), new(result.Value), FarShare);
        CudaCubicWarp.Backward(device, storage, shape, new(di.Value), new(df.Value), new(dg.Value), new(rf.Value), FarShare);
        agree &= Compare(device, storage, result, output, $"cubic warp    {Name(storage)}, output", write);
        return agree & Compare(device, rf, gradFlow, Tolerance, $"cubic warp    {Name(storage)}, flow gradient", write);
    }

    // The mean of ten launches after two, for one frame, beside the greater of arithmetic and memory: docs/performance.md.
    private static void Time(CudaDevice device, KernelStorage storage, SeparableConvolutionShape shape, Action<string> write)
    {
        int size = storage == KernelStorage.Float16 ? sizeof(Half) : sizeof(float);
        long planes = shape.Planes * shape.PlaneSize, maps = shape.Taps * shape.TapPlaneSize;
        using DriverHandle image = device.Allocate(4 * planes), vertical = device.Allocate(4 * maps), horizontal = device.Allocate(4 * maps),
            output = device.Allocate(4 * planes);
        foreach ((DriverHandle buffer, long length) in ((DriverHandle, long)[])[(image, planes), (vertical, maps), (horizontal, maps)])
            ((IKernelLauncher)device).Clear(buffer.Value, length);
        long started = 0;
        for (int run = 0; run < 12; run++)
        {
            if (run == 2)
            {
                device.Synchronize();
                started = Stopwatch.GetTimestamp();
            }
            CudaSeparableConvolution.Forward(device, storage, shape, new(image.Value), new(vertical.Value), new(horizontal.Value), new(output.Value));
        }
        device.Synchronize();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds / 10;
        double operations = 2.0 * shape.PlaneSize * shape.Taps * (shape.Taps + 1) * shape.Planes, bytes = size * (2.0 * planes + 2 * maps);
        double arithmetic = operations / device.OperationsPerSecond, memory = bytes / device.BytesPerSecond, floor = Math.Max(arithmetic, memory);
        write(Line($"time          K = {shape.Taps}, 1/{shape.TapScale}, {Name(storage)}, {shape.Width}x{shape.Height}: {seconds * 1e3:F3} ms, ")
            + Line($"{operations / seconds / 1e9:F0} GFLOP/s, {bytes / seconds / 1e9:F0} GB/s; {seconds / floor:F1} times the least, ")
            + Line($"{floor * 1e3:F3} ms of {(arithmetic > memory ? "arithmetic" : "memory")}"));
    }

    private static bool Compare(CudaDevice device, KernelStorage storage, DriverHandle actual, float[] expected, string what, Action<string> write)
    {
        if (storage == KernelStorage.Float32)
            return Compare(device, actual, expected, Tolerance, what, write);
        var halves = new Half[expected.Length];
        device.Download<Half>(actual, halves);
        return Compare([.. halves.Select(value => (float)value)], expected, HalfTolerance, what, write);
    }

    private static bool Compare(CudaDevice device, DriverHandle actual, float[] expected, double tolerance, string what, Action<string> write)
    {
        float[] values = new float[expected.Length];
        device.Download<float>(actual, values);
        return Compare(values, expected, tolerance, what, write);
    }

    private static bool Compare(float[] values, float[] expected, double tolerance, string what, Action<string> write)
    {
        double scale = 0.1, worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(expected[i]));
            double difference = Math.Abs((double)expected[i] - values[i]);
            worst = difference <= worst ? worst : difference; // also takes what is not a number
        }
        bool agree = worst <= tolerance * scale;
        write(Line($"{what}: {(agree ? "agrees" : "DIFFERS")}, {worst / scale:E1} of the scale, allowed {tolerance:E0}"));
        return agree;
    }

    private static float[] Values(Random random, int count, float low)
    {
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = low + (1 - low) * random.NextSingle();
        return values;
    }

    private static DriverHandle Upload(CudaDevice device, KernelStorage storage, float[] values) => storage == KernelStorage.Float32
        ? device.Upload<float>(values)
        : device.Upload<Half>([.. values.Select(value => (Half)value)]);

    // Both sides compute with what the storage holds.
    private static void Round(KernelStorage storage, params ReadOnlySpan<float[]> arrays)
    {
        foreach (float[] values in arrays)
        {
            foreach (ref float value in values.AsSpan())
                value = storage == KernelStorage.Float16 ? (float)(Half)value : value;
        }
    }

    private static string Name(KernelStorage storage) => storage == KernelStorage.Float16 ? "float16" : "float32";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
