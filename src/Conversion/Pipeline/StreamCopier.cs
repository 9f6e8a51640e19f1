using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Everything but the video: packets are copied or, for sound in slow motion, stretched.</summary>
internal sealed class StreamCopier : IDisposable
{
    private readonly SoundStretcher?[] _stretchers;
    private readonly Muxer _muxer;
    private readonly SoundGaps _gaps;

    /// <summary>Opens what the plan needs.</summary>
    /// <param name="demuxer">The input.</param>
    /// <param name="plan">What becomes of its streams.</param>
    /// <param name="muxer">Where packets go.</param>
    /// <exception cref="MediaException">Sound cannot be stretched.</exception>
    public StreamCopier(Demuxer demuxer, ConversionPlan plan, Muxer muxer)
    {
        (_muxer, _gaps) = (muxer, new(demuxer, plan));
        _stretchers = new SoundStretcher?[plan.Streams.Length];
        try
        {
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

    /// <summary>The stretchers, by their streams.</summary>
    public IReadOnlyList<SoundStretcher?> Stretchers => _stretchers;

    /// <summary>Packets of sound that could not be decoded to be stretched.</summary>
    public long Damaged => _stretchers.Sum(stretcher => stretcher?.Damaged ?? 0);

    /// <summary>Seconds of gaps in sound that the output cannot keep.</summary>
    public double LostGaps => _gaps.Lost;

    /// <summary>Takes a packet; it is empty afterwards.</summary>
    public void Write(Packet packet)
    {
        if (packet.StreamIndex < _stretchers.Length && _stretchers[packet.StreamIndex] is { } stretcher)
        {
            stretcher.Process(packet, _muxer.WriteStretched);
            packet.Clear();
        }
        else
        {
            _gaps.Look(packet);
            _muxer.WriteCopied(packet);
        }
    }

    /// <summary>After the last packet.</summary>
    public void Finish()
    {
        foreach (SoundStretcher? stretcher in _stretchers)
        {
            stretcher?.Process(null, _muxer.WriteStretched);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SoundStretcher? stretcher in _stretchers)
        {
            stretcher?.Dispose();
        }
    }
}
