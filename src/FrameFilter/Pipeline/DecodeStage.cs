using System.Collections.Concurrent;
using AdaConv.FrameFilter.Media;
using AdaConv.LibAv;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>The first stage: frames are decoded, brought into the encoder's pixel format, placed in time and looked at for cuts.</summary>
internal sealed unsafe class DecodeStage(
    FrameReader reader,
    PixelConverter converter,
    FrameTimeline timeline,
    SceneCutDetector? cuts,
    FramePool pool,
    BlockingCollection<SourceFrame> output,
    ConversionCounters counters,
    Action<string> message)
{
    // The cut before a frame is judged when the frame after it is known.
    private LumaThumbnail _first = new();
    private LumaThumbnail _second = new();
    private LumaThumbnail _third = new();
    private SourceFrame? _waiting;

    /// <summary>Runs until the input ends.</summary>
    /// <param name="first">The first decoded frame, already in the encoder's format; becomes the stage's.</param>
    /// <param name="cancellation">Ends the stage.</param>
    public void Run(VideoFrame first, CancellationToken cancellation)
    {
        (int firstWidth, int firstHeight) = (first.Width, first.Height);
        (int width, int height) = (firstWidth, firstHeight);
        VideoFrame frame = first;
        VideoFrame raw = pool.Rent();
        do
        {
            counters.CountIn();
            Pass(frame, cancellation);
            if (!reader.TryRead(raw, cancellation))
            {
                break;
            }

            if ((raw.Width, raw.Height) != (width, height))
            {
                (width, height) = (raw.Width, raw.Height);
                message(converter.HasSize(raw)
                    ? $"From frame {counters.FramesIn + 1} on the picture has its first size again."
                    : $"From frame {counters.FramesIn + 1} on the picture is {width}×{height}; it is scaled to the first size, {firstWidth}×{firstHeight}.");
            }

            frame = pool.Rent();
            Adopt(raw, frame);
        }
        while (true);

        if (_waiting is { } last)
        {
            bool cut = counters.FramesIn > 1 && cuts?.IsCut(_first, _second, null) == true;
            output.Add(last with { CutBefore = cut }, cancellation);
        }

        pool.Return(raw);
    }

    /// <summary>Takes a decoded frame over, in the encoder's format.</summary>
    public void Adopt(VideoFrame raw, VideoFrame frame)
    {
        if (converter.Fits(raw))
        {
            frame.ReferTo(raw);
        }
        else
        {
            converter.Convert(raw, frame);
        }

        frame.DropDynamicRange();
        raw.Clear();
    }

    private void Pass(VideoFrame frame, CancellationToken cancellation)
    {
        long tick = timeline.Place(frame.Timestamp);
        if (cuts is not null)
        {
            _third.Measure(frame);
        }

        if (_waiting is { } waiting)
        {
            bool cut = counters.FramesIn > 2 && cuts?.IsCut(_first, _second, _third) == true;
            output.Add(waiting with { CutBefore = cut }, cancellation);
        }

        (_first, _second, _third) = (_second, _third, _first);
        _waiting = new(frame, tick, FrameFields.GetDuration(frame.Pointer), CutBefore: false);
    }
}
