using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Pictures;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>
/// Brings decoded frames into the encoder's pixel format, where the two differ, before anything else is done with them; frames that
/// fit already pass as they are.
/// </summary>
/// <remarks>
/// Formats of equal sample layout are only renamed (yuvj420p → full-range yuv420p); Y, U, V of the same depth change their chroma size
/// through <see cref="FramePlanes"/>, which loses nothing on the way up; the rest goes through swscale with matrix and range set. Frames
/// of another size or range than the first are brought to that, which the output states of all.
/// </remarks>
/// <param name="target">The encoder's pixel format.</param>
/// <param name="first">The first decoded frame, for its size, its range and the shape of its pixels.</param>
/// <param name="limitsRange">Whether full-range Y, U, V is brought to video range, for outputs that can state no other.</param>
/// <param name="message">Told once, where a picture's transparency is lost; null: that is known.</param>
internal sealed unsafe class PixelConverter(PixelLayout target, VideoFrame first, bool limitsRange = false, Action<string>? message = null) : IDisposable
{
    private const int SwScaleFlags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

    private readonly PixelLayout _target = target;
    private readonly int _width = first.Width;
    private readonly int _height = first.Height;
    private readonly AVRational _pixelShape = first.Pointer->sample_aspect_ratio;
    private readonly bool _isFullRange = TargetIsFullRange(target, first, limitsRange);
    private readonly PicturePool _pictures = new();
    private (AVPixelFormat Format, AVColorSpace Space, AVColorRange Range, int Width, int Height)? _source;
    private ScalerContext? _scaler;
    private FramePlanes? _from;
    private FramePlanes? _to;
    private PlanarFrame? _planes;
    private bool _rename;
    private Action<string>? _lost = message;

    /// <summary>Whether a frame must be converted at all.</summary>
    public bool Fits(VideoFrame frame) => frame.Format == _target.Format && HasSize(frame) && HasRange(frame) && !LimitsRangeOf(frame);

    /// <summary>Whether a frame is as large as the first.</summary>
    public bool HasSize(VideoFrame frame) => frame.Width == _width && frame.Height == _height;

    /// <summary>Converts a frame with all its properties; <paramref name="to"/> receives it.</summary>
    /// <exception cref="MediaException">swscale cannot convert this format.</exception>
    public void Convert(VideoFrame from, VideoFrame to)
    {
        Prepare(from);
        if (_lost is not null && !_target.HasAlpha && PixelLayout.Of(from.Format) is { HasAlpha: true } layout && !layout.IsOpaque(from))
        {
            _lost("The video begins opaque and is partly transparent later: that is lost, as the pixel format was chosen by the first picture. "
                + "ffv1 in .mkv, prores_ks in .mov and libvpx-vp9 in .webm keep it, with a --pixel-format that has alpha (yuva420p, yuva444p10le).");
            _lost = null;
        }

        if (_rename)
        {
            to.ReferTo(from);
            to.Pointer->format = (int)_target.Format;
        }
        else
        {
            VideoFrame picture = _pictures.Rent(_width, _height, _target.Format);
            if (_planes is not null)
            {
                _from!.Read(from, _planes);
                _to!.Write(_planes, picture);
            }
            else
            {
                LibavError.Check(sws_scale_frame(_scaler!.Pointer, picture.Pointer, from.Pointer), "Converting a picture's pixel format", null);
            }

            to.ReferTo(picture);
            to.CopyPropertiesFrom(from);
        }

        SetTags(from, to);
        to.Pointer->sample_aspect_ratio = _pixelShape;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scaler?.Dispose();
        _pictures.Dispose();
        _from?.Dispose();
        _to?.Dispose();
        _planes?.Dispose();
    }

    /// <summary>Whether another format's name is all that a picture needs: equal samples, and a range that fits the name.</summary>
    public static bool OnlyRenames(PixelLayout from, bool fullRange, PixelLayout to) =>
        SameSamples(from, to) && (fullRange || !to.IsFullRangeByName);

    private static bool SameSamples(PixelLayout a, PixelLayout b)
    {
        bool same = a.ComponentCount == b.ComponentCount && a.IsRgb == b.IsRgb && a.HasAlpha == b.HasAlpha
            && a.ChromaShiftX == b.ChromaShiftX && a.ChromaShiftY == b.ChromaShiftY;
        for (int c = 0; same && c < a.ComponentCount; c++)
        {
            same = a.Component(c) == b.Component(c);
        }

        return same;
    }

    private static int SwsMatrix(ColorMatrix matrix) => matrix switch
    {
        ColorMatrix.Bt709 => SWS_CS_ITU709,
        ColorMatrix.Bt2020 => SWS_CS_BT2020,
        ColorMatrix.Smpte240M => SWS_CS_SMPTE240M,
        ColorMatrix.Fcc => SWS_CS_FCC,
        _ => SWS_CS_ITU601,
    };

