using System.Buffers.Binary;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Subtitles;

/// <summary>
/// Packets of mov_text, of which a player shows one at a time, until the next: where cues overlap, there is a packet for each stretch between their
/// beginnings and ends, with the words of all that are on.
/// </summary>
/// <remarks>A cue waits for the next one, which may begin at the same time, or until the file's other streams are <see cref="Patience"/> seconds on.</remarks>
/// <param name="unit">Seconds per tick of the packets' times.</param>
internal sealed class SuccessiveTexts(Rational unit) : IDisposable
{
    /// <summary>Seconds that the other streams of a file may be ahead of a cue that overlaps.</summary>
    public const int Patience = 10;

    // The length before the text.
    private const int Prefix = 2;

    private readonly List<Shown> _shown = [];
    private readonly Stack<Packet> _free = new();
    private readonly Packet _next = new();
    private readonly byte[] _words = new byte[Prefix + ushort.MaxValue];

    // Up to here, packets have been handed on.
    private long _done = long.MinValue;

    /// <summary>Cues that could not be shown: they ended before one that stands before them in the file began, or are too long together with others.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes a cue, which is empty afterwards; hands on what is shown before it begins.</summary>
    public void Add(Packet cue, Action<Packet> output)
    {
        long begin = cue.Time ?? cue.EarliestTime ?? Math.Max(0, _done), start = Math.Max(begin, _done);

        // One without an end is shown until the next.
        long end = cue.Duration is > 0 and < long.MaxValue / 2 ? begin + cue.Duration : long.MaxValue;
        for (int i = 0; i < _shown.Count; i++)
        {
            _shown[i] = _shown[i].End == long.MaxValue ? _shown[i] with { End = start } : _shown[i];
        }

        WriteUntil(start, output);
        if (end > start)
        {
            Packet kept = _free.TryPop(out Packet? free) ? free : new();
            kept.TakeFrom(cue);
            _shown.Add(new(kept, end));
        }
        else
        {
            Lost++;
        }
    }

    /// <summary>Hands on what ended before a time, in the same ticks.</summary>
    public void Advance(long time, Action<Packet> output)
    {
        long last = long.MinValue;
        foreach (Shown shown in _shown)
        {
            last = shown.End <= time ? Math.Max(last, shown.End) : last;
        }

        if (last > _done)
        {
            WriteUntil(last, output);
        }
    }

    /// <summary>After the last cue.</summary>
    public void Finish(Action<Packet> output)
    {
        long endless = _done + Rational.Rescale(Muxer.SecondsOfEndless, new(1, 1), unit);
        for (int i = 0; i < _shown.Count; i++)
        {
            _shown[i] = _shown[i].End == long.MaxValue ? _shown[i] with { End = endless } : _shown[i];
        }

        WriteUntil(long.MaxValue, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Packet packet in _shown.Select(shown => shown.Text).Concat(_free))
        {
            packet.Dispose();
        }

        _next.Dispose();
    }

    private void WriteUntil(long time, Action<Packet> output)
    {
        while (_shown.Count > 0 && _done < time)
        {
            long end = time;
            foreach (Shown shown in _shown)
            {
                end = Math.Min(end, shown.End);
            }

            if (end > _done)
            {
                Write(end, output);
            }

            for (int i = _shown.Count - 1; i >= 0; i--)
            {
                if (_shown[i].End <= end)
                {
                    _shown[i].Text.Clear();
                    _free.Push(_shown[i].Text);
                    _shown.RemoveAt(i);
                }
            }

            _done = end;
        }

        _done = _shown.Count == 0 && time < long.MaxValue ? time : _done;
    }

    private void Write(long end, Action<Packet> output)
    {
        _next.ReferTo(_shown[0].Text);
        if (_shown.Count > 1 && Join() is > 0 and int size)
        {
            _next.Replace(_words.AsSpan(0, size), "Rewriting subtitles", null);
        }

        _next.Retime(_done, end - _done);
        output(_next);
        _next.Clear();
    }

    // A text that is there already, as ASS draws outlines and glows, is not shown twice. 0: there is only one.
    private int Join()
    {
        int size = Prefix, count = 0;
        for (int i = 0; i < _shown.Count; i++)
        {
            ReadOnlySpan<byte> words = WordsOf(_shown[i].Text);
            bool isNew = true;
            for (int j = 0; j < i && isNew; j++)
            {
                isNew = !words.SequenceEqual(WordsOf(_shown[j].Text));
            }

            bool fits = size + words.Length < _words.Length;
            Lost += isNew && !fits ? 1 : 0;
            if (isNew && fits)
            {
                if (count++ > 0)
                {
                    _words[size++] = (byte)'\n';
                }

                words.CopyTo(_words.AsSpan(size));
                size += words.Length;
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(_words, (ushort)(size - Prefix));
        return count > 1 ? size : 0;
    }

    private static unsafe ReadOnlySpan<byte> WordsOf(Packet text)
    {
        AVPacket* data = text.Pointer;
        ReadOnlySpan<byte> bytes = new(data->data, data->size);
        return bytes.Length < Prefix ? default : bytes[Prefix..Math.Min(bytes.Length, Prefix + BinaryPrimitives.ReadUInt16BigEndian(bytes))];
    }

    // End: in ticks; long.MaxValue where it has none.
    private readonly record struct Shown(Packet Text, long End);
}
