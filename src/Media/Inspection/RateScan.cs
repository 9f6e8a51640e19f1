using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Inspection;

/// <summary>Whether a video's rate is constant, from the times of its first packets: quick, as nothing is decoded.</summary>
internal static unsafe class RateScan
{
    /// <summary>Number of times that are read.</summary>
    private const int Most = 2000;

    /// <summary>Packets of all streams that are read for them.</summary>
    private const int MostPackets = 20_000;

    /// <summary>Looks at a container that nothing has been read from.</summary>
    /// <returns>How many frames were looked at, and the shortest and longest interval in seconds; whether they differ by more than rounding.</returns>
    public static (int Frames, double? Shortest, double? Longest, bool? IsVariable) Of(Demuxer demuxer, CancellationToken cancellation)
    {
        List<long> times = [];
        using Packet packet = new();
        for (int i = 0; i < MostPackets && times.Count < Most && demuxer.Read(packet, cancellation); i++)
        {
            long time = packet.Pointer->pts != AV_NOPTS_VALUE ? packet.Pointer->pts : packet.DecodeTime;
            if (packet.StreamIndex == demuxer.VideoIndex && time != AV_NOPTS_VALUE)
            {
                times.Add(time);
            }
        }

        times.Sort();

        // Reading stopped between packets that decode out of order: the last few intervals may lack a frame.
        if (times.Count == Most)
        {
            times.RemoveRange(Most - 16, 16);
        }

        if (times.Count < 3)
        {
            return (times.Count, null, null, null);
        }

        long[] intervals = [.. times.Zip(times.Skip(1), (a, b) => b - a)];
        long rounding = Math.Max(1, Rational.Rescale(1, new(1, 1000), demuxer.TimeBase)) + 1;
        double tick = demuxer.TimeBase.ToDouble();
        return (times.Count, intervals.Min() * tick, intervals.Max() * tick, intervals.Max() - intervals.Min() > rounding);
    }
}
