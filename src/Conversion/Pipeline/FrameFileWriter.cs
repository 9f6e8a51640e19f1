using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Frames → a file with nothing but that video.</summary>
internal sealed class FrameFileWriter : IDisposable
{
    private readonly PixelConverter _converter;
    private readonly VideoFrame _frame = new();
    private readonly OutputTarget _file;
    private readonly Muxer? _muxer;
    private readonly VideoEncoder? _encoder;
    private readonly Packet _packet = new();

    /// <summary>Encodes so that every bit is kept.</summary>
    public static readonly ConversionOptions Lossless = new() { Encoder = "ffv1" };

    /// <summary>Begins a file, replacing one of that name at the end.</summary>
    /// <param name="source">The container whose video the frames stand for: its metadata is taken over.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Encoder, container and pixel format, where they are wanted.</param>
    /// <param name="first">The first frame; all are as large.</param>
    /// <param name="timeBase">Seconds per tick of the frames' times.</param>
    /// <param name="rate">Nominal frames per second.</param>
    /// <exception cref="MediaException">The file cannot be written, or no encoder fits.</exception>
    public FrameFileWriter(Demuxer source, string path, ConversionOptions options, VideoFrame first, Rational timeBase, Rational rate)
    {
        try
        {
            ConversionPlan plan = Planner.PlanPictures(first, path, options);
            var treatments = new StreamTreatment[source.StreamCount];
            treatments[source.VideoIndex] = StreamTreatment.Convert;
            _converter = new(PixelLayout.Named(plan.Picture!.PixelFormat)!, first, plan.Picture.LimitsRange);
            _file = OutputTarget.Create(path, [], overwrite: true);
            Adopt(first);
            _muxer = Muxer.Create(source, plan.Container!, treatments, _file);
            _encoder = new(plan.Encoder!, _frame, timeBase, rate, _muxer.WantsGlobalHeader, threads: 0, path);
            _muxer.Open(_encoder, _frame, new CodecContext?[treatments.Length]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Writes a frame, which stays the caller's.</summary>
    public void Write(VideoFrame frame, long timestamp, long duration)
    {
        Adopt(frame);
        _encoder!.Send(_frame, timestamp, duration);
        WritePackets();
    }

    /// <summary>Gives the file its name.</summary>
    public void Finish()
    {
        _encoder!.Send(null, 0, 0);
        WritePackets();
        _muxer!.Finish();
        _file.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packet.Dispose();
        _encoder?.Dispose();
        _muxer?.Dispose();
        _file?.Dispose();
        _frame.Dispose();
        _converter?.Dispose();
    }

    private void Adopt(VideoFrame frame)
    {
        if (_converter.Fits(frame))
        {
            _frame.ReferTo(frame);
        }
        else
        {
            _converter.Convert(frame, _frame);
        }
    }

    private void WritePackets()
    {
        while (_encoder!.Receive(_packet))
        {
            _muxer!.WriteVideo(_packet, _encoder);
        }
    }
}
