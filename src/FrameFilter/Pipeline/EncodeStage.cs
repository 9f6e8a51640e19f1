using AdaConv.FrameFilter.Media;

namespace AdaConv.FrameFilter.Pipeline;

/// <summary>The third stage: frames are encoded and written.</summary>
internal sealed class EncodeStage(VideoEncoder encoder, Muxer muxer) : IDisposable
{
    private readonly Packet _packet = new();

    /// <summary>Runs until the input is complete and the encoder drained.</summary>
    public void Run(FrameSource source, CancellationToken cancellation)
    {
        foreach (OutputFrame item in source.Take(cancellation))
        {
            encoder.Send(item.Frame, item.Time.Timestamp, item.Time.Duration);
            source.Return(item.Frame);
            source.Counters.CountOut(item.Time);
            WritePackets(cancellation);
        }

        encoder.Send(null, 0, 0);
        WritePackets(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _packet.Dispose();

    private void WritePackets(CancellationToken cancellation)
    {
        while (encoder.Receive(_packet))
        {
            cancellation.ThrowIfCancellationRequested();
            muxer.WriteVideo(_packet, encoder);
        }
    }
}
