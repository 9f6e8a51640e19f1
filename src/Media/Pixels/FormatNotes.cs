using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>What is said of a video whose pixel format becomes another one: what of it is lost, and who plays the new one.</summary>
internal static unsafe class FormatNotes
{
    /// <summary>Of whole chroma in codings that players decode in hardware.</summary>
    public const string FewPlayers = "few hardware players support it";

    /// <summary>What follows the names of both formats: sentences, each behind a blank; empty where there is nothing to say.</summary>
    /// <param name="source">The video's pixel format.</param>
    /// <param name="chosen">The encoder's.</param>
    /// <param name="coding">FFmpeg's name of the coding.</param>
    /// <param name="takesEvenChroma">Whether the encoder takes formats of smaller chroma at the picture's size.</param>
    /// <param name="withAlpha">The nearest format of the encoder's that keeps transparency; null where it has none.</param>
    public static string Of(AVPixelFormat source, PixelLayout chosen, string coding, bool takesEvenChroma, PixelLayout? withAlpha)
    {
        AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(source);
        if (descriptor == null)
        {
            return "";
        }

        int depth = descriptor->comp[0].depth;
        string notes = depth > chosen.Depth ? $" Of {depth} bits a sample, {chosen.Depth} are kept." : "";
        bool isGray = descriptor->nb_components < 3 && (descriptor->flags & AV_PIX_FMT_FLAG_PAL) == 0;
        bool isRgb = (descriptor->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
        int shiftX = isRgb ? 0 : descriptor->log2_chroma_w, shiftY = isRgb ? 0 : descriptor->log2_chroma_h;
        if (!isGray && !chosen.IsGray && (chosen.ChromaShiftX > shiftX || chosen.ChromaShiftY > shiftY))
        {
            notes += " Colours are stored more coarsely.";
        }
        else if (!isGray && !chosen.IsGray && IsRareInHardware(chosen, coding) && (isRgb || chosen.ChromaShiftX < shiftX || chosen.ChromaShiftY < shiftY))
        {
            string usual = chosen.Depth > 8 && coding is not "h264" ? "yuv420p10le" : "yuv420p";
            notes += $" Colours are stored at full size, but {FewPlayers}" + (takesEvenChroma ? $"; --pixel-format {usual} suits most." : ".");
        }

        if ((descriptor->flags & AV_PIX_FMT_FLAG_ALPHA) != 0 && !chosen.HasAlpha)
        {
            notes += " Transparency, where the video has any, is lost" + (withAlpha is null ? "." : $"; --pixel-format {withAlpha.Name} keeps it.");
        }

        return notes;
    }

    private static bool IsRareInHardware(PixelLayout format, string coding) =>
        coding is "h264" or "hevc" or "vp9" or "av1" && (format.IsRgb || (format.ChromaShiftX, format.ChromaShiftY) != (1, 1));
}
