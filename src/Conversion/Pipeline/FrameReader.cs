using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Pipeline;

/// <summary>Demuxer and decoder as one source of frames; packets of other streams are handed on as they come.</summary>
/// <param name="demuxer">The container.</param>
/// <param name="decoder">The decoder of its video.</param>
/// <param name="deinterlacer">Makes whole pictures of interlaced frames.</param>
internal sealed class FrameReader(Demuxer demuxer, VideoDecoder decoder, Deinterlacer deinterlacer) : IDisposable
{
    /// <summary>Other streams' packets that may wait until the output's header is written.</summary>
    private const long MostWaitingBytes = 256L << 20;

    private readonly Packet _packet = new();
    private readonly Queue<Packet> _waiting = new();
    private Action<Packet>? _sink;
    private long _waitingBytes;
    private bool _needsPacket = true;
    private bool _ended;
    private bool _decoded;

    /// <summary>Where other streams' packets go from now on; those that came earlier are handed over at once.</summary>
    /// <param name="sink">Takes the packet's data.</param>
    public void SendOthersTo(Action<Packet> sink)
    {
        _sink = sink;
        while (_waiting.TryDequeue(out Packet? packet))
        {
            using (packet)
            {
                sink(packet);
            }
        }
    }

    /// <summary>Decodes the next frame; false when there are no more, and then all packets have been read.</summary>
    /// <exception cref="MediaException">Reading or decoding failed.</exception>
    public bool TryRead(VideoFrame frame, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (deinterlacer.Receive(frame))
            {
                return true;
            }

            if (_decoded)
            {
                return false;
            }

            if (_needsPacket && !_ended)
            {
                ReadPacket(cancellation);
            }

            switch (decoder.Receive(frame))
            {
                case DecodeResult.Frame:
                    _needsPacket = false;
                    if (!deinterlacer.Takes(frame))
                    {
                        return true;
                    }

                    deinterlacer.Send(frame);
                    break;
                case DecodeResult.End:
                    _decoded = true;
                    deinterlacer.Send(null);
                    break;
                default:
                    _needsPacket = true;
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packet.Dispose();
        while (_waiting.TryDequeue(out Packet? packet))
        {
            packet.Dispose();
        }
    }

    private void ReadPacket(CancellationToken cancellation)
    {
        if (!demuxer.Read(_packet, cancellation))
        {
            _ended = true;
            decoder.Send(null);
        }
        else if (_packet.StreamIndex == demuxer.VideoIndex)
        {
            decoder.Send(_packet);
        }
        else
        {
            HandOn();
        }
    }

    private void HandOn()
    {
        if (_sink is not null)
        {
            _sink(_packet);
            return;
        }

        _waitingBytes += _packet.Size;
        if (_waitingBytes > MostWaitingBytes)
        {
            throw new MediaException(
                "Reading",
                demuxer.Path,
                $"its first {MostWaitingBytes >> 20} MiB contain no picture that can be decoded",
                "Check that the file plays elsewhere.");
        }

        Packet kept = new();
        kept.TakeFrom(_packet);
        _waiting.Enqueue(kept);
    }
}
