using System.Globalization;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>What decoded sound is like. It may change within a stream: broadcasts go from stereo to 5.1 and back.</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Format">libav's name of the sample format.</param>
/// <param name="Layout">libav's description of the channels.</param>
/// <param name="Channels">Their number.</param>
internal readonly record struct SoundForm(int Rate, string Format, string Layout, int Channels)
{
    /// <summary>The form of a frame that a decoder has just given.</summary>
    /// <exception cref="MediaException">libav cannot describe the channels.</exception>
    public static unsafe SoundForm Of(AVFrame* frame, AVCodecContext* decoder, string operation, string path)
    {
        AVChannelLayout channels = decoder->ch_layout;
        if (channels.order == AVChannelOrder.AV_CHANNEL_ORDER_UNSPEC)
        {
            av_channel_layout_default(&channels, channels.nb_channels);
        }

        return new(frame->sample_rate, av_get_sample_fmt_name((AVSampleFormat)frame->format), Describe(&channels, operation, path), channels.nb_channels);
    }

    /// <summary>libav's description of channels.</summary>
    /// <exception cref="MediaException">It has none.</exception>
    public static unsafe string Describe(AVChannelLayout* channels, string operation, string path)
    {
        const int longest = 256;
        byte* text = stackalloc byte[longest];
        LibavError.Check(av_channel_layout_describe(channels, text, longest), operation, path);
        return LibavText.Of(text);
    }

    /// <summary>The arguments of libavfilter's source of such frames, whose times are in ticks of <paramref name="unit"/>.</summary>
    public string Source(Rational unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"time_base={unit.Numerator}/{unit.Denominator}:sample_rate={Rate}:sample_fmt={Format}:channel_layout={Layout}");

    /// <summary>The filter that makes such frames of any.</summary>
    public string Filter => string.Create(CultureInfo.InvariantCulture, $"aformat=sample_fmts={Format}:sample_rates={Rate}:channel_layouts={Layout}");
}
