using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// Times that no recording has, as damaged files state them, are taken for missing: what is computed from the others, in ticks up to sixteen times
/// as fine and in any container's clock, stays within 64 bits.
/// </summary>
internal static unsafe class PlausibleTimes
{
    /// <summary>317 years: some recorders count from 1970.</summary>
    private const long MostSeconds = 10_000_000_000;

    private const long MostTicks = 1L << 56;

    private static readonly Rational Microseconds = new(1, AV_TIME_BASE);

    /// <summary>Whether a time is one, in ticks of a unit; a missing one is.</summary>
    public static bool Is(long ticks, Rational unit) =>
        ticks == AV_NOPTS_VALUE || (ticks is > -MostTicks and < MostTicks && (Int128)Math.Abs(ticks) * unit.Numerator < (Int128)MostSeconds * unit.Denominator);

    /// <summary>Removes a packet's times that are none, and a duration that is none.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="unit">Seconds per tick of its times, positive.</param>
    public static void Keep(AVPacket* packet, Rational unit)
    {
        packet->pts = Kept(packet->pts, unit);
        packet->dts = Kept(packet->dts, unit);
        packet->duration = packet->duration >= 0 && Is(packet->duration, unit) ? packet->duration : 0;
    }

    /// <summary>Removes an opened input's starts and lengths that are none.</summary>
    public static void Keep(AVFormatContext* context)
    {
        context->start_time = Kept(context->start_time, Microseconds);
        context->duration = Kept(context->duration, Microseconds);
        for (uint i = 0; i < context->nb_streams; i++)
        {
            AVStream* stream = context->streams[i];
            Rational unit = stream->time_base.ToRational();
            stream->start_time = Kept(stream->start_time, unit);
            stream->duration = Kept(stream->duration, unit);
        }
    }

    private static long Kept(long ticks, Rational unit) => Is(ticks, unit) ? ticks : AV_NOPTS_VALUE;
}
