using System.Globalization;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>A chain of libavfilter's filters. Give a frame, take frames until there are none; give null at the end and take what is left.</summary>
internal sealed unsafe class FilterGraph : LibavHandle
{
    private readonly string _operation;
    private readonly string _path;
    private readonly AVFilterContext* _source;
    private readonly AVFilterContext* _sink;

    /// <summary>Builds a chain.</summary>
    /// <param name="kind">"buffer" for pictures, "abuffer" for sound.</param>
    /// <param name="arguments">What the frames are like: the arguments of that filter.</param>
    /// <param name="chain">The filters between, in FFmpeg's notation.</param>
    /// <param name="operation">What it is for, for messages: "Deinterlacing".</param>
    /// <param name="path">The file concerned, for messages.</param>
    /// <exception cref="MediaException">libavfilter, or a filter, is missing or refuses.</exception>
    public FilterGraph(string kind, string arguments, string chain, string operation, string path)
        : base(Allocate(operation, path))
    {
        (_operation, _path) = (operation, path);
        try
        {
            AVFilterGraph* graph = (AVFilterGraph*)handle;
            AVFilterInOut* inputs = null, outputs = null;
            LibavLog.TakeLastLine();
            int result = avfilter_graph_parse2(graph, $"{kind}@source={arguments},{chain},{kind}sink@sink", &inputs, &outputs);
            avfilter_inout_free(&inputs);
            avfilter_inout_free(&outputs);
            LibavError.Check(result, operation, path);
            LibavError.Check(avfilter_graph_config(graph, null), operation, path);
            _source = avfilter_graph_get_filter(graph, $"{kind}@source");
            _sink = avfilter_graph_get_filter(graph, $"{kind}sink@sink");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Builds a chain for pictures like a given one.</summary>
    /// <param name="picture">Has the size, the pixel format and the shape of pixels.</param>
    /// <param name="timeBase">Seconds per tick of the pictures' times.</param>
    /// <param name="chain">The filters, in FFmpeg's notation.</param>
    /// <param name="operation">What it is for, for messages.</param>
    /// <param name="path">The file concerned, for messages.</param>
    /// <param name="rate">Frames per second, for filters that ask for it; null: left open.</param>
    /// <exception cref="MediaException">libavfilter, or a filter, is missing or refuses.</exception>
    public static FilterGraph Of(VideoFrame picture, Rational timeBase, string chain, string operation, string path, Rational? rate = null)
    {
        AVRational shape = picture.Pointer->sample_aspect_ratio;
        Rational frames = rate ?? new(0, 1);
        return new(
            "buffer",
            string.Create(
                CultureInfo.InvariantCulture,
                $"video_size={picture.Width}x{picture.Height}:pix_fmt={av_get_pix_fmt_name(picture.Format)}:"
                + $"time_base={timeBase.Numerator}/{timeBase.Denominator}:frame_rate={frames.Numerator}/{frames.Denominator}:"
                + $"pixel_aspect={shape.num}/{Math.Max(1, shape.den)}"),
            chain,
            operation,
            path);
    }

    /// <summary>Seconds per tick of the frames that come out.</summary>
    public Rational TimeBase => av_buffersink_get_time_base(_sink).ToRational();

    /// <summary>The pixel format of the pictures that come out.</summary>
    public AVPixelFormat PixelFormat => (AVPixelFormat)av_buffersink_get_format(_sink);

    /// <summary>Gives a frame, which is empty afterwards, or null when there are no more.</summary>
    public void Send(AVFrame* frame)
    {
        LibavError.Check(av_buffersrc_add_frame_flags(_source, frame, 0), _operation, _path);
        LibavLog.TakeLastLine();
    }

    /// <summary>Takes a frame; false where there is none yet or, at the end, none any more.</summary>
    public bool Receive(AVFrame* frame)
    {
        int result = av_buffersink_get_frame(_sink, frame);
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF)
        {
            return false;
        }

        LibavError.Check(result, _operation, _path);
        return true;
    }

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVFilterGraph* graph = (AVFilterGraph*)native;
        avfilter_graph_free(&graph);
    }

    private static AVFilterGraph* Allocate(string operation, string path)
    {
        try
        {
            return (AVFilterGraph*)LibavError.CheckAllocated(avfilter_graph_alloc(), operation, path);
        }
        catch (DllNotFoundException e)
        {
            throw new MediaException(operation, path, "FFmpeg's libavfilter is missing", e.Message, innerException: e);
        }
    }
}
