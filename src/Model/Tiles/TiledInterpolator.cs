using System.Diagnostics.CodeAnalysis;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Predicts frames between two with a network that knows tiles only: pads, levels fades, cuts into tiles, keeps still parts.</summary>
/// <remarks>
/// Frames are padded at the right and bottom by repeating their edge. Where both frames hold the same samples and the network sees
/// no motion, those samples are kept bit for bit: logos, subtitles and still pictures stay still. Not thread-safe.
/// </remarks>
public sealed unsafe class TiledInterpolator : IFrameInterpolator, IDisposable
{
    private readonly InterpolatorOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly DeviceNotes _notes = new();
    private ITileNetwork _network;
    private BegunTile[] _inFlight;
    private int _turn;
    private long _mostPixels = long.MaxValue; // a tile may look at, after the device's memory did not suffice
    private long _tilePixels;
    private (int Width, int Height, IReadOnlyList<Tile> Tiles) _plan;

    /// <summary>Makes an interpolator of a network.</summary>
    /// <param name="network">Predicts; it becomes the interpolator's.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="notes">What the user should know already.</param>
    /// <exception cref="ModelException">The network's device failed.</exception>
    public TiledInterpolator(ITileNetwork network, InterpolatorOptions options, params IEnumerable<string> notes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(notes);
        _options = options;
        _parallel = new() { MaxDegreeOfParallelism = new EngineOptions(Threads: options.Threads).ResolveThreads() };
        foreach (string note in notes)
        {
            _notes.Add(note);
        }

        Use(options.Ensemble == 1 ? network : new EnsembleNetwork(network, options.Ensemble, _parallel));
    }

    /// <summary>Whether the network predicts frames at any time between both; without it it knows the middle only.</summary>
    public bool KnowsTime => _network.KnowsTime;

    /// <summary>The interpolator for every time: eighths of the way by halving, others by this one where the network knows the time.</summary>
    public IFrameInterpolator ForAnyTime() => new HalvingInterpolator(this, KnowsTime);

    /// <inheritdoc/>
    public void Listen(Action<string> message) => _notes.Listen(message);

    /// <inheritdoc/>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through, or the device failed.</exception>
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        FrameInterpolation.Check(first, second, time, between);
        var (mean, levels) = Colours(first, second);
        while (true)
        {
            try
            {
                Queue(first, second, time, between, mean, levels, cancellation);
                if (_inFlight.Length > 1)
                {
                    return () => Finish(between);
                }

                Finish(between);
                return null;
            }
            catch (Exception error) when (_network.IsOutOfMemory(error))
            {
                Abandon(between);
                Guard(() => TakeSmallerTiles(first.Width, first.Height));
            }
            catch (Exception error) when (_network.Explain(error) is { } explanation)
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
        ClosePredictions();
        _network.Dispose();
    }

    /// <summary>Tiles that a frame of this size is cut into.</summary>
    internal int TileCount(int width, int height) => Plan(width, height).Count;

    private IReadOnlyList<Tile> Plan(int width, int height)
    {
        if (_plan.Tiles is null || (_plan.Width, _plan.Height) != (width, height))
        {
            _tilePixels = Math.Min(Math.Min(_mostPixels, MostPixels(width, height)), (long)width * height);
            _plan = (width, height, Tile.Cover(width, height, _network.Context, _network.SizeMultiple, _tilePixels));
        }

        return _plan.Tiles;
    }

    // Pixels that a tile may look at, for what memory there is.
    private long MostPixels(int width, int height)
    {
        long least = Tile.LeastPixels(width, height, _network.Context);
        if (_network.DeviceMemory() is { } memory)
        {
            return Math.Max(least, memory / _network.BytesPerPixel);
        }

        // The caller's frames as colour planes and samples, and what decoder and encoder hold: about 100 bytes a pixel for three frames.
        long limit = _options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        long outside = _network.ProcessBytes + (28L + 24L * _options.HeldFrames) * width * height;
        long needed = outside + least * _network.BytesPerPixel;
        if (limit < needed)
        {
            long enough = (needed + (1L << 20) - 1) >> 20;
            throw new ModelException(
                $"A frame of {width}x{height} does not fit the memory limit of {limit >> 20} MiB even in the smallest tiles; allow {enough} MiB or more.");
        }

        // Whole frames wherever they fit: the overlap of tiles costs more than anything that a smaller one saves (docs/performance.md).
        return Math.Max(0, limit - outside) / _network.BytesPerPixel;
    }

