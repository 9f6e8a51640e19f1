using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>The video encoders of this FFmpeg that presets and containers ask for.</summary>
internal sealed class EncoderCheck : Check
{
    // By software; then by graphics hardware, which a build may know without a device being there.
    private static readonly string[] Software = ["libx264", "libx265", "libsvtav1", "libaom-av1", "libvpx-vp9", "ffv1", "prores_ks", "mpeg4"];

    private static readonly string[] Hardware =
    [
        "h264_nvenc", "hevc_nvenc", "av1_nvenc", "h264_qsv", "hevc_qsv", "av1_qsv", "h264_amf", "hevc_amf", "av1_amf", "h264_videotoolbox",
        "hevc_videotoolbox",
    ];

    public override string Topic => "encoders";

    public override string? Remedy => FFmpegCheck.HowToInstall;

    public override IEnumerable<Finding> Look()
    {
        if (!FFmpegLibraries.AreThere)
        {
            yield break; // told already
        }

        string[] found = [.. Software.Where(FFmpegLibraries.HasEncoder)], missing = [.. Software.Except(found)];
        string rest = missing.Length == 0 ? string.Empty : $"; without {string.Join(", ", missing)}";
        yield return found.Length == 0 ? Missing("this FFmpeg has none of the usual video encoders", Remedy)
            : missing.Contains("libx264") ? Note($"{string.Join(", ", found)}{rest}: another one will encode .mp4", Remedy)
            : Fine(string.Join(", ", found) + rest);
        string[] hardware = [.. Hardware.Where(FFmpegLibraries.HasEncoder)];
        if (hardware.Length > 0)
        {
            yield return Note($"built in for graphics cards, usable with the card and its driver: {string.Join(", ", hardware)}");
        }
    }
}
