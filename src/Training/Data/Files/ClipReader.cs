using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AdaConv.Training.Data.Files;

/// <summary>Decodes a clip to planar 8-bit RGB through the ffmpeg program, which every installation of FFmpeg's libraries brings along.</summary>
/// <remarks>Training never writes video and reads each clip once; a process and a pipe are all it needs of FFmpeg.</remarks>
public static class ClipReader
{
    private static volatile bool _programsFound;

    /// <summary>The extensions of files that are taken for clips.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".m4v", ".y4m"];

    /// <summary>The size of a clip's frames as they would be shown (rotation applied).</summary>
    /// <exception cref="TrainingException">ffprobe is missing, or the file holds no video that it can read.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        ClipInfo clip = Probe(path);
        return (clip.Width, clip.Height);
    }

    /// <summary>Asks ffprobe about a clip.</summary>
    /// <exception cref="TrainingException">ffprobe is missing, or the file holds no video that it can read.</exception>
    public static ClipInfo Probe(string path)
    {
        using Process process = Start("ffprobe",
        [
            "-v", "error", "-select_streams", "v:0", "-show_entries",
            "stream=width,height,codec_name,bit_rate,avg_frame_rate:stream_side_data=rotation:format=bit_rate", "-of", "json", path,
        ]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        try
        {
            JsonElement root = JsonDocument.Parse(output).RootElement, stream = root.GetProperty("streams")[0];
            int width = stream.GetProperty("width").GetInt32(), height = stream.GetProperty("height").GetInt32();
            bool turned = stream.TryGetProperty("side_data_list", out JsonElement list)
                && list.EnumerateArray().Any(data => data.TryGetProperty("rotation", out JsonElement angle) && angle.GetDouble() % 180 != 0);
            double? bits = Number(stream, "bit_rate") ?? Number(root.GetProperty("format"), "bit_rate");
            double? perPixel = bits / ((double)width * height * FrameRate(stream));
            return new ClipInfo(turned ? height : width, turned ? width : height, stream.GetProperty("codec_name").GetString() ?? "", perPixel);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw new TrainingException($"Reading the clip {path} failed: it has no video that can be decoded. {errors.Result.Trim()}", exception);
        }

        static double? Number(JsonElement of, string name) =>
            of.TryGetProperty(name, out JsonElement value)
                && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number : null;

        static double? FrameRate(JsonElement stream) =>
            stream.TryGetProperty("avg_frame_rate", out JsonElement value) && value.GetString()?.Split('/') is [var over, var under]
            && double.TryParse(over, NumberStyles.Float, CultureInfo.InvariantCulture, out double frames)
            && double.TryParse(under, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && frames > 0 && seconds > 0
                ? frames / seconds : null;
    }

    /// <summary>Makes sure that the programs are there; asked once.</summary>
    /// <exception cref="TrainingException">ffmpeg or ffprobe is missing.</exception>
    public static void RequirePrograms()
    {
        if (_programsFound)
        {
            return;
        }

        foreach (string program in (string[])["ffmpeg", "ffprobe"])
        {
            using Process process = Start(program, ["-v", "quiet", "-version"]);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }

        _programsFound = true;
    }

    /// <summary>The clip's mean frame rate, as ffprobe writes it: a fraction such as 24000/1001.</summary>
    /// <exception cref="TrainingException">ffprobe is missing, or the file tells no rate.</exception>
    public static string ReadRate(string path)
    {
        using Process process = Start("ffprobe",
            ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=avg_frame_rate,r_frame_rate", "-of", "default=nw=1:nk=1", path]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] rates = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return rates.Reverse().FirstOrDefault(rate => rate.Split('/') is [var number, var unit] && number != "0" && unit != "0")
            ?? throw new TrainingException($"Reading the clip {path} failed: it states no frame rate. {errors.Result.Trim()}");
    }

    /// <summary>Decodes frames in order, each as planes G, B, R of <paramref name="width"/> × <paramref name="height"/> bytes.</summary>
    /// <param name="path">The clip.</param>
    /// <param name="width">Width to scale to (area averaging where smaller).</param>
    /// <param name="height">Height to scale to.</param>
    /// <param name="limit">Frames at most.</param>
    /// <returns>The same buffer each time; copy what is to stay.</returns>
    /// <exception cref="TrainingException">ffmpeg is missing or decodes nothing.</exception>
    public static IEnumerable<byte[]> ReadFrames(string path, int width, int height, int limit) => ReadFrames(path, ReadSize(path), width, height, limit);

    /// <summary>Decodes frames in the same way where the clip's own size is known.</summary>
    /// <param name="path">The clip.</param>
    /// <param name="size">Its own size.</param>
    /// <param name="width">Width to scale to (area averaging where smaller).</param>
    /// <param name="height">Height to scale to.</param>
    /// <param name="limit">Frames at most.</param>
    /// <returns>The same buffer each time; copy what is to stay.</returns>
    /// <exception cref="TrainingException">ffmpeg is missing or decodes nothing.</exception>
    public static IEnumerable<byte[]> ReadFrames(string path, (int Width, int Height) size, int width, int height, int limit)
    {
        // At the clip's own size nothing is scaled: swscale would take RGB through YUV and back.
        string[] scaling = size == (width, height)
            ? []
            : ["-vf", string.Create(CultureInfo.InvariantCulture, $"scale={width}:{height}:flags=area+accurate_rnd+full_chroma_int")];
        using Process process = Start("ffmpeg",
        [
            "-nostdin", "-v", "error", "-threads", "2", "-i", path, "-map", "0:v:0", .. scaling, "-sws_flags", "accurate_rnd+full_chroma_int",
            "-fps_mode", "passthrough", "-frames:v", limit.ToString(CultureInfo.InvariantCulture), "-f", "rawvideo", "-pix_fmt", "gbrp", "-",
        ]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        byte[] frame = new byte[3 * width * height];
        bool any = false;
        try
        {
            while (process.StandardOutput.BaseStream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
            {
                any = true;
                yield return frame;
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        if (!any)
        {
            throw new TrainingException($"Decoding the clip {path} failed: {errors.Result.Trim()}");
        }
    }

    /// <summary>Starts one of FFmpeg's programs with its outputs redirected.</summary>
    internal static Process Start(string program, IEnumerable<string> arguments, bool redirectInput = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new TrainingException($"The program {program} could not be started; install FFmpeg and put it on the PATH.", exception);
        }
    }
}

/// <summary>What ffprobe says of a clip's first video stream.</summary>
/// <param name="Width">Width of its frames as they would be shown (rotation applied).</param>
/// <param name="Height">Height of its frames as they would be shown.</param>
/// <param name="Codec">FFmpeg's name of the codec.</param>
/// <param name="BitsPerPixel">Encoded bits a pixel; null where rate or bit rate are unknown.</param>
public sealed record ClipInfo(int Width, int Height, string Codec, double? BitsPerPixel);
