using System.Diagnostics.CodeAnalysis;
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
    private readonly InterpolationNetwork _network;
    private readonly PairEnsemble _ensemble;
    private readonly InterpolatorOptions _options;
    private readonly bool _ownsNetwork;
    private readonly DeviceNotes _notes = new();
    private NetworkDevice _device;
    private ParallelOptions _inParallel;
    private TilePassage[] _passages;
    private int _turn;
    private long _mostPixels = long.MaxValue; // a tile may look at, after the device's memory did not suffice
    private long _tilePixels;
    private (int Width, int Height, IReadOnlyList<Tile> Tiles) _plan;

    /// <summary>Wraps a network, which stays the caller's, and moves it to the device.</summary>
    /// <exception cref="ModelException">The device or the number type asked for is not to be had.</exception>
    public FrameInterpolator(InterpolationNetwork network, InterpolatorOptions? options = null)
        : this(network, options ?? new(), ownsNetwork: false, DeviceChoice.Open)
    {
    }

    /// <summary>The same on a device of its own, which becomes the interpolator's.</summary>
    internal FrameInterpolator(InterpolationNetwork network, InterpolatorOptions options, NetworkDevice device)
        : this(network, options, ownsNetwork: false, (_, _) => device)
    {
    }

    private FrameInterpolator(
        InterpolationNetwork network, InterpolatorOptions options, bool ownsNetwork, Func<InterpolatorOptions, Action<string>, NetworkDevice> open)
    {
        ArgumentNullException.ThrowIfNull(network);
        TorchRuntime.Initialize(options.Threads);
        _network = network;
        _ensemble = new PairEnsemble(network, options);
        _ownsNetwork = ownsNetwork;
        _options = options;
        network.eval();
        MoveTo(open(options, _notes.Add));
    }

    /// <summary>Whether this processor has instructions for bfloat16 products (AVX512-BF16 or AMX-BF16).</summary>
    public static bool HasFastBFloat16 => ProcessorDevice.HasFastBFloat16;

    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <exception cref="ModelException">The weights or the device cannot be used, or libtorch cannot be loaded.</exception>
    public static FrameInterpolator Load(string weightsPath, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FrameInterpolator(NetworkWeights.Load(weightsPath), options, ownsNetwork: true, DeviceChoice.Open);
    }

    /// <inheritdoc/>
    public void Listen(Action<string> message) => _notes.Listen(message);

    /// <inheritdoc/>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through, or the device failed.</exception>
    public void Interpolate(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default) =>
        Begin(first, second, between, cancellation)?.Invoke();

    /// <inheritdoc/>
    /// <exception cref="ModelException">As <see cref="Interpolate"/>.</exception>
    public Action? Begin(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default)
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

        var (mean, levels) = Colours(first, second);
        while (true)
        {
            try
            {
                Queue(first, second, between, mean, levels, cancellation);
                if (_device.Passages > 1)
                {
                    return () => Finish(between);
                }

                Finish(between);
                return null;
            }
            catch (Exception error) when (_device.IsOutOfMemory(error))
            {
                Abandon(between);
                Guard(() => TakeSmallerTiles(first.Width, first.Height));
            }
            catch (Exception error) when (_device.Explain(error) is { } explanation)
            {
                Abandon(between);
                throw explanation;
            }
            catch
            {
                Abandon(between);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClosePassages();
        _device.Dispose();
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
            _tilePixels = Math.Min(Math.Min(_mostPixels, _device.TilePixels(width, height, _network.Context, _ensemble.BytesPerPixel)), (long)width * height);
            _plan = (width, height, Tile.Cover(width, height, _network.Context, _network.SizeMultiple, _tilePixels));
        }

        return _plan.Tiles;
    }

    [MemberNotNull(nameof(_device), nameof(_passages), nameof(_inParallel))]
    private void MoveTo(NetworkDevice device)
    {
        _device = device;
        _passages = new TilePassage[device.Passages];
        (_mostPixels, _plan) = (long.MaxValue, default);
        _network.Engine = device.Engine;
        _inParallel = new() { MaxDegreeOfParallelism = device.Engine.ResolveThreads() };
        _network.ComputeType = device.ComputeType;
        try
        {
            _network.to(device.Tensors);
            if (_ownsNetwork)
            {
                _network.NarrowWeights();
            }

            for (int i = 0; i < _passages.Length; i++)
            {
                _passages[i] = device.OpenPassage();
            }
        }
        catch (Exception error) when (device.Explain(error) is { } explanation)
        {
            if (!device.IsOutOfMemory(error))
            {
                ClosePassages();
                device.Dispose();
                throw explanation;
            }

            MoveToProcessor("The GPU's memory does not suffice for the network");
        }
    }

    [MemberNotNull(nameof(_device), nameof(_passages), nameof(_inParallel))]
    private void MoveToProcessor(string reason)
    {
        _notes.Add($"{reason}; the processor computes from here on.");
        ClosePassages();
        _network.to(CPU);
        _device?.Dispose();
        MoveTo(new ProcessorDevice(_options with { Precision = _options.Precision == Precision.Float16 ? Precision.Auto : _options.Precision }));
    }

    // The device's memory did not suffice: half the tile, down to the smallest, then the processor.
    private void TakeSmallerTiles(int width, int height)
    {
        long least = Tile.LeastPixels(width, height, _network.Context);
        if (_tilePixels > least)
        {
            (_mostPixels, _plan) = (Math.Max(least, _tilePixels / 2), default);
            _notes.Add($"The GPU's memory did not suffice; frames are now predicted in {Plan(width, height).Count} tiles.");
            return;
        }

        foreach (TilePassage passage in _passages)
        {
            Finish(passage); // of the frame before
        }

        MoveToProcessor("The GPU's memory does not suffice for the smallest tiles either");
    }

    private void Queue(
        PlanarFrame first, PlanarFrame second, PlanarFrame between, float[] mean, PairLevels? levels, CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        _network.TapType = first.Depth <= 8 ? _device.TapType : ScalarType.Float32; // float16 has 11 bits
        foreach (Tile tile in Plan(first.Width, first.Height))
        {
            cancellation.ThrowIfCancellationRequested();
            TilePassage passage = _passages[_turn++ % _passages.Length];
            Finish(passage);
            using IDisposable scope = NewDisposeScope();
            Queue(tile, passage, mean, levels, first, second, between, cancellation);
        }
    }

    private void Queue(
        Tile tile, TilePassage passage, float[] mean, PairLevels? levels, PlanarFrame first, PlanarFrame second, PlanarFrame between,
        CancellationToken cancellation)
    {
        int planes = first.SampleCount, width = RoundUp(tile.Right - tile.Left, _network.SizeMultiple), height = RoundUp(tile.Bottom - tile.Top, _network.SizeMultiple);
        bool coloursAreSamples = first.SamplesAreRgb && planes == 3 && levels is null;
        int channels = coloursAreSamples ? 6 : 6 + 2 * planes;
        long plane = (long)width * height;
        passage.Load = new(tile, between, width, height);

        // Both frames' colours, both frames' samples, the mean colour.
        float* memory = passage.Prepare(channels * plane + 3);
        CopyIn(tile, first.Rgb, 3, first, memory, width, height, levels?.First);
        CopyIn(tile, second.Rgb, 3, second, memory + 3 * plane, width, height, levels?.Second);
        if (!coloursAreSamples)
        {
            CopyIn(tile, first.Samples, planes, first, memory + 6 * plane, width, height);
            CopyIn(tile, second.Samples, planes, second, memory + (6 + planes) * plane, width, height);
        }

        mean.CopyTo(new Span<float>(memory + channels * plane, 3));
        Tensor input = passage.Send();
        Tensor frames = input.slice(0, 0, channels * plane, 1).view(1, channels, height, width);
        Tensor colours = frames.slice(1, 0, 6, 1), samples = coloursAreSamples ? colours : frames.slice(1, 6, channels, 1);
        Tensor meanColour = input.slice(0, channels * plane, (channels * plane) + 3, 1).view(1, 3, 1, 1);
        passage.Fetch(_ensemble.Predict(colours, samples, meanColour, cancellation).contiguous());
    }

    // Waits for what is still missing of a frame.
    private void Finish(PlanarFrame between) => Guard(() =>
    {
        foreach (TilePassage passage in _passages)
        {
            if (ReferenceEquals(passage.Load?.Between, between))
            {
                Finish(passage);
            }
        }
    });

    // The device's errors in words for the user. What is still on its way is given up: it would meet the same error.
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (_device.Explain(error) is { } explanation)
        {
            foreach (PlanarFrame between in _passages.Select(passage => passage.Load?.Between).OfType<PlanarFrame>().Distinct().ToArray())
            {
                Abandon(between);
            }

            throw explanation;
        }
    }

    private void Finish(TilePassage passage)
    {
        if (passage.Load is { } load)
        {
            float* values = passage.Wait();
            if (!load.Between.IsDisposed) // as when a conversion was given up
            {
                CopyOut(load, values);
            }

            passage.Release();
        }
    }

    // What is on its way to a frame is no longer wanted.
    private void Abandon(PlanarFrame between)
    {
        foreach (TilePassage passage in _passages)
        {
            if (ReferenceEquals(passage.Load?.Between, between))
            {
                try
                {
                    passage.Wait();
                }
                catch (Exception error) when (_device.Explain(error) is not null)
                {
                    // What failed is told already.
                }

                passage.Release();
            }
        }
    }

    private void ClosePassages()
    {
        foreach (TilePassage? passage in _passages)
        {
            passage?.Dispose(); // null where opening them failed
        }

        _passages = [];
    }

    // The pair's mean colour, and its levels where it is part of a fade.
    private (float[] Mean, PairLevels? Levels) Colours(PlanarFrame first, PlanarFrame second)
    {
        double[] means = new double[6];
        PairLevels? levels = null;
        Parallel.For(0, 7, _inParallel, index =>
        {
            if (index == 6)
            {
                levels = PairLevels.Of(first, second);
                return;
            }

            means[index] = Mean((index < 3 ? first : second).RgbPlane(index % 3));
        });
        return ([(float)((means[0] + means[3]) / 2), (float)((means[1] + means[4]) / 2), (float)((means[2] + means[5]) / 2)], levels);

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

    private void CopyIn(Tile tile, float* source, int planes, PlanarFrame frame, float* target, int width, int height, (float Gain, float Offset)[]? levels = null)
    {
        int inside = tile.Right - tile.Left;
        Parallel.For(0, planes * height, _inParallel, index =>
        {
            int plane = index / height, y = Math.Min(tile.Top + index % height, tile.Bottom - 1);
            var row = new Span<float>(target + (long)index * width, width);
            var values = new ReadOnlySpan<float>(source + plane * frame.PlaneLength + (long)y * frame.Width + tile.Left, inside);
            if (levels is null)
            {
                values.CopyTo(row);
            }
            else
            {
                PairLevels.Apply(values, levels[plane], row[..inside]);
            }

            row[inside..].Fill(row[inside - 1]);
        });
    }

    private void CopyOut(TileInFlight load, float* values)
    {
        Tile tile = load.Tile;
        PlanarFrame target = load.Between;
        Parallel.For(0, target.SampleCount * tile.Height, _inParallel, index =>
        {
            (int plane, int y) = Math.DivRem(index, tile.Height);
            float* row = values + ((long)plane * load.Height + tile.Y - tile.Top + y) * load.Width + tile.X - tile.Left;
            new ReadOnlySpan<float>(row, tile.Width).CopyTo(target.SamplePlane(plane).Slice((tile.Y + y) * target.Width + tile.X, tile.Width));
        });
    }

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;
}
