using System.Diagnostics;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>FFmpeg's libraries: which, and from where.</summary>
internal sealed class FFmpegCheck : Check
{
    public override string Topic => "FFmpeg";

    /// <summary>How FFmpeg comes onto this system.</summary>
    public static string HowToInstall { get; } =
        OperatingSystem.IsWindows() ? $"set {FFmpegLibraries.DirectoryVariable}=C:\\folder\\of\\avcodec-62.dll, from a shared build of FFmpeg 8"
        : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
        : "sudo apt-get install ffmpeg";

    public override string? Remedy => HowToInstall;

    public override IEnumerable<Finding> Look()
    {
        (string version, string release, string? folder) = FFmpegLibraries.Describe();
        yield return Fine($"{version}, of the supported release {release}, from {Source() ?? folder ?? "the system's libraries"}");
    }

    // The file that the system took, which its own search does not tell.
    private static string? Source()
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .FirstOrDefault(file => Path.GetFileName(file).Contains("avcodec", StringComparison.OrdinalIgnoreCase));
    }
}
