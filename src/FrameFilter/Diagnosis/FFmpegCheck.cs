using System.Diagnostics;
using AdaConv.LibAv;
using FFmpeg.AutoGen;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>FFmpeg's libraries: which, and from where.</summary>
internal sealed class FFmpegCheck : Check
{
    public override string Topic => "FFmpeg";

    /// <summary>How FFmpeg comes onto this system.</summary>
    public static string HowToInstall { get; } =
        OperatingSystem.IsWindows() ? $"set {LibAvLibraries.DirectoryVariable}=C:\\folder\\of\\avcodec-61.dll, from a shared build of FFmpeg 7.1"
        : OperatingSystem.IsMacOS() ? $"brew install ffmpeg@7 && export {LibAvLibraries.DirectoryVariable}=\"$(brew --prefix ffmpeg@7)/lib\""
        : "sudo apt-get install ffmpeg";

    /// <summary>Whether the libraries can be used at all.</summary>
    public static bool IsThere
    {
        get
        {
            try
            {
                return LibAvLibraries.Loaded is not null;
            }
            catch (LibAvNotFoundException)
            {
                return false;
            }
        }
    }

    public override string? Remedy => HowToInstall;

    public override IEnumerable<Finding> Look()
    {
        LoadedLibAv loaded = LibAvLibraries.Loaded;
        string version = ffmpeg.av_version_info();
        _ = ffmpeg.avcodec_version(); // so that it is loaded, and can be found below
        yield return Fine($"{version}, of the supported release {loaded.Release.Name}, from {Source() ?? loaded.Directory ?? "the system's libraries"}");
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
