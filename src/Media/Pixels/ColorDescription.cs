using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>A picture's colour tags by FFmpeg's names; null where there is none.</summary>
/// <param name="Range">tv or pc.</param>
/// <param name="Matrix">The matrix between R'G'B' and Y'CbCr.</param>
/// <param name="Primaries">The primaries.</param>
/// <param name="Transfer">The transfer.</param>
/// <param name="ChromaLocation">Where chroma samples lie.</param>
public sealed record ColorDescription(string? Range, string? Matrix, string? Primaries, string? Transfer, string? ChromaLocation)
{
    /// <summary>A frame's tags.</summary>
    public static unsafe ColorDescription Of(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        AVFrame* picture = frame.Pointer;
        return new(
            Tag(av_color_range_name(picture->color_range)),
            Tag(av_color_space_name(picture->colorspace)),
            Tag(av_color_primaries_name(picture->color_primaries)),
            Tag(av_color_transfer_name(picture->color_trc)),
            Tag(av_chroma_location_name(picture->chroma_location)));
    }

    private static string? Tag(string? name) => name is null or "unknown" or "unspecified" or "reserved" ? null : name;
}
