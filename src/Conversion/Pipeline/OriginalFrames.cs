using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>A video's own frames, read as every conversion reads them.</summary>
internal sealed class OriginalFrames : IDisposable
{
    private readonly FrameReader _reader;
    private readonly FrameSource? _source;

    /// <summary>Opens a video.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; what concerns its timing does not count.</param>
    /// <param name="pixelFormat">FFmpeg's name of the frames' pixel format; null: the video's own where its samples are integers, else rgb24.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="MediaException">It cannot be read, or not in that format.</exception>
    public OriginalFrames(string path, ConversionOptions options, string? pixelFormat, CancellationToken cancellation)
    {
        options = options with { Timing = new(), ExpectedRate = null, PixelFormat = pixelFormat };
        _reader = FrameReader.Open(path, options.Reading, cancellation);
        try
        {
            ConversionPlan plan = Planner.Plan(_reader, output: null, options);
            plan.ThrowIfRefused();
            Rate = plan.Schedule!.InputRate * new Rational(plan.Schedule.PicturesPerFrame, 1);
            _source = new(_reader, plan, options, new AveragingInterpolator(), new(null, []));
            _reader.DropOthers();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The container.</summary>
    public Demuxer Demuxer => _reader.Demuxer;

    /// <summary>The first frame.</summary>
    public VideoFrame First => _source!.First;

    /// <summary>Nominal frames per second, those of fields among them.</summary>
    public Rational Rate { get; }

    /// <summary>Seconds per tick of the frames' times.</summary>
    public Rational TimeBase => _reader.TimeBase;

    /// <summary>A stage: decodes.</summary>
    public void Decode(CancellationToken cancellation) => _source!.Decode(cancellation);

    /// <summary>Another stage's frames; each is valid until the next.</summary>
    public IEnumerable<SourceFrame> Read(CancellationToken cancellation) => _source!.Originals(cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _source?.Dispose();
        _reader.Dispose();
    }
}
