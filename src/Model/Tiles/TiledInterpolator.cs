using System.Diagnostics.CodeAnalysis;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Predicts frames between two with a network that knows tiles only: pads, levels fades, cuts into tiles, keeps still parts.</summary>
/// <remarks>
/// Frames are padded at the right and bottom by repeating their edge. Where both frames hold the same samples and the network sees
/// no motion, those samples are kept bit for bit: logos, subtitles and still pictures stay still. Not thread-safe.
/// </remarks>
public sealed unsafe class TiledInterpolator : IMotionInterpolator, IDisposable
{
    private readonly InterpolatorOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly DeviceNotes _notes = new();
    private readonly KnownColours _colours;
    private readonly SubsampledColours _subsampled;
    private readonly PictureFacts<PictureBars> _bars = new(PictureBars.Of);
    private ITileNetwork _network;
    private TileMemory _memory;
    private BegunTile[] _inFlight;
    private int _turn;
    private long _mostPixels = long.MaxValue; // a tile may look at, after the device's memory did not suffice
    private long _tilePixels;
    private (int Width, int Height, int Samples, IReadOnlyList<Tile> Tiles, bool Keeps) _plan;

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
        _colours = new(_parallel);
        _subsampled = new(_parallel);
        foreach (string note in notes)
        {
            _notes.Add(note);
        }

