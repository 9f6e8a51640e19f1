using System.Globalization;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>A video's HDR10 data in the words of encoders that do not take it from the frames by themselves.</summary>
internal static unsafe class MasteringDisplay
{
    /// <summary>x265's parameters, each led by a colon; "" where the frame has no such data.</summary>
    /// <remarks>Chromaticities count in 0.00002, luminances in 0.0001 cd/m² (SMPTE ST 2086 as in H.265 D.2.28).</remarks>
    public static string X265Parameters(VideoFrame frame)
    {
        string parameters = "";
        AVFrameSideData* mastering =
            av_frame_get_side_data(frame.Pointer, AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
        if (mastering != null)
        {
            AVMasteringDisplayMetadata* display = (AVMasteringDisplayMetadata*)mastering->data;
            if (display->has_primaries != 0 && display->has_luminance != 0)
            {
                // Three primaries (red, green, blue), then the white point, each x and y; then luminance: ten fractions in a row.
                AVRational* values = (AVRational*)mastering->data;
                string Point(int index) => $"({Count(values[index], 50000)},{Count(values[index + 1], 50000)})";
                parameters += $":master-display=G{Point(2)}B{Point(4)}R{Point(0)}WP{Point(6)}"
                    + $"L({Count(display->max_luminance, 10000)},{Count(display->min_luminance, 10000)})";
            }
        }

        AVFrameSideData* light = av_frame_get_side_data(frame.Pointer, AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
        if (light != null)
        {
            AVContentLightMetadata* level = (AVContentLightMetadata*)light->data;
            parameters += string.Create(CultureInfo.InvariantCulture, $":max-cll={level->MaxCLL},{level->MaxFALL}");
        }

        return parameters.Length == 0 ? "" : ":hdr10=1:repeat-headers=1" + parameters;
    }

    private static string Count(AVRational value, int unitsPerOne) =>
        value.den == 0 ? "0" : Rational.Rescale(value.num, new(1, value.den), new(1, unitsPerOne)).ToString(CultureInfo.InvariantCulture);
}
