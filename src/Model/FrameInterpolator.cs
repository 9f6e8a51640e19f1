using System.Runtime.Intrinsics.X86;
using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>Predicts the middle frame with a network: pads, normalises, tiles, crops.</summary>
/// <remarks>
/// Frames are padded at the right and bottom by repeating their edge. Where both frames hold the same samples and the network sees
/// no motion, those samples are kept bit for bit: logos, subtitles and still pictures stay still. Not thread-safe.
/// </remarks>
public sealed unsafe class FrameInterpolator : IFrameInterpolator, IDisposable
{
    // Measured with `guided`: whole frames of 1280×720 take 0.5 µs a pixel, whole ones of 1920×1080 four times that, most of it in
    // page faults; tiles of the smaller size cost less even with their overlap.
    private const long MostPixels = 960 * 1024;
    private const long MemoryStep = 64L << 20;
    private readonly InterpolationNetwork _network;
    private readonly PairEnsemble _ensemble;
    private readonly long _memoryLimit;
    private readonly int _heldFrames;
    private readonly bool _ownsNetwork;
    private (int Width, int Height, IReadOnlyList<Tile> Tiles) _plan;

    /// <summary>Wraps a network, which stays the caller's.</summary>
    public FrameInterpolator(InterpolationNetwork network, InterpolatorOptions? options = null)
        : this(network, options ?? new(), ownsNetwork: false)
    {
    }

    private FrameInterpolator(InterpolationNetwork network, InterpolatorOptions options, bool ownsNetwork)
    {
        ArgumentNullException.ThrowIfNull(network);
        TorchRuntime.Initialize(options.Threads);
        _network = network;
        _ensemble = new PairEnsemble(network, options);
        _ownsNetwork = ownsNetwork;
        _memoryLimit = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        _heldFrames = options.HeldFrames;
        network.eval();
        network.Engine = new EngineOptions(options.Kernels, options.Threads);
        network.ComputeType = options.Precision switch
        {
            Precision.Float32 => ScalarType.Float32,
            Precision.BFloat16 => ScalarType.BFloat16,
            _ => HasFastBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
        };
    }