        Use(options.Ensemble == 1 ? network : new EnsembleNetwork(network, options.Ensemble, _parallel));
    }

    /// <summary>Whether the network predicts frames at any time between both; without it it knows the middle only.</summary>
    public bool KnowsTime => _network.KnowsTime;

    /// <inheritdoc/>
    public int MotionCell => _network.MotionCell;

    /// <summary>
    /// The interpolator for every time: eighths of the way by halving, others by this one where the network knows the time; along curves where the options
    /// say so.
    /// </summary>
    public IFrameInterpolator ForAnyTime()
    {
        HalvingInterpolator halving = new(this, KnowsTime);
        return MotionCell > 0 ? new CurvedInterpolator(this, halving) : halving;
    }

    /// <inheritdoc/>
    public void Listen(Action<string> message) => _notes.Listen(message);

    /// <inheritdoc/>
    /// <exception cref="ModelException">The device failed.</exception>
    public PredictionMemory? MemoryFor(int width, int height, int samples) => _memory.Of(width, height, samples);

    /// <inheritdoc/>
    public void LeaveRoom(long bytes) => (_memory.Held, _plan) = (bytes, default);

    /// <inheritdoc/>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through, or the device failed.</exception>
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
        Begin(first, second, time, between, null, cancellation);

    /// <inheritdoc/>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through, or the device failed.</exception>
    public Action? Begin(
        PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, MotionBend? bend, CancellationToken cancellation = default)
    {
        FrameInterpolation.Check(first, second, time, between);
        PairColours colours = _colours.Of(first, second);
        PlaneBlocks? blocks = _subsampled.Of(first, second);
        return InTiles(first, between, () =>
        {
            Tile? inside = BetweenBars(first, second);
            if (inside is { } part)
            {
                _bars.Of(first).Fill(part, between);
            }

            foreach (Tile place in TilesOf(first, inside))
            {
                cancellation.ThrowIfCancellationRequested();
                BegunTile tile = Take();
                tile.Between = between;
                tile.Prepare(place, colours, first, second, _plan.Keeps);
                if (bend is { } middle && MotionCell > 0)
                {
                    TileShape shape = tile.Prediction.Shape;
                    tile.Prediction.Bend = tile.Bend.Take(2 * shape.PlaneLength / MotionCell / MotionCell);
                    TileCopy.Bend(middle.Scaled(4 * time * (1 - time)), place, shape, tile.Prediction.Bend);
                }

                tile.Prediction.Begin(colours.Mean, time, cancellation);
            }

            if (_inFlight.Length > 1 && blocks is null)
            {
                return () => Finish(between);
            }

            Finish(between);
            if (blocks is { } shared)
            {
                _subsampled.Keep(shared, first, second, between); // looks at the pair, which is the caller's own again behind this call
            }

            return null;
        });
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through, or the device failed.</exception>
    public void FindMotion(PlanarFrame first, PlanarFrame second, MotionField flows, CancellationToken cancellation = default)
    {
        FrameInterpolation.Check(first, second, 0.5, second);
        ArgumentNullException.ThrowIfNull(flows);
        PairColours colours = _colours.Of(first, second);
        flows.Resize(4, first.Width, first.Height, MotionCell);
        InTiles(first, null, () =>
        {
            Tile? inside = BetweenBars(first, second);
            foreach (Tile place in TilesOf(first, inside))
            {
                cancellation.ThrowIfCancellationRequested();
                BegunTile tile = Take();
                try
                {
                    tile.Prepare(place, colours, first, second, _plan.Keeps);
                    TileCopy.Cells(place, tile.Prediction.Shape, tile.Prediction.FindMotion(colours.Mean, cancellation), flows);
                }
                finally
                {
                    tile.Prediction.Release();
                }
            }

            if (inside is { } part)
            {
                PictureBars.Extend(part, flows);
            }

            return null;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClosePredictions();
        _network.Dispose();
    }

    /// <summary>Tiles that a frame of this size is cut into.</summary>
    internal int TileCount(int width, int height, int samples = 4) => Plan(width, height, samples).Count;

    // Works in tiles, in smaller ones where a device's memory does not suffice.
    private Action? InTiles(PlanarFrame like, PlanarFrame? between, Func<Action?> work)
    {
        while (true)
        {
            try
            {
                return work();
            }
            catch (Exception error) when (_network.IsOutOfMemory(error))
            {
                Abandon(between);
                Guard(() => TakeSmallerTiles(like.Width, like.Height, like.SampleCount));
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

    // The part of a pair that is predicted, where whole frames would be and bars lie around it.
    private Tile? BetweenBars(PlanarFrame first, PlanarFrame second)
    {
        (int width, int height, int samples) = (first.Width, first.Height, first.SampleCount);
        if (!_network.TakesAnySize || Plan(width, height, samples).Count > 1
            || _bars.Of(first).Inside(_bars.Of(second), width, height, _network.SizeMultiple) is not { } inside)
        {
            return null;
        }

        // Less is not always less: steps of larger frames run some rows at a time.
        bool fits = _options.MemoryLimit is null || _network.FrameBytes(inside.Width, inside.Height, samples) <= _network.FrameBytes(width, height, samples);
        return fits ? inside : null;
    }

    private IReadOnlyList<Tile> TilesOf(PlanarFrame frame, Tile? inside) =>
        inside is { } part ? [part] : Plan(frame.Width, frame.Height, frame.SampleCount);

    private IReadOnlyList<Tile> Plan(int width, int height, int samples)
    {
        if (_plan.Tiles is null || (_plan.Width, _plan.Height, _plan.Samples) != (width, height, samples))
        {
            long memory = _memory.Available(width, height, samples), whole = _network.FrameBytes(width, height, samples), pixels = (long)width * height;
            (int, int) least = Tile.Least(width, height, _network.Context);
            IReadOnlyList<Tile> tiles = Tile.Cover(width, height, _network.Context, _network.SizeMultiple, Fits);
            _tilePixels = tiles.Max(tile => (long)(tile.Right - tile.Left) * (tile.Bottom - tile.Top));
            _plan = (width, height, samples, tiles,
                tiles.Count == 1 && _network.KeptBytesPerPixel > 0 && whole + (_network.KeptBytesPerPixel * pixels) <= memory);

            // The smallest tiles pass always: Available has refused what they do not fit.
            bool Fits(int columns, int rows) => (columns, rows) == least || ((long)columns * rows <= _mostPixels
                && ((columns, rows) == (width, height) ? whole <= memory : _memory.Fits(columns, rows, samples, memory)));
        }

        return _plan.Tiles;
    }

    [MemberNotNull(nameof(_network), nameof(_memory), nameof(_inFlight))]
    private void Use(ITileNetwork network)
    {
        _network = network;
        _memory = new(network, _options) { Held = _memory?.Held };
        _inFlight = new BegunTile[network.TilesInFlight];
        (_mostPixels, _plan) = (long.MaxValue, default);
        try
        {
            for (int i = 0; i < _inFlight.Length; i++)
            {
                _inFlight[i] = new(network, _parallel);
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

    [MemberNotNull(nameof(_network), nameof(_memory), nameof(_inFlight))]
    private void MoveToProcessor(string reason)
    {
        _notes.Add($"{reason}; continuing on the CPU.");
        ClosePredictions();
        ITileNetwork device = _network!;
        ITileNetwork processor = device.MoveToProcessor()!; // only a device's memory gives out
        device.Dispose();
        Use(processor);
    }

    // The device's memory did not suffice: half the tile, down to the smallest, then the processor. Tiles begin on whole cells, and so look at a little
    // more than allowed.
    private void TakeSmallerTiles(int width, int height, int samples)
    {
        long least = Tile.LeastPixels(width, height, _network.Context), pixels = Math.Min(_tilePixels, _mostPixels);
        if (pixels > least)
        {
            (_mostPixels, _plan) = (Math.Max(least, pixels / 2), default);
            _notes.Add($"The GPU has too little memory for that size; frames are now predicted in {Plan(width, height, samples).Count} tiles.");
            return;
        }

        Array.ForEach(_inFlight, Finish); // of the frame before
        MoveToProcessor("The GPU has too little memory even for the smallest tiles");
    }

    private BegunTile Take()
    {
        BegunTile tile = _inFlight[_turn++ % _inFlight.Length];
        Finish(tile);
        return tile;
    }

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
                TileCopy.Out(tile.Place, prediction.Shape, result.Samples, between, _parallel);
            }

            Release(tile);
        }
    }

    // What is on its way to a frame is no longer wanted.
    private void Abandon(PlanarFrame? between)
    {
        foreach (BegunTile tile in _inFlight)
        {
            if (between is not null && ReferenceEquals(tile.Between, between))
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
            tile?.Dispose(); // null where making them failed
        }

        _inFlight = [];
    }
}
