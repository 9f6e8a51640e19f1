using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using Xunit;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Tests;

/// <summary>Packets that wait for the video.</summary>
public sealed unsafe class HeldPacketsTests
{
    private static readonly AVRational Milliseconds = new() { num = 1, den = 1000 }, Seconds = new() { num = 1, den = 1 };

    private readonly List<(int Stream, long? Time)> _written = [];

    [Fact]
    public void Each_stream_goes_on_as_far_as_the_video_and_at_its_end_all_do()
    {
        using HeldPackets held = new(most: 1 << 20);
        using Packet packet = new();
        Add(held, packet, 1, 500, Milliseconds);
        Add(held, packet, 2, 60, Seconds); // subtitles far ahead keep nobody
        Add(held, packet, 1, 1000, Milliseconds);
        Add(held, packet, 1, 1001, Milliseconds);
        Assert.Empty(_written);
        Assert.Equal(0, packet.Size);

        held.WriteUntil(1, Seconds, Write);
        Assert.Equal([(1, 500), (1, 1000)], _written);

        held.WriteAll(Write);
        Assert.Equal([(1, 500), (1, 1000), (1, 1001), (2, 60)], _written);
    }

    [Fact]
    public void Streams_go_on_together_in_the_order_of_time()
    {
        using HeldPackets held = new(most: 1 << 20);
        using Packet packet = new();
        foreach (int second in (int[])[1, 2, 3, 4])
        {
            Add(held, packet, 1, 1000 * second, Milliseconds);
            Add(held, packet, 2, second, Seconds);
        }

        held.WriteUntil(2500, Milliseconds, Write);
        Assert.Equal([(1, 1000), (2, 1), (1, 2000), (2, 2)], _written);

        held.WriteAll(Write);
        Assert.Equal([(1, 3000), (2, 3), (1, 4000), (2, 4)], _written[4..]);
    }

    [Fact]
    public void Beyond_its_bytes_the_earliest_go_on()
    {
        using HeldPackets held = new(most: 4000);
        using Packet packet = new();
        Add(held, packet, 2, 3, Seconds);
        Add(held, packet, 1, 2000, Milliseconds);
        Assert.Empty(_written);

        Add(held, packet, 2, 4, Seconds);
        Assert.Equal([(1, 2000)], _written);

        Add(held, packet, 1, 9000, Milliseconds);
        Assert.Equal([(1, 2000), (2, 3)], _written);
    }

    [Fact]
    public void A_packet_without_a_time_does_not_wait()
    {
        using HeldPackets held = new(most: 1 << 20);
        using Packet packet = new();
        Add(held, packet, 1, AV_NOPTS_VALUE, Milliseconds);
        Add(held, packet, 1, 7, Milliseconds);

        held.WriteUntil(5, Milliseconds, Write);

        Assert.Equal([(1, null)], _written);
    }

    private void Add(HeldPackets held, Packet packet, int stream, long time, AVRational unit)
    {
        Assert.Equal(0, av_new_packet(packet.Pointer, 1000));
        (packet.Pointer->dts, packet.Pointer->pts) = (time, time);
        held.Add(packet, stream, unit, Write);
    }

    private void Write(Packet packet, int stream) => _written.Add((stream, packet.EarliestTime));
}
