using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Subtitles;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The text subtitles that a plan writes in another coding.</summary>
internal sealed unsafe class RewrittenSubtitles : IDisposable
{
    private readonly Demuxer _demuxer;
    private readonly SubtitleConverter?[] _converters;

    /// <summary>Opens what the plan needs.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="plan">What becomes of its streams.</param>
    /// <exception cref="MediaException">A decoder or an encoder cannot be opened.</exception>
    public RewrittenSubtitles(Demuxer demuxer, ConversionPlan plan)
    {
        (_demuxer, _converters) = (demuxer, new SubtitleConverter?[plan.Streams.Length]);
        try
        {
            foreach (StreamPlan stream in plan.Streams)
            {
                if (stream.Treatment == StreamTreatment.Rewrite)
                {
                    _converters[stream.Index] = new(demuxer, stream.Index, stream.Encoder!);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Texts that are left out: see <see cref="SubtitleConverter.Lost"/>.</summary>
    public long Lost => _converters.Sum(converter => converter?.Lost ?? 0);

    /// <summary>A stream's encoder; null where it is not rewritten.</summary>
    public CodecContext? EncoderOf(int stream) => _converters[stream]?.Encoder;

    /// <summary>Looks at a packet of any stream, and hands on texts that ended well before it.</summary>
    public void Advance(Packet packet, Action<Packet> output)
    {
        if (packet.EarliestTime is not { } time)
        {
            return;
        }

        Rational unit = _demuxer.Context->streams[packet.StreamIndex]->time_base.ToRational();
        foreach (SubtitleConverter? converter in _converters)
        {
            converter?.Advance(time, unit, output);
        }
    }

    /// <summary>Takes a packet of a stream that is rewritten, which is empty afterwards, and hands on what becomes of it.</summary>
    /// <returns>Whether it is of such a stream.</returns>
    public bool TryWrite(Packet packet, Action<Packet> output)
    {
        SubtitleConverter? converter = packet.StreamIndex < _converters.Length ? _converters[packet.StreamIndex] : null;
        converter?.Process(packet, output);
        return converter is not null;
    }

    /// <summary>After the last packet.</summary>
    public void Finish(Action<Packet> output)
    {
        foreach (SubtitleConverter? converter in _converters)
        {
            converter?.Process(null, output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SubtitleConverter? converter in _converters)
        {
            converter?.Dispose();
        }
    }
}
