using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Everything but the video: packets are copied, stretched (sound in slow motion), or rewritten (text that the container lacks).</summary>
internal sealed class StreamCopier : IDisposable
{
    private readonly SoundStretcher?[] _stretchers;
    private readonly RewrittenSubtitles? _subtitles;
    private readonly Action<Packet> _writeStretched;
    private readonly Action<Packet> _writeCopied;
    private readonly Muxer _muxer;
    private readonly SoundGaps _gaps;

    /// <summary>Opens what the plan needs.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="plan">What becomes of its streams.</param>
    /// <param name="muxer">Where packets go.</param>
    /// <exception cref="MediaException">Sound cannot be stretched, or subtitles not rewritten.</exception>
    public StreamCopier(Demuxer demuxer, ConversionPlan plan, Muxer muxer)
    {
        (_muxer, _gaps) = (muxer, new(demuxer, plan));
        (_writeStretched, _writeCopied) = (muxer.WriteStretched, muxer.WriteCopied);
        _stretchers = new SoundStretcher?[plan.Streams.Length];
        try
        {
            _subtitles = new(demuxer, plan);
            foreach (StreamPlan stream in plan.Streams)
            {
                if (stream.Treatment == StreamTreatment.Stretch)
                {
                    _stretchers[stream.Index] = new(demuxer, stream.Index, stream.Encoder!, muxer.WantsGlobalHeader, plan.Schedule!.Slowdown);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The encoders of what is encoded again, by their streams.</summary>
    public IReadOnlyList<CodecContext?> Encoders =>
        [.. _stretchers.Select((stretcher, stream) => stretcher?.Encoding ?? _subtitles!.EncoderOf(stream))];

    /// <summary>Packets of sound that could not be decoded to be stretched.</summary>
    public long Damaged => _stretchers.Sum(stretcher => stretcher?.Damaged ?? 0);

    /// <summary>Texts that are left out of rewritten subtitles.</summary>
    public long LostTexts => _subtitles!.Lost;

    /// <summary>Seconds of gaps in sound that the output cannot keep.</summary>
    public double LostGaps => _gaps.Lost;

    /// <summary>Takes a packet; it is empty afterwards.</summary>
    public void Write(Packet packet)
    {
        Advance(packet);
        if (packet.StreamIndex < _stretchers.Length && _stretchers[packet.StreamIndex] is { } stretcher)
        {
            stretcher.Process(packet, _writeStretched);
            packet.Clear();
        }
        else if (!_subtitles!.TryWrite(packet, _writeCopied))
        {
            _gaps.Look(packet);
            _muxer.WriteCopied(packet);
        }
    }

    /// <summary>Looks at a packet, of the video, too: texts that ended well before it wait no longer.</summary>
    public void Advance(Packet packet) => _subtitles!.Advance(packet, _writeCopied);

    /// <summary>After the last packet.</summary>
    public void Finish()
    {
        foreach (SoundStretcher? stretcher in _stretchers)
        {
            stretcher?.Process(null, _writeStretched);
        }

        _subtitles!.Finish(_writeCopied);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SoundStretcher? stretcher in _stretchers)
        {
            stretcher?.Dispose();
        }

        _subtitles?.Dispose();
    }
}
