namespace AdaConv.LibAv;

/// <summary>The FFmpeg libraries of this process: found once, at first use.</summary>
public static class LibAvLibraries
{
    /// <summary>The environment variable that names the only folder to take the libraries from.</summary>
    public const string DirectoryVariable = "ADACONV_FFMPEG_DIR";

    private static readonly Lazy<LoadedLibAv> loaded = new(() =>
    {
        if (!Environment.Is64BitProcess)
        {
            throw new LibAvNotFoundException("FFmpeg's libraries can be used from a 64-bit process only.");
        }
        string? forced = Environment.GetEnvironmentVariable(DirectoryVariable);
        LoadedLibAv found = new LibAvLoader(LibAvNames.Places(string.IsNullOrWhiteSpace(forced) ? null : forced)).Load();
#if FFMPEG_PACKAGE
        FFmpeg.AutoGen.ffmpeg.RootPath = found.Directory ?? "";
        FFmpeg.AutoGen.DynamicallyLoadedBindings.Initialize();
#endif
        return found;
    });

    /// <summary>
    /// The libraries, loaded now if they were not: from the folder named by <see cref="DirectoryVariable"/>, or else the folder ffmpeg
    /// beside the application, the application's folder, and the system's libraries (on Windows, the folders of PATH).
    /// </summary>
    /// <remarks>With the FFmpeg.AutoGen package in place of the built-in binding, to be read before its first function is called.</remarks>
    /// <exception cref="LibAvNotFoundException">None of a supported version is there.</exception>
    public static LoadedLibAv Loaded => loaded.Value;

    /// <summary>For the runtime: the handle of a library of FFmpeg, or 0 for any other.</summary>
    internal static nint HandleOf(string library) =>
        library is "avutil" or "avcodec" or "avformat" or "avfilter" or "swresample" or "swscale" ? Loaded.HandleOf(library) : 0;
}
