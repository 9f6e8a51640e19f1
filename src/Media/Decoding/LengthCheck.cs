using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Whether a file reaches the length that its container states, or was cut.</summary>
/// <param name="context">The opened input.</param>
internal sealed unsafe class LengthCheck(AVFormatContext* context)
{
    private static readonly Rational Microseconds = new(1, AV_TIME_BASE);

    // Of the packets read so far.
    private long _end;

    /// <summary>The length that the container states, in seconds.</summary>
    public double StatedSeconds => context->duration / (double)AV_TIME_BASE;

    /// <summary>
    /// Seconds of the length that the container states which no stream reached, once all packets are read; 0 where nothing is missing, or the
    /// container's statement is an estimate or of streams that are not read.
    /// </summary>
    public double MissingSeconds
    {
        get
        {
            string format = LibavText.Of(context->iformat->name);
            bool isStated = context->duration > 0 && (format.StartsWith("matroska", StringComparison.Ordinal) || format is "flv" or "asf");
            for (uint i = 0; i < context->nb_streams; i++)
            {
                isStated &= context->streams[i]->discard != AVDiscard.AVDISCARD_ALL;
            }

            // Some writers state when the last stream ends, others how long they last: what begins late is not missing.
            long start = context->start_time == AV_NOPTS_VALUE ? 0 : Math.Min(0, context->start_time);
            double missing = (context->duration - (_end - start)) / (double)AV_TIME_BASE;
            return isStated && missing > Math.Max(1, 0.02 * StatedSeconds) ? missing : 0;
        }
    }

    /// <summary>Takes note of a packet's end.</summary>
    public void Add(AVPacket* packet)
    {
        long time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
        if (time != AV_NOPTS_VALUE)
        {
            Rational unit = context->streams[packet->stream_index]->time_base.ToRational();
            _end = Math.Max(_end, Rational.Rescale(time + Math.Max(0, packet->duration), unit, Microseconds));
        }
    }
}
