using AdaConv.FFmpeg.Tests.Headers;
using AdaConv.LibAv;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Loading;

public sealed class LibAvLoaderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("adaconv-libav-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_libraries_in_use_are_of_the_release_that_they_say()
    {
        LibAvRelease release = LibAvLibraries.Loaded.Release;

        Assert.Equal(release.AvUtil, (int)(ffmpeg.avutil_version() >> 16));
        Assert.Equal(release.AvCodec, (int)(ffmpeg.avcodec_version() >> 16));
        Assert.Equal(release.AvFormat, (int)(ffmpeg.avformat_version() >> 16));
        Assert.Equal(release.SwScale, (int)(ffmpeg.swscale_version() >> 16));
        Assert.Contains("--", ffmpeg.avutil_configuration(), StringComparison.Ordinal);
        Assert.Contains("GPL", ffmpeg.avcodec_license(), StringComparison.Ordinal);
        Assert.NotEmpty(ffmpeg.av_version_info());
    }

    [Fact]
    public void A_folder_without_libraries_is_named_with_what_is_supported_and_how_to_install_it()
    {
        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([folder]).Load()).Message;

        Assert.Contains("not found", message, StringComparison.Ordinal);
        Assert.Contains(folder, message, StringComparison.Ordinal);
        Assert.Contains("FFmpeg 5.1 (libavutil 57), FFmpeg 6.0 (libavutil 58), FFmpeg 6.1 (libavutil 58), ", message, StringComparison.Ordinal);
        Assert.Contains("Ubuntu 22.04 has 4.4 only", message, StringComparison.Ordinal);
        Assert.Contains("ADACONV_FFMPEG_DIR", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_like_an_empty_one()
    {
        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([Path.Combine(folder, "none")]).Load()).Message;

        Assert.Contains("not found", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(56, "libavutil 56 (FFmpeg 4)", "Ubuntu 22.04 has 4.4 only")]
    [InlineData(62, "libavutil 62 (FFmpeg newer than 9)",
        "install one of these beside the newer FFmpeg, and name the folder of its libraries in ADACONV_FFMPEG_DIR")]
    public void Another_major_is_named_with_what_is_supported_and_what_to_do(int major, string named, string advice)
    {
        MakeLibrary("avutil", major, major, 1);

        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([folder]).Load()).Message;

        Assert.Contains("have no supported version", message, StringComparison.Ordinal);
        Assert.Contains(named + " in " + folder, message, StringComparison.Ordinal);
        Assert.Contains("Supported: FFmpeg 5.1", message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_says_otherwise_than_its_name_is_refused()
    {
        MakeLibrary("avutil", 57, 58, 29);

        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([folder]).Load()).Message;

        Assert.Contains("libavutil 58.29 (FFmpeg 6)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_minor_that_is_older_than_the_layout_is_refused()
    {
        MakeLibrary("avutil", 57, 57, 17);

        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([folder]).Load()).Message;

        Assert.Contains("libavutil 57.17 (FFmpeg before 5.1)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(58, 2, 60, 60, 7, "6.0")]
    [InlineData(58, 28, 60, 60, 7, "6.0")]
    [InlineData(58, 29, 60, 60, 7, "6.1")]
    [InlineData(59, 38, 61, 61, 8, "7.0")]
    [InlineData(59, 39, 61, 61, 8, "7.1")]
    [InlineData(60, 8, 62, 62, 9, "8")]
    [InlineData(60, 26, 62, 62, 9, "8")]
    [InlineData(61, 1, 63, 63, 10, "9")]
    public void The_majors_and_the_minor_of_libavutil_say_which_release_it_is(int util, int minor, int codec, int format, int scale, string name)
    {
        foreach ((string library, int major) in new[] { ("avutil", util), ("avcodec", codec), ("avformat", format), ("swscale", scale) })
        {
            MakeLibrary(library, major, major, library == "avutil" ? minor : 0);
        }

        Assert.Equal(name, new LibAvLoader([folder]).Load().Release.Name);
    }

    [Fact]
    public void A_library_that_is_missing_beside_the_others_is_named()
    {
        MakeLibrary("avutil", 59, 59, 39);
        MakeLibrary("avcodec", 61, 61, 19);

        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([folder]).Load()).Message;

        Assert.Contains(LibAvNames.FileName("avformat", 61) + " is missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_of_FFmpeg_is_named()
    {
        CCompiler.SkipUnlessThere();
        CCompiler.BuildLibrary("int nothing;", Path.Combine(folder, LibAvNames.FileName("avutil", 61)));

        string message = Assert.Throws<LibAvNotFoundException>(() => new LibAvLoader([folder]).Load()).Message;

        Assert.Contains("is not a library of FFmpeg", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_place_that_has_a_whole_release_wins()
    {
        string second = Directory.CreateDirectory(Path.Combine(folder, "second")).FullName;
        MakeLibrary("avutil", 61, 61, 1); // alone: of no use
        foreach ((string library, int major) in new[] { ("avutil", 59), ("avcodec", 61), ("avformat", 61), ("swscale", 8) })
        {
            MakeLibrary(library, major, major, 39, second);
        }

        LoadedLibAv loaded = new LibAvLoader([folder, second]).Load();

        Assert.Equal("7.1", loaded.Release.Name);
        Assert.Equal(second, loaded.Directory);
    }

    [Fact]
    public void A_library_that_is_loaded_late_is_missed_only_then()
    {
        foreach ((string library, int major) in new[] { ("avutil", 57), ("avcodec", 59), ("avformat", 59), ("swscale", 6) })
        {
            MakeLibrary(library, major, major, 28);
        }
        LoadedLibAv loaded = new LibAvLoader([folder]).Load();

        string message = Assert.Throws<LibAvNotFoundException>(() => loaded.HandleOf("avfilter")).Message;

        Assert.Contains(LibAvNames.FileName("avfilter", 8), message, StringComparison.Ordinal);
        Assert.Contains(folder, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_given_by_the_environment_is_the_only_place()
    {
        Assert.Equal([folder], LibAvNames.Places(folder));
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "ffmpeg"), LibAvNames.Places(null)[0]);
        Assert.Equal(AppContext.BaseDirectory, LibAvNames.Places(null)[1]);
    }

    [Fact]
    public void File_names_are_read_back()
    {
        Assert.Equal(57, LibAvNames.AvUtilMajor(LibAvNames.FileName("avutil", 57)));
        Assert.Null(LibAvNames.AvUtilMajor(LibAvNames.FileName("avutil", 57) + ".28.100"));
        Assert.Null(LibAvNames.AvUtilMajor(LibAvNames.FileName("avcodec", 57)));
    }

    private void MakeLibrary(string library, int majorInName, int major, int minor, string? place = null)
    {
        CCompiler.SkipUnlessThere();
        CCompiler.BuildLibrary(
            $"unsigned {library}_version(void) {{ return {major} << 16 | {minor} << 8 | 100; }}",
            Path.Combine(place ?? folder, LibAvNames.FileName(library, majorInName)));
    }
}