    [MemberNotNull(nameof(_network), nameof(_inFlight))]
    private void Use(ITileNetwork network)
    {
        _network = network;
        _inFlight = new BegunTile[network.TilesInFlight];
        (_mostPixels, _plan) = (long.MaxValue, default);
        try
        {
            for (int i = 0; i < _inFlight.Length; i++)
            {
                _inFlight[i] = new(network.CreatePrediction());
            }
        }
        catch (Exception error) when (network.Explain(error) is { } explanation)
        {
            if (!network.IsOutOfMemory(error))
            {
                Dispose();
                throw explanation;
            }

            MoveToProcessor("The GPU has too little memory for the network");
        }
    }

    [MemberNotNull(nameof(_network), nameof(_inFlight))]
    private void MoveToProcessor(string reason)
    {
        _notes.Add($"{reason}; continuing on the CPU.");
        ClosePredictions();
        ITileNetwork device = _network!;
        ITileNetwork processor = device.MoveToProcessor()!; // only a device's memory gives out
        device.Dispose();
        Use(processor);
    }

    // The device's memory did not suffice: half the tile, down to the smallest, then the processor.
    private void TakeSmallerTiles(int width, int height)
    {
        long least = Tile.LeastPixels(width, height, _network.Context);
        if (_tilePixels > least)
        {
            (_mostPixels, _plan) = (Math.Max(least, _tilePixels / 2), default);
            _notes.Add($"The GPU has too little memory for that size; frames are now predicted in {Plan(width, height).Count} tiles.");
            return;
        }

        foreach (BegunTile tile in _inFlight)
        {
            Finish(tile); // of the frame before
        }

        MoveToProcessor("The GPU has too little memory even for the smallest tiles");
    }

    private void Queue(
        PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, float[] mean, PairLevels? levels, CancellationToken cancellation)
    {
        foreach (Tile place in Plan(first.Width, first.Height))
        {
            cancellation.ThrowIfCancellationRequested();
            BegunTile tile = _inFlight[_turn++ % _inFlight.Length];
            Finish(tile);
            (tile.Place, tile.Between) = (place, between);
            Queue(tile, mean, levels, first, second, time, cancellation);
        }
    }

    private void Queue(
        BegunTile tile, float[] mean, PairLevels? levels, PlanarFrame first, PlanarFrame second, double time, CancellationToken cancellation)
    {
        Tile place = tile.Place;
        TilePrediction prediction = tile.Prediction;
        int planes = first.SampleCount;
        int width = RoundUp(place.Right - place.Left, _network.SizeMultiple), height = RoundUp(place.Bottom - place.Top, _network.SizeMultiple);
        TileShape shape = new(width, height, planes, first.SamplesAreRgb && planes == 3 && levels is null, first.Depth);
        FramePair colours = new(Part(first, first.Rgb, place), Part(second, second.Rgb, place));
        FramePair samples = new(Part(first, first.Samples, place), Part(second, second.Samples, place));
        if (levels is null && prediction.PrepareInPlace(shape, colours, samples))
        {
            prediction.Begin(mean, time, cancellation);
            return;
        }

        prediction.Prepare(shape);
        CopyIn(place, first.Rgb, 3, first, prediction, 0, levels?.First);
        CopyIn(place, second.Rgb, 3, second, prediction, 3, levels?.Second);
        if (!shape.SamplesAreColours)
        {
            CopyIn(place, first.Samples, planes, first, prediction, 6);
            CopyIn(place, second.Samples, planes, second, prediction, 6 + planes);
        }

        prediction.Begin(mean, time, cancellation);
    }

