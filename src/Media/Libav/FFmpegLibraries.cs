using AdaConv.LibAv;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Libav;

/// <summary>FFmpeg's libraries on this machine.</summary>
public static unsafe class FFmpegLibraries
{
    /// <summary>The environment variable that names the only folder to take them from.</summary>
    public const string DirectoryVariable = LibAvLibraries.DirectoryVariable;

    /// <summary>Whether they can be used at all.</summary>
    public static bool AreThere
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

    /// <summary>
    /// Begins to load them on another thread, for what is going to need them: the system's loader takes as long for them, and for the hundred libraries that
    /// they need, as reading the settings takes. That they are missing is told where they are used.
    /// </summary>
    public static void LoadAhead() => Task.Run(() => AreThere);

    /// <summary>Which they are: FFmpeg's version, the supported release that it belongs to, and the folder, null where the system found them.</summary>
    /// <exception cref="MediaException">They are missing.</exception>
    public static (string Version, string Release, string? Folder) Describe()
    {
        LibavLog.Install();
        LoadedLibAv loaded = LibAvLibraries.Loaded;
        string version = ffmpeg.av_version_info();
        _ = ffmpeg.avcodec_version(); // so that it is loaded, and can be found among the process's modules
        return (version, loaded.Release.Name, loaded.Directory);
    }

    /// <summary>Whether there is an encoder of that name.</summary>
    public static bool HasEncoder(string name)
    {
        LibavLog.Install();
        return ffmpeg.avcodec_find_encoder_by_name(name) != null;
    }
}
