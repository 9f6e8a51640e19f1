using System.Collections.Immutable;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>Frames → a file with nothing but that video.</summary>
internal sealed unsafe class FrameWriter : IDisposable
{
    private readonly OutputTarget _file;
    private readonly Muxer _muxer;
    private readonly VideoEncoder _encoder;
    private readonly Packet _packet = new();

    /// <summary>The encoder that keeps every bit.</summary>
    public const string Lossless = "ffv1";

    /// <summary>Begins a file, replacing one of that name at the end.</summary>
    /// <param name="source">The container whose video the frames stand for: its metadata is taken over.</param>
    /// <param name="path">The file.</param>
    /// <param name="encoder">FFmpeg's name, null for the container's usual one.</param>
    /// <param name="first">The first frame, in a format that the encoder takes.</param>
    /// <param name="timeBase">Seconds per tick of the frames' times.</param>
    /// <param name="rate">Nominal frames per second.</param>
    public FrameWriter(Demuxer source, string path, string? encoder, VideoFrame first, Rational timeBase, Rational rate)
    {
        AVOutputFormat* container = ContainerChoice.Find(null, path);
        AVCodec* codec = EncoderChoice.Find(encoder, HardwareAcceleration.None, container, path, _ => { });
        var plan = new StreamTreatment[source.StreamCount];
        plan[source.VideoIndex] = StreamTreatment.Convert;
        _file = OutputTarget.Create(path, [], overwrite: true);
        _muxer = Muxer.Create(source, container, plan, _file);
        EncoderSettings settings = new(null, null, 0, ImmutableDictionary<string, string>.Empty);
        _encoder = new(codec, first, timeBase, rate, _muxer.WantsGlobalHeader, settings, path);
        _muxer.Open(_encoder, first, new SoundStretcher?[plan.Length]);
    }

    /// <summary>The pixel format in which <see cref="Lossless"/> keeps frames like this one.</summary>
    public static PixelLayout LosslessFormat(VideoFrame frame, string path)
    {
        AVOutputFormat* container = ContainerChoice.Find(null, path);
        return EncoderChoice.ChooseFormat(EncoderChoice.Find(Lossless, HardwareAcceleration.None, container, path, _ => { }), container, frame, null, path, _ => { });
    }

    /// <summary>Writes a frame, which stays the caller's.</summary>
    public void Write(VideoFrame frame, long timestamp, long duration)
    {
        _encoder.Send(frame, timestamp, duration);
        WritePackets();
    }

    /// <summary>Gives the file its name.</summary>
    public void Finish()
    {
        _encoder.Send(null, 0, 0);
        WritePackets();
        _muxer.Finish();
        _file.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packet.Dispose();
        _encoder.Dispose();
        _muxer.Dispose();
        _file.Dispose();
    }

    private void WritePackets()
    {
        while (_encoder.Receive(_packet))
        {
            _muxer.WriteVideo(_packet, _encoder);
        }
    }
}
