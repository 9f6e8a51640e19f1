using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>
/// Packets beside the video that wait until the video has come as far: an encoder holds frames back, slides and long still pictures for minutes, and libav's
/// writers wait for no stream longer than ten seconds. Sound would stand far ahead of its pictures then.
/// </summary>
/// <param name="most">Bytes that wait at most; beyond that the earliest go on.</param>
internal sealed unsafe class HeldPackets(long most) : IDisposable
{
    /// <summary>What a packet takes beside its data.</summary>
    private const int Overhead = 512;

    private readonly List<Held> _streams = [];
    private readonly Stack<Packet> _free = new();
    private long _bytes;

    /// <summary>Takes a packet, which is empty afterwards.</summary>
    /// <param name="packet">Timed in ticks of the output's stream.</param>
    /// <param name="stream">Which stream's.</param>
    /// <param name="unit">Its ticks.</param>
    /// <param name="write">Takes what cannot wait any longer, with its stream.</param>
    public void Add(Packet packet, int stream, AVRational unit, Action<Packet, int> write)
    {
        Held own = Of(stream, unit);
        Packet copy = _free.TryPop(out Packet? free) ? free : new();
        copy.TakeFrom(packet);
        own.Packets.Enqueue(copy);
        _bytes += copy.Size + Overhead;
        while (_bytes > most)
        {
            WriteFirst(Earliest()!, write);
        }
    }

    /// <summary>Lets go what comes no later than the video, in the order of time.</summary>
    /// <param name="time">The video's last decoding time.</param>
    /// <param name="unit">The ticks that it is in.</param>
    /// <param name="write">Takes the packets, with their streams.</param>
    public void WriteUntil(long time, AVRational unit, Action<Packet, int> write)
    {
        while (Earliest() is { } held && (held.First is not { } first || av_compare_ts(first, held.Unit, time, unit) <= 0))
        {
            WriteFirst(held, write);
        }
    }

    /// <summary>Lets all go, in the order of time: the video is complete.</summary>
    public void WriteAll(Action<Packet, int> write)
    {
        while (Earliest() is { } held)
        {
            WriteFirst(held, write);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Packet packet in _streams.SelectMany(held => held.Packets).Concat(_free))
        {
            packet.Dispose();
        }
    }

    private Held Of(int stream, AVRational unit)
    {
        foreach (Held held in _streams)
        {
            if (held.Stream == stream)
            {
                return held;
            }
        }

        Held added = new(stream, unit);
        _streams.Add(added);
        return added;
    }

    // The stream whose first packet comes before those of the others; null: nothing is held.
    private Held? Earliest()
    {
        Held? earliest = null;
        foreach (Held held in _streams)
        {
            if (held.Packets.Count > 0 && (earliest is null || held.IsBefore(earliest)))
            {
                earliest = held;
            }
        }

        return earliest;
    }

    private void WriteFirst(Held held, Action<Packet, int> write)
    {
        Packet packet = held.Packets.Dequeue();
        _bytes -= packet.Size + Overhead;
        _free.Push(packet);
        write(packet, held.Stream);
    }

    private sealed class Held(int stream, AVRational unit)
    {
        public int Stream => stream;

        public AVRational Unit => unit;

        public Queue<Packet> Packets { get; } = new();

        public long? First => Packets.Peek().EarliestTime;

        public bool IsBefore(Held other) =>
            First is not { } own || (other.First is { } others && av_compare_ts(own, unit, others, other.Unit) < 0);
    }
}
