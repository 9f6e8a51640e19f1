using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// The clock of broadcasts and discs (transport and program streams) begins anywhere and may jump, where a recording was joined or the clock
/// wrapped. Here it starts at 0 and continues without jumps: all streams are shifted alike, so that picture and sound stay together.
/// </summary>
internal sealed unsafe class TimestampContinuity
{
    // As in the command ffmpeg: one second back, or ten ahead, is a jump.
    private const long LongestStepBack = 1_000_000, LongestStepAhead = 10_000_000;

    private static readonly Rational Microseconds = new(1, 1_000_000);

    private readonly AVFormatContext* _context;

    // Where each stream of picture or sound is expected to continue, on the clock without jumps; null before its first packet.
    private readonly long?[] _next;
    private long _offset;

    // Streams come interleaved: around a jump some still count on the clock before it.
    private long _offsetBefore;

    /// <summary>A clock that begins at 0.</summary>
    /// <param name="context">The opened input.</param>
    public TimestampContinuity(AVFormatContext* context)
    {
        _context = context;
        _next = new long?[context->nb_streams];
        _offset = _offsetBefore = context->start_time == AV_NOPTS_VALUE ? 0 : -context->start_time;
    }

    /// <summary>Jumps that were closed.</summary>
    public int Jumps { get; private set; }

    /// <summary>Whether a container has such a clock.</summary>
    public static bool IsNeeded(AVFormatContext* context) => (context->iformat->flags & AVFMT_TS_DISCONT) != 0;

    /// <summary>A time of the input's own clock, before its first jump, on the clock that begins at 0.</summary>
    /// <param name="ticks">In ticks of <paramref name="unit"/>, like the result.</param>
    /// <param name="unit">Seconds per tick.</param>
    public long FromStart(long ticks, Rational unit) =>
        ticks - (_context->start_time == AV_NOPTS_VALUE ? 0 : Rational.Rescale(_context->start_time, Microseconds, unit));

    /// <summary>Moves a packet's times.</summary>
    public void Apply(AVPacket* packet)
    {
        int index = packet->stream_index;
        AVStream* stream = _context->streams[index];
        Rational unit = stream->time_base.ToRational();
        long time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
        long offset = _offset;
        if (time != AV_NOPTS_VALUE)
        {
            long raw = Rational.Rescale(time, unit, Microseconds);
            bool steady = stream->codecpar->codec_type is AVMediaType.AVMEDIA_TYPE_VIDEO or AVMediaType.AVMEDIA_TYPE_AUDIO && index < _next.Length;
            if (steady && _next[index] is { } expected && IsJump(raw + offset - expected) && !IsStill(expected, raw + offset))
            {
                offset = IsJump(raw + _offsetBefore - expected) ? Close(raw) : _offsetBefore;
            }

            if (steady)
            {
                _next[index] = raw + offset + Rational.Rescale(packet->duration, unit, Microseconds);
            }
        }

        long ticks = Rational.Rescale(offset, Microseconds, unit);
        packet->dts += packet->dts == AV_NOPTS_VALUE ? 0 : ticks;
        packet->pts += packet->pts == AV_NOPTS_VALUE ? 0 : ticks;
    }

    // A picture that stands while the sound runs: another stream has come about as far on the same clock.
    private bool IsStill(long expected, long time) =>
        time > expected && _next.Any(next => next is { } other && Math.Abs(time - other) < LongestStepAhead / 2);

    private static bool IsJump(long step) => step is < -LongestStepBack or > LongestStepAhead;

    // The new clock continues where the longest stream ends, so that none goes back.
    private long Close(long raw)
    {
        Jumps++;
        _offsetBefore = _offset;
        _offset = _next.Max()!.Value - raw;
        return _offset;
    }
}