    private void Prepare(VideoFrame from)
    {
        AVFrame* frame = from.Pointer;
        var source = (from.Format, frame->colorspace, frame->color_range, from.Width, from.Height);
        if (_source == source)
        {
            return;
        }

        _source = source;
        _scaler?.Dispose();
        _from?.Dispose();
        _to?.Dispose();
        _planes?.Dispose();
        (_scaler, _from, _to, _planes) = (null, null, null, null);
        PixelLayout? layout = PixelLayout.Of(from.Format);
        bool fullRange = ColorTags.IsFullRange(from);
        _rename = HasSize(from) && layout is not null && OnlyRenames(layout, fullRange, _target)
            && HasRange(from) && !LimitsRangeOf(from);
        if (_rename)
        {
            return;
        }

        bool planes = HasSize(from) && layout is { IsRgb: false, IsGray: false } && !_target.IsRgb && !_target.IsGray
            && layout.Depth == _target.Depth && layout.ComponentCount >= _target.ComponentCount && fullRange == _isFullRange;
        ColorMatrix matrix = ColorTags.Matrix(from);
        if (planes)
        {
            _from = new(layout!, from.Width, from.Height, matrix, fullRange);
            _to = new(_target, from.Width, from.Height, matrix, fullRange);
            _planes = _from.CreatePlanes();
            return;
        }

        // With both ranges from the beginning: swscale would choose to copy samples of the same format.
        int sourceRange = fullRange ? 1 : 0;
        int targetRange = _isFullRange ? 1 : 0;
        _scaler = new((SwsContext*)LibavError.CheckAllocated(sws_alloc_context(), "Converting pictures", null));
        Set("srcw", from.Width);
        Set("srch", from.Height);
        Set("src_format", (int)from.Format);
        Set("src_range", sourceRange);
        Set("dstw", _width);
        Set("dsth", _height);
        Set("dst_format", (int)_target.Format);
        Set("dst_range", targetRange);
        Set("sws_flags", SwScaleFlags);
        if (sws_init_context(_scaler.Pointer, null, null) < 0)
        {
            throw new MediaException(
                "Converting pictures",
                null,
                $"{av_get_pix_fmt_name(from.Format)} cannot be converted to {_target.Name}",
                "Convert the video with another tool first or choose another encoder.",
                0,
                LibavLog.TakeLastLine());
        }

        int* coefficients = sws_getCoefficients(SwsMatrix(matrix == ColorMatrix.Identity ? UntaggedMatrix(from) : matrix));
        int_array4 table = default;
        for (uint i = 0; i < 4; i++)
        {
            table[i] = coefficients[i];
        }

        LibavError.Check(
            sws_setColorspaceDetails(_scaler.Pointer, table, sourceRange, table, targetRange, 0, 1 << 16, 1 << 16),
            "Setting up a colour conversion",
            null);

        void Set(string name, int value) => LibavError.Check(av_opt_set_int(_scaler.Pointer, name, value, 0), "Setting up a colour conversion", null);
    }

    private static ColorMatrix UntaggedMatrix(VideoFrame frame) => ColorTags.Matrix(AVColorSpace.AVCOL_SPC_UNSPECIFIED, frame.Height);

    private bool LimitsRangeOf(VideoFrame from) => limitsRange && ColorTags.IsFullRangeYuv(from);

    // R, G, B that differ in their tag alone pass as they are.
    private bool HasRange(VideoFrame frame) => _target.IsRgb || ColorTags.IsFullRange(frame) == _isFullRange;

    // R, G, B become video-range Y, U, V, as players expect; everything else keeps its range, but for outputs that cannot state it.
    private static bool TargetIsFullRange(PixelLayout target, VideoFrame first, bool limitsRange)
    {
        PixelLayout? layout = PixelLayout.Of(first.Format);
        bool keeps = target.IsGray || (layout is { IsRgb: false, IsGray: false } && !limitsRange);
        return target.IsRgb || target.IsFullRangeByName || (keeps && ColorTags.IsFullRange(first));
    }

    private void SetTags(VideoFrame from, VideoFrame to)
    {
        AVFrame* frame = to.Pointer;
        PixelLayout? source = PixelLayout.Of(from.Format);
        bool isColour = source is { IsRgb: false, IsGray: false };
        frame->color_range = _isFullRange ? AVColorRange.AVCOL_RANGE_JPEG
            : isColour && from.Pointer->color_range == AVColorRange.AVCOL_RANGE_UNSPECIFIED ? AVColorRange.AVCOL_RANGE_UNSPECIFIED
            : AVColorRange.AVCOL_RANGE_MPEG;
        if (_target.IsRgb)
        {
            frame->colorspace = AVColorSpace.AVCOL_SPC_RGB;
        }
        else if (!isColour || frame->colorspace == AVColorSpace.AVCOL_SPC_RGB)
        {
            frame->colorspace = UntaggedMatrix(from) == ColorMatrix.Bt709 ? AVColorSpace.AVCOL_SPC_BT709 : AVColorSpace.AVCOL_SPC_SMPTE170M;
        }
    }
}
