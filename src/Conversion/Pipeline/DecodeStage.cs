using System.Collections.Concurrent;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Scenes;
using AdaConv.Conversion.Timing;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The first stage: frames are decoded, converted to the encoder's pixel format, given their times, and examined for cuts and duplicates.</summary>
internal sealed unsafe class DecodeStage(
    FrameReader reader,
    PixelConverter converter,
    FrameTimeline timeline,
    SceneCutDetector? cuts,
    bool findDuplicates,
    FramePool pool,
    BlockingCollection<SourceFrame> output,
    ConversionCounters counters,
    Action<string> message)
{
    /// <summary>The longest run of duplicates that is animation: each picture four times. A longer one is a still picture.</summary>
    public const int LongestRun = 3;

    // The cut before a frame is judged when the frames after it are known; thumbnails reach further back.
    private readonly Queue<SourceFrame> _waiting = new();
    private readonly List<LumaThumbnail> _thumbnails = [];
    private readonly Stack<LumaThumbnail> _free = new();
    private LumaThumbnail? _distinct;
    private int _run;

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
                    ? $"From frame {counters.FramesIn + 1} on, the picture has its first size again."
                    : $"From frame {counters.FramesIn + 1} on, the picture is {width}×{height}; it is scaled to the first size, {firstWidth}×{firstHeight}.");
            }

            frame = pool.Rent();
            Adopt(raw, frame);
        }
        while (true);

        while (_waiting.Count > 0)
        {
            Judge(cancellation);
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
        SourceFrame source = new(frame, timeline.Place(frame.Timestamp), FrameFields.GetDuration(frame.Pointer), CutBefore: false, IsDuplicate: false);
        if (cuts is null && !findDuplicates)
        {
            output.Add(source, cancellation);
            return;
        }

        LumaThumbnail thumbnail = _free.TryPop(out LumaThumbnail? free) ? free : new();
        thumbnail.Measure(frame);
        source = source with { IsDuplicate = IsDuplicate(thumbnail) };
        CountDuplicates(source.IsDuplicate);
        _thumbnails.Add(thumbnail);
        _waiting.Enqueue(source);
        if (_waiting.Count == SceneCutDetector.Neighbours)
        {
            Judge(cancellation);
        }
    }

    private void Judge(CancellationToken cancellation)
    {
        int index = _thumbnails.Count - _waiting.Count;
        bool cut = index > 0 && cuts?.IsCut(_thumbnails, index) == true;
        if (index >= SceneCutDetector.Neighbours)
        {
            _free.Push(_thumbnails[0]);
            _thumbnails.RemoveAt(0);
        }

        output.Add(_waiting.Peek() with { CutBefore = cut }, cancellation);
        _waiting.Dequeue();
    }

    // Against the last distinct picture: in a slow fade or pan, each frame looks like the one before.
    private bool IsDuplicate(LumaThumbnail thumbnail)
    {
        if (_distinct is { } distinct && thumbnail.IsSameAs(distinct))
        {
            return true;
        }

        _distinct ??= new();
        thumbnail.Cells.CopyTo(_distinct.Cells);
        return false;
    }

    private void CountDuplicates(bool isDuplicate)
    {
        if (isDuplicate)
        {
            _run++;
            return;
        }

        if (_run <= LongestRun)
        {
            counters.CountDuplicates(_run);
        }

        _run = 0;
    }
}