    /// <summary>Whether this processor has instructions for bfloat16 products (AVX512-BF16 or AMX-BF16).</summary>
    public static bool HasFastBFloat16 { get; } =
        Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
        && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);

    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <exception cref="ModelException">The weights cannot be used, or libtorch cannot be loaded.</exception>
    public static FrameInterpolator Load(string weightsPath, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FrameInterpolator(NetworkWeights.Load(weightsPath), options, ownsNetwork: true);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through.</exception>
    public void Interpolate(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(between);
        foreach (PlanarFrame other in (PlanarFrame[])[second, between])
        {
            if ((other.Width, other.Height, other.SampleCount) != (first.Width, first.Height, first.SampleCount))
            {
                throw new ArgumentException(
                    $"Frames of {first.Width}x{first.Height} with {first.SampleCount} planes and of {other.Width}x{other.Height} with "
                    + $"{other.SampleCount} planes do not go together.");
            }
        }

        using IDisposable noGradient = no_grad();
        using IDisposable scope = NewDisposeScope();
        Tensor mean = MeanColour(first, second);
        foreach (Tile tile in Plan(first.Width, first.Height))
        {
            cancellation.ThrowIfCancellationRequested();
            using IDisposable tileScope = NewDisposeScope();
            InterpolateTile(tile, mean, first, second, between, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    /// <summary>Tiles that a frame of this size is cut into.</summary>
    internal int TileCount(int width, int height) => Plan(width, height).Count;

    private IReadOnlyList<Tile> Plan(int width, int height)
    {
        if (_plan.Tiles is null || (_plan.Width, _plan.Height) != (width, height))
        {
            // The caller's frames as colour planes and samples, and what decoder and encoder hold: about 100 bytes a pixel for three frames.
            long outside = Math.Min(Environment.WorkingSet, 1L << 30) + (28L + 24L * _heldFrames) * width * height;
            long least = outside + Tile.LeastPixels(width, height, _network.Context) * _network.BytesPerPixel;
            if (_memoryLimit < least)
            {
                // What the process takes differs from run to run.
                long enough = (least / MemoryStep + 2) * (MemoryStep >> 20);
                throw new ModelException(
                    $"A frame of {width}x{height} does not fit the memory limit of {_memoryLimit >> 20} MiB even in the smallest tiles; allow {enough} MiB or more.");
            }

            long pixels = Math.Min(Math.Max(0, _memoryLimit - outside) / _network.BytesPerPixel, MostPixels);
            _plan = (width, height, Tile.Cover(width, height, _network.Context, _network.SizeMultiple, pixels));
        }

        return _plan.Tiles;
    }

    private void InterpolateTile(
        Tile tile, Tensor mean, PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation)
    {
        int planes = first.SampleCount;
        int width = RoundUp(tile.Right - tile.Left, _network.SizeMultiple), height = RoundUp(tile.Bottom - tile.Top, _network.SizeMultiple);
        Tensor colours = empty(1, 6, height, width);
        Tensor samples = first.SamplesAreRgb && planes == 3 ? colours : empty(1, 2 * planes, height, width);
        CopyIn(tile, first.Rgb, 3, first, colours, 0);
        CopyIn(tile, second.Rgb, 3, second, colours, 3);
        if (!ReferenceEquals(samples, colours))
        {
            CopyIn(tile, first.Samples, planes, first, samples, 0);
            CopyIn(tile, second.Samples, planes, second, samples, planes);
        }

        CopyOut(tile, _ensemble.Predict(colours, samples, mean, cancellation).contiguous(), between);
    }

    private static Tensor MeanColour(PlanarFrame first, PlanarFrame second)
    {
        float[] means = new float[3];
        for (int colour = 0; colour < 3; colour++)
        {
            means[colour] = (float)((Mean(first.RgbPlane(colour)) + Mean(second.RgbPlane(colour))) / 2);
        }

        return tensor(means).view(1, 3, 1, 1);

        // In blocks, so that the sum of millions of floats keeps its digits.
        static double Mean(ReadOnlySpan<float> plane)
        {
            double sum = 0;
            for (int start = 0; start < plane.Length; start += 4096)
            {
                sum += System.Numerics.Tensors.TensorPrimitives.Sum(plane[start..Math.Min(plane.Length, start + 4096)]);
            }

            return sum / plane.Length;
        }
    }

    private void CopyIn(Tile tile, float* source, int planes, PlanarFrame frame, Tensor target, int channel)
    {
        int width = (int)target.shape[3], height = (int)target.shape[2], inside = tile.Right - tile.Left;
        float* rows = TensorMemory.Channels(target, channel).Data;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _network.Engine.ResolveThreads() };
        Parallel.For(0, planes * height, options, index =>
        {
            int plane = index / height, y = Math.Min(tile.Top + index % height, tile.Bottom - 1);
            var row = new Span<float>(rows + (long)index * width, width);
            new ReadOnlySpan<float>(source + plane * frame.PlaneLength + (long)y * frame.Width + tile.Left, inside).CopyTo(row);
            row[inside..].Fill(row[inside - 1]);
        });
    }

    private static void CopyOut(Tile tile, Tensor result, PlanarFrame target)
    {
        long width = result.shape[3], height = result.shape[2];
        float* values = TensorMemory.Floats(result);
        for (int plane = 0; plane < target.SampleCount; plane++)
        {
            for (int y = 0; y < tile.Height; y++)
            {
                new ReadOnlySpan<float>(values + (plane * height + tile.Y - tile.Top + y) * width + tile.X - tile.Left, tile.Width)
                    .CopyTo(target.SamplePlane(plane).Slice((tile.Y + y) * target.Width + tile.X, tile.Width));
            }
        }
    }

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;
}
