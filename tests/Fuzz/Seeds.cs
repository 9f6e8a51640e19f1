namespace AdaConv.Fuzz;

/// <summary>Real small clips, of the codecs and containers that the FFmpeg here writes; made once and kept in a folder.</summary>
internal static class Seeds
{
    private const string Sound = "-f lavfi -i sine=sample_rate=44100";

    // Some codings take only certain sizes.
    private static readonly string[] Sizes = ["64x48", "128x96", "176x144", "720x576"];

    private static readonly string[] Containers =
    [
        "mp4", "mov", "m4v", "3gp", "3g2", "f4v", "ismv", "mkv", "webm", "avi", "ts", "m2ts", "mpg", "vob", "flv", "asf", "wmv", "ogv", "mxf", "gxf",
        "nut", "ivf", "y4m", "h264", "hevc", "obu", "mjpeg", "h261", "h263", "vc1", "vc2", "dnxhd", "cavs", "dv", "rm", "gif", "apng", "swf", "roq",
        "cpk", "amv", "wtv", "m1v", "m2v", "smjpeg", "avif",
    ];

    // A fragmented and a streamed MP4, text and chapters, and what else the names do not tell.
    private static readonly Dictionary<string, string> Special = new()
    {
        ["fragmented.mp4"] = Sound + " -t 0.4 -c:v libx264 -g 3 -preset ultrafast -c:a aac -movflags frag_keyframe+empty_moov",
        ["faststart.mp4"] = Sound + " -t 0.4 -c:v libx264 -bf 2 -preset ultrafast -c:a aac -movflags faststart -use_editlist 1",
        ["sound.mkv"] = Sound + " -t 0.4 -c:v libx264 -bf 2 -preset ultrafast -c:a libvorbis",
        ["hevc.mp4"] = "-t 0.4 -c:v libx265 -preset ultrafast -x265-params log-level=none",
        ["vp9.webm"] = Sound + " -t 0.4 -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus -ar 48000",
        ["interlaced.ts"] = Sound + " -t 0.4 -c:v mpeg2video -flags +ildct+ilme -top 1 -c:a mp2",
        ["rotated.mov"] = "-t 0.4 -c:v mpeg4 -metadata:s:v rotate=90",
        ["ten.mkv"] = "-t 0.4 -c:v ffv1 -pix_fmt yuv420p10le",
        ["variable.mkv"] = "-t 0.8 -vf select='not(eq(mod(n\\,7)\\,3))' -fps_mode vfr -c:v mpeg4",
        ["alpha.mov"] = "-t 0.4 -c:v qtrle -pix_fmt argb",
        ["smjpeg.mjpg"] = "-t 0.4 -c:v mjpeg -f smjpeg",
    };

    /// <summary>Those that the short run takes: a container each, and codings of every family.</summary>
    private static readonly string[] Few =
    [
        "fragmented.mp4", "faststart.mp4", "sound.mkv", "vp9.webm", "interlaced.ts", "rotated.mov", "variable.mkv", "container.avi", "container.flv",
        "container.ogv", "container.mxf", "container.mpg", "container.gif", "container.h264", "container.wmv", "container.nut", "codec-huffyuv.avi",
    ];

    /// <summary>Makes what is missing.</summary>
    /// <param name="folder">Where they are kept.</param>
    /// <param name="all">All, or the few of the short run.</param>
    /// <returns>Their paths, always in the same order.</returns>
    public static string[] Make(string folder, bool all)
    {
        Directory.CreateDirectory(folder);
        string[] names = all
            ? [.. Special.Keys, .. Containers.Select(extension => $"container.{extension}"), .. Encoders().SelectMany(Codec)]
            : Few;
        HashSet<string> done = [];
        List<string> made = [];
        foreach (string name in names)
        {
            string path = Path.Combine(folder, name), none = path + ".none";
            string coding = name.Split('.')[0];
            bool isCodec = coding.StartsWith("codec-", StringComparison.Ordinal);
            if ((isCodec && done.Contains(coding)) || (!File.Exists(path) && File.Exists(none)))
            {
                continue;
            }

            if (File.Exists(path) || TryMake(path, name))
            {
                done.Add(coding);
                made.Add(path);
            }
            else
            {
                File.WriteAllText(none, "This FFmpeg does not write it.");
            }
        }

        return [.. made];
    }

    /// <summary>Bare video whose size and pixel format change amid it, and the same in containers.</summary>
    public static string[] MakeChanging(string folder, bool all)
    {
        List<string> made = [];
        foreach ((string codec, string extension, string other) in (ReadOnlySpan<(string, string, string)>)
            [("libx264", "h264", "yuv444p"), ("mpeg2video", "m2v", "yuv422p"), ("mjpeg", "mjpeg", "yuvj444p"), ("mpeg4", "m4v", "yuv420p"),
                ("libx265", "hevc", "yuv420p10le"), ("mpeg2video", "ts", "yuv422p"), ("libx264", "ts", "yuv444p")])
        {
            string path = Path.Combine(folder, $"changing-{codec}.{extension}");
            if (!File.Exists(path))
            {
                string first = Path.Combine(folder, "first." + extension), second = Path.Combine(folder, "second." + extension);
                string quiet = codec == "libx265" ? "-x265-params log-level=none" : "";
                _ = Ffmpeg.Run([.. $"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.3 -c:v {codec} {quiet}".Words(), first]);
                _ = Ffmpeg.Run([.. $"-f lavfi -i testsrc2=size=144x96:rate=25 -t 0.3 -pix_fmt {other} -c:v {codec} {quiet}".Words(), second]);
                File.WriteAllBytes(path, [.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)]);
                File.Delete(first);
                File.Delete(second);
            }

            made.Add(path);
            if (!all && made.Count == 2)
            {
                break;
            }
        }

        return [.. made];
    }

    private static bool TryMake(string path, string name)
    {
        string partial = Path.Combine(Path.GetDirectoryName(path)!, "partial" + Path.GetExtension(path));
        string coding = Special.TryGetValue(name, out string? special) ? special
            : name.StartsWith("codec-", StringComparison.Ordinal) ? $"-t 0.4 -strict experimental -c:v {Path.GetFileNameWithoutExtension(name)[6..]}"
            : Sound + " -t 0.4 -strict experimental";
        foreach (string size in Sizes)
        {
            foreach (string words in (string[])[coding, coding.Replace(Sound, "", StringComparison.Ordinal)])
            {
                if (Ffmpeg.Run([.. $"-f lavfi -i testsrc2=size={size}:rate=25 {words}".Words(), partial]) && new FileInfo(partial).Length > 0)
                {
                    File.Move(partial, path, overwrite: true);
                    return true;
                }
            }
        }

        File.Delete(partial);
        return false;
    }

    // The first of these containers that takes the coding.
    private static IEnumerable<string> Codec(string encoder) => new[] { "mov", "mkv", "avi", "nut" }.Select(extension => $"codec-{encoder}.{extension}");

    private static IEnumerable<string> Encoders() => Ffmpeg.Start("ffmpeg", ["-hide_banner", "-encoders"]).Output.Split('\n')
        .Where(line => line.StartsWith(" V", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
        .Where(name => !name.Contains("_v4l2", StringComparison.Ordinal) && !name.Contains("nvenc", StringComparison.Ordinal)
            && !name.Contains("_qsv", StringComparison.Ordinal) && !name.Contains("_vaapi", StringComparison.Ordinal)
            && !name.Contains("_omx", StringComparison.Ordinal));

    private static string[] Words(this string text) => text.Replace("'", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
