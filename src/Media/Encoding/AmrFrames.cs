using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>
/// Packets of AMR speech as telephones record it, often many frames in one: libav's writers refuse such packets, and its decoder plays their
/// first frame only.
/// </summary>
internal static unsafe class AmrFrames
{
    private static readonly Rational FrameLength = new(1, 50);

    // Bytes of a frame by the mode that its first byte names; 3GPP TS 26.101 and 26.201, octet-aligned as in files.
    private static readonly byte[] Narrow = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];
    private static readonly byte[] Wide = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1];

    /// <summary>Whether a stream is AMR.</summary>
    public static bool AreIn(AVStream* stream) => avcodec_get_name(stream->codecpar->codec_id) is "amr_nb" or "amr_wb";

    /// <summary>Hands on each frame of a packet as one of its own, 20 ms after the one before. The packet is empty afterwards.</summary>
    /// <param name="packet">One packet of an AMR stream.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="output">Takes each frame.</param>
    public static void Split(Packet packet, AVStream* stream, Action<Packet> output)
    {
        byte[] sizes = avcodec_get_name(stream->codecpar->codec_id) == "amr_wb" ? Wide : Narrow;
        List<int> starts = [];
        for (int start = 0; start < packet.Size; start += sizes[(packet.Pointer->data[start] >> 3) & 15])
        {
            starts.Add(start);
        }

        if (starts.Count > 1)
        {
            Rational unit = stream->time_base.ToRational();
            using Packet frame = new();
            for (int i = 0; i < starts.Count; i++)
            {
                frame.ReferTo(packet);
                AVPacket* part = frame.Pointer;
                part->data += starts[i];
                part->size = (i + 1 < starts.Count ? starts[i + 1] : packet.Size) - starts[i];
                long from = Rational.Rescale(i, FrameLength, unit), to = Rational.Rescale(i + 1, FrameLength, unit);
                part->pts += part->pts == AV_NOPTS_VALUE ? 0 : from;
                part->dts += part->dts == AV_NOPTS_VALUE ? 0 : from;
                part->duration = to - from;
                output(frame);
            }

            packet.Clear();
        }
        else
        {
            output(packet);
        }
    }
}