    private static PlaneView Part(PlanarFrame frame, float* planes, Tile place) =>
        new(planes + (long)place.Top * frame.Width + place.Left, frame.PlaneLength, frame.Width, place.Bottom - place.Top, place.Right - place.Left);

    // Waits for what is still missing of a frame.
    private void Finish(PlanarFrame between) => Guard(() =>
    {
        foreach (BegunTile tile in _inFlight)
        {
            if (ReferenceEquals(tile.Between, between))
            {
                Finish(tile);
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
        catch (Exception error) when (_network.Explain(error) is { } explanation)
        {
            foreach (PlanarFrame between in _inFlight.Select(tile => tile.Between).OfType<PlanarFrame>().Distinct().ToArray())
            {
                Abandon(between);
            }

            throw explanation;
        }
    }

    private void Finish(BegunTile tile)
    {
        if (tile.Between is { } between)
        {
            TilePrediction prediction = tile.Prediction;
            TileResult result = prediction.Wait();
            if (!between.IsDisposed) // as when a conversion was given up
            {
                StillParts.Keep(prediction.Shape, prediction.Samples, result, _network.KernelSize, _parallel);
                CopyOut(tile.Place, prediction.Shape, result.Samples, between);
            }

            Release(tile);
        }
    }

    // What is on its way to a frame is no longer wanted.
    private void Abandon(PlanarFrame between)
    {
        foreach (BegunTile tile in _inFlight)
        {
            if (ReferenceEquals(tile.Between, between))
            {
                try
                {
                    tile.Prediction.Wait();
                }
                catch (Exception error) when (_network.Explain(error) is not null)
                {
                    // The failure has been reported already.
                }

                Release(tile);
            }
        }
    }

    private static void Release(BegunTile tile)
    {
        tile.Prediction.Release();
        tile.Between = null;
    }

    private void ClosePredictions()
    {
        foreach (BegunTile? tile in _inFlight!)
        {
            tile?.Prediction.Dispose(); // null where making them failed
        }

        _inFlight = [];
    }

    // The pair's mean colour, and its levels where it is part of a fade.
    private (float[] Mean, PairLevels? Levels) Colours(PlanarFrame first, PlanarFrame second)
    {
        double[] means = new double[6];
        PairLevels? levels = null;
        Parallel.For(0, 7, _parallel, index =>
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

    private void CopyIn(
        Tile place, float* source, int planes, PlanarFrame frame, TilePrediction prediction, int firstPlane, (float Gain, float Offset)[]? levels = null)
    {
        (int width, int height) = (prediction.Shape.Width, prediction.Shape.Height);
        int inside = place.Right - place.Left;
        float* target = prediction.Input + firstPlane * prediction.Shape.PlaneLength;
        Parallel.For(0, planes * height, _parallel, index =>
        {
            int plane = index / height, y = Math.Min(place.Top + index % height, place.Bottom - 1);
            var row = new Span<float>(target + (long)index * width, width);
            var values = new ReadOnlySpan<float>(source + plane * frame.PlaneLength + (long)y * frame.Width + place.Left, inside);
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

    private void CopyOut(Tile place, TileShape shape, float* values, PlanarFrame target) =>
        Parallel.For(0, target.SampleCount * place.Height, _parallel, index =>
        {
            (int plane, int y) = Math.DivRem(index, place.Height);
            float* row = values + ((long)plane * shape.Height + place.Y - place.Top + y) * shape.Width + place.X - place.Left;
            new ReadOnlySpan<float>(row, place.Width).CopyTo(target.SamplePlane(plane).Slice((place.Y + y) * target.Width + place.X, place.Width));
        });

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;

    // A prediction, and while it works: which part of which frame it is.
    private sealed class BegunTile(TilePrediction prediction)
    {
        public TilePrediction Prediction => prediction;

        public Tile Place { get; set; }

        public PlanarFrame? Between { get; set; }
    }
}
