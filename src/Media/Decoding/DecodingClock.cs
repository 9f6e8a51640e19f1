using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// The times of frames from an AVI, which counts packets in the order of their decoding. A decoder that has to wait for B-frames gives each picture
/// the time of a later packet, and none to the last ones: here the first picture has the first packet's time, and the others follow it.
/// </summary>
/// <param name="isNeeded">Whether the input is such.</param>
internal sealed unsafe class DecodingClock(bool isNeeded)
{
    /// <summary>The deepest reordering of any coding, in packets; a larger distance is a missing beginning.</summary>
    private const int LongestDelay = 17;

    private long? _firstPacket;
    private long? _delay;
    private long _last;

    /// <summary>Takes note of a packet on its way to the decoder.</summary>
    public void Note(AVPacket* packet)
    {
        if (isNeeded && packet->dts != AV_NOPTS_VALUE)
        {
            _firstPacket ??= packet->dts;
        }
    }

    /// <summary>Gives a frame its time.</summary>
    public void Apply(VideoFrame frame)
    {
        if (_firstPacket is not { } first)
        {
            return;
        }

        if (_delay is null)
        {
            long delay = (frame.Timestamp ?? first) - first;
            _delay = delay is > 0 and <= LongestDelay ? delay : 0;
        }

        _last = frame.Timestamp is { } time ? time - _delay.Value : _last + 1;
        frame.Pointer->best_effort_timestamp = _last;
    }
}
