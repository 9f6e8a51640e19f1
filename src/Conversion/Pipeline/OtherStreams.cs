using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Everything but the video: packets are copied or, for sound in slow motion, stretched.</summary>
internal sealed unsafe class OtherStreams : IDisposable
{
    private readonly SoundStretcher?[] _stretchers;
    private Muxer? _muxer;

    /// <summary>Opens what the plan needs.</summary>
    /// <exception cref="MediaException">Sound cannot be stretched.</exception>
    public OtherStreams(Demuxer demuxer, AVOutputFormat* container, StreamTreatment[] plan, TimingOptions timing, Action<string> message)
    {
        _stretchers = new SoundStretcher?[plan.Length];
        try
        {
            for (int i = 0; i < plan.Length; i++)
            {
                if (plan[i] == StreamTreatment.Stretch)
                {
                    _stretchers[i] = new(demuxer, i, container, timing.SlowMotion ?? 1, message);
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

    /// <summary>Where packets go; before the first one.</summary>
    public void WriteTo(Muxer muxer) => _muxer = muxer;

    /// <summary>Takes a packet; it is empty afterwards.</summary>
    public void Write(Packet packet)
    {
        if (packet.StreamIndex < _stretchers.Length && _stretchers[packet.StreamIndex] is { } stretcher)
        {
            stretcher.Process(packet, _muxer!.WriteStretched);
            packet.Clear();
        }
        else
        {
            _muxer!.WriteCopied(packet);
        }
    }

    /// <summary>After the last packet.</summary>
    public void Finish()
    {
        foreach (SoundStretcher? stretcher in _stretchers)
        {
            stretcher?.Process(null, _muxer!.WriteStretched);
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
