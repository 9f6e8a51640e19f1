using System.Collections.Concurrent;
using AdaConv.FrameFilter.Media;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>The second stage: originals pass through untouched, a new frame is put behind each.</summary>
internal sealed class PredictStage : IDisposable
{
    private readonly IFrameInterpolator _interpolator;
    private readonly AveragingInterpolator _blender = new();
    private readonly CutHandling _cutHandling;
    private readonly FrameTimeline _timeline;
    private readonly FramePool _pool;
    private readonly PicturePool _pictures = new();
    private readonly PixelLayout _layout;
    private readonly FramePlanes _planes;
    private readonly ConversionCounters _counters;
    private PlanarFrame? _first;
    private PlanarFrame? _second;
    private PlanarFrame? _between;

    // Which frames the planes hold, by their ticks (frame objects are used again).
    private long? _inFirst;
    private long? _inSecond;

    /// <summary>A stage for frames like the given one.</summary>
    public PredictStage(
        IFrameInterpolator interpolator,
        CutHandling cutHandling,
        FrameTimeline timeline,
        FramePool pool,
        ConversionCounters counters,
        VideoFrame sample)
    {
        _interpolator = interpolator;
        _cutHandling = cutHandling;
        _timeline = timeline;
        _pool = pool;
        _counters = counters;
        _layout = PixelLayout.Of(sample.Format)!;
        _planes = FramePlanes.For(sample);
    }

    /// <summary>Runs until the input is complete.</summary>
    public void Run(BlockingCollection<SourceFrame> input, BlockingCollection<OutputFrame> output, CancellationToken cancellation)
    {
        SourceFrame? previous = null;
        foreach (SourceFrame next in input.GetConsumingEnumerable(cancellation))
        {
            if (previous is { } first)
            {
                VideoFrame between = Between(first, next, cancellation);
                output.Add(new(first.Frame, FrameTimeline.Original(first.Tick, next.Tick)), cancellation);
                output.Add(new(between, FrameTimeline.Between(first.Tick, next.Tick)), cancellation);
            }

            previous = next;
        }

        if (previous is { } last)
        {
            (FrameTime original, FrameTime repeated) = _timeline.Last(last.Tick, last.Duration);
            VideoFrame repetition = Repeat(last.Frame);
            output.Add(new(last.Frame, original), cancellation);
            output.Add(new(repetition, repeated), cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pictures.Dispose();
        _planes.Dispose();
        _first?.Dispose();
        _second?.Dispose();
        _between?.Dispose();
    }

    private VideoFrame Between(in SourceFrame first, in SourceFrame second, CancellationToken cancellation)
    {
        if (first.Frame.HasSamePicture(second.Frame, _layout))
        {
            return Repeat(first.Frame);
        }

        if (!second.CutBefore)
        {
            _counters.CountInterpolated();
            return Predict(first, second, _interpolator, cancellation);
        }

        _counters.CountCut();
        return _cutHandling == CutHandling.Blend ? Predict(first, second, _blender, cancellation) : Copy(first.Frame);
    }

    private VideoFrame Predict(in SourceFrame first, in SourceFrame second, IFrameInterpolator interpolator, CancellationToken cancellation)
    {
        _first ??= _planes.CreatePlanes();
        _second ??= _planes.CreatePlanes();
        _between ??= _planes.CreatePlanes();
        if (_inSecond == first.Tick)
        {
            // The second frame of the pair before is the first of this one.
            (_first, _second, _inFirst, _inSecond) = (_second, _first, _inSecond, _inFirst);
        }

        if (_inFirst != first.Tick)
        {
            _planes.Read(first.Frame, _first);
        }

        _planes.Read(second.Frame, _second);
        (_inFirst, _inSecond) = (first.Tick, second.Tick);
        interpolator.Interpolate(_first, _second, _between, cancellation);
        VideoFrame picture = _pictures.Rent(first.Frame.Width, first.Frame.Height, first.Frame.Format);
        _planes.Write(_between, picture);
        VideoFrame frame = _pool.Rent();
        frame.ReferTo(picture);
        frame.CopyPropertiesFrom(first.Frame);
        frame.DropOneTimeSideData();
        return frame;
    }

    private VideoFrame Repeat(VideoFrame frame)
    {
        _counters.CountRepeated();
        return Copy(frame);
    }

    private VideoFrame Copy(VideoFrame frame)
    {
        VideoFrame copy = _pool.Rent();
        copy.ReferTo(frame);
        copy.DropOneTimeSideData();
        return copy;
    }
}
