using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>A video's own frames, read as every conversion reads them.</summary>
internal sealed class OriginalFrames : IDisposable
{
    private readonly FrameSource _source;

    /// <summary>Opens a video.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="format">The first decoded frame → the pixel format of all frames.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public OriginalFrames(string path, ConversionOptions options, Func<VideoFrame, PixelLayout> format, CancellationToken cancellation)
    {
        Demuxer = Demuxer.Open(path, cancellation: cancellation);
        try
        {
            ConversionOptions reading = options with { SceneCutDetection = false, Timing = new(), ExpectedRate = null, PictureRate = null };
            _source = new(Demuxer, reading, new(null), progress: null, cancellation);
            First = _source.Begin(format(_source.FirstPicture), new AveragingInterpolator());
            _source.Reader.SendOthersTo(packet => packet.Clear());
        }
        catch
        {
            _source?.Dispose();
            Demuxer.Dispose();
            throw;
        }
    }

    /// <summary>The container.</summary>
    public Demuxer Demuxer { get; }

    /// <summary>The first frame.</summary>
    public VideoFrame First { get; }

    /// <summary>Nominal frames per second.</summary>
    public Rational Rate => _source.Rate;

    /// <summary>A stage: decodes.</summary>
    public void Decode(CancellationToken cancellation) => _source.Decode(cancellation);

    /// <summary>Another stage's frames; each is valid until the next.</summary>
    public IEnumerable<SourceFrame> Read(CancellationToken cancellation)
    {
        foreach (SourceFrame frame in _source.Originals(cancellation))
        {
            yield return frame;
            _source.Return(frame.Frame);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        Demuxer.Dispose();
    }
}
