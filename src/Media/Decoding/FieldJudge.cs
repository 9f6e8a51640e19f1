using System.Globalization;
using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Whether a video's pictures are interlaced, whatever the file says: libavfilter's idet looks at frame after frame.</summary>
internal sealed unsafe class FieldJudge : IDisposable
{
    private readonly FilterGraph _graph;
    private readonly VideoFrame _frame = new();
    private readonly (int, int, AVPixelFormat) _kind;
    private int _frames, _flagged, _flaggedTop, _repeating;

    private FieldJudge(FilterGraph graph, VideoFrame first) => (_graph, _kind) = (graph, (first.Width, first.Height, first.Format));

    /// <summary>What is found so far; null where nothing is yet.</summary>
    public FieldFacts? Facts { get; private set; }

    /// <summary>A judge of frames like the first; null where idet is missing or cannot look at such.</summary>
    /// <param name="first">The first frame, which is not looked at yet.</param>
    /// <param name="path">The file concerned.</param>
    /// <param name="converting">Whether pictures may be converted for it.</param>
    public static FieldJudge? Of(VideoFrame first, string path, bool converting)
    {
        try
        {
            FilterGraph graph = FilterGraph.Of(first, new(1, 25), "idet", "Looking for fields", path);
            if (converting || graph.PixelFormat == first.Format)
            {
                return new(graph, first);
            }

            graph.Dispose();
        }
        catch (MediaException)
        {
            // Whoever needs libavfilter more is told what it lacks.
        }

        return null;
    }

    /// <summary>Looks at a frame, which stays as it is.</summary>
    /// <returns>False where it is of another size or kind than the first.</returns>
    public bool Look(VideoFrame frame)
    {
        if ((frame.Width, frame.Height, frame.Format) != _kind)
        {
            return false;
        }

        _frame.ReferTo(frame);
        AVFrame* picture = _frame.Pointer;
        bool isFlagged = FrameFields.IsInterlaced(picture);
        _flagged += isFlagged ? 1 : 0;
        _flaggedTop += isFlagged && FrameFields.IsTopFieldFirst(picture) ? 1 : 0;
        _repeating += !isFlagged && picture->repeat_pict > 0 ? 1 : 0;
        picture->pts = _frames++;
        _graph.Send(picture);
        Collect();
        return true;
    }

    /// <summary>There are no more frames.</summary>
    public FieldFacts? Finish()
    {
        _graph.Send(null);
        Collect();
        return Facts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph.Dispose();
        _frame.Dispose();
    }

    private static int Count(AVDictionary* told, string key) => LibavText.OfMetadata(told, "lavfi.idet." + key) is { } count
        ? (int)Math.Round(double.Parse(count, CultureInfo.InvariantCulture))
        : 0;

    // Each picture tells of all up to it.
    private void Collect()
    {
        while (_graph.Receive(_frame.Pointer))
        {
            AVDictionary* told = _frame.Pointer->metadata;
            Facts = new()
            {
                Frames = _frames,
                Progressive = Count(told, "multiple.progressive"),
                TopFirst = Count(told, "multiple.tff"),
                BottomFirst = Count(told, "multiple.bff"),
                Combed = Count(told, "single.tff") + Count(told, "single.bff"),
                Repeated = Count(told, "repeated.top") + Count(told, "repeated.bottom"),
                Flagged = _flagged,
                FlaggedTopFirst = _flaggedTop,
                Repeating = _repeating,
            };
            _frame.Clear();
        }
    }
}
