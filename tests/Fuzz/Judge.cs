using System.Globalization;
using System.Text.Json;

namespace AdaConv.Fuzz;

/// <summary>Whether what a command did is right.</summary>
internal static class Judge
{
    /// <summary>The exit codes of docs/exit-codes.md that a command without a signal or a closed pipe may return.</summary>
    private static readonly int[] Codes = [0, 1, 2];

    /// <summary>Judges by the process, its words and its exit code alone.</summary>
    /// <returns>The outcome, and what is wrong; null where nothing is.</returns>
    public static (Outcome Outcome, string? Problem) Words(Answer? answer, Death death, string native)
    {
        if (death != Death.None || answer is null)
        {
            string last = native.Length == 0 ? "" : $": {native.Trim().Split('\n')[^1]}";
            return death switch
            {
                Death.Hang => (Outcome.Hang, $"no end after {WorkerProcess.MostSeconds} s{last}"),
                Death.Memory => (Outcome.Memory, $"more than 3 GiB{(answer is null ? "" : $", {answer.PeakKilobytes >> 10} MiB")}"),
                _ => (Outcome.Crash, $"the process died{last}"),
            };
        }

        string all = answer.Error + answer.Output;
        if (all.Contains("Internal error", StringComparison.Ordinal) || all.Contains("   at AdaConv", StringComparison.Ordinal)
            || all.Contains("Unhandled exception", StringComparison.Ordinal))
        {
            return (Outcome.Internal, all.Split('\n').First(line => line.Contains("nternal error", StringComparison.Ordinal)
                || line.Contains("   at ", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal)));
        }

        if (!Codes.Contains(answer.Code))
        {
            return (Outcome.Wordless, $"exit code {answer.Code}");
        }

        return answer.Code == 0 ? (Outcome.Used, null)
            : all.Trim().Length < 20 ? (Outcome.Wordless, $"exit code {answer.Code} and no reason")
            : (Outcome.Refused, null);
    }

    /// <summary>Judges an output that was told to be complete: FFmpeg decodes it, it has the frames that were told, and their times increase.</summary>
    /// <param name="output">The output.</param>
    /// <param name="error">The events (--progress json).</param>
    /// <param name="doubles">Whether N frames must have become 2N.</param>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Output(string output, string error, bool doubles)
    {
        JsonElement done = error.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)
            .LastOrDefault(line => line.GetProperty("event").GetString() == "done");
        if (done.ValueKind == JsonValueKind.Undefined)
        {
            return "success, and no event 'done'";
        }

        long read = done.GetProperty("framesIn").GetInt64(), written = done.GetProperty("framesOut").GetInt64();
        if (doubles && written != 2 * read)
        {
            return $"{read} frames gave {written}";
        }

        if (!File.Exists(output))
        {
            return "success, and no output";
        }

        // Each line that is no remark: stream, decoding time, time, duration, size, hash. Sound is copied as it is, damaged or not, and not decoded.
        string[] reading = ["-nostdin", "-v", "error", "-copyts", .. IsStream(output), "-i", output, "-map", "0:v:0"];
        (int code, string text, string errors) = Ffmpeg.Start(
            "ffmpeg", [.. reading, "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framecrc", "-"]);
        if (code != 0)
        {
            return $"ffmpeg does not decode the output: {errors.Trim().Split('\n')[^1]}";
        }

        long[] times = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => long.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];
        if (times.Length != written)
        {
            return $"{written} frames were told, {times.Length} can be decoded {errors.Trim().Split('\n')[^1]}";
        }

        for (int i = 1; i < times.Length; i++)
        {
            // Matroska counts milliseconds, transport streams ninetieths of one: frames that are closer share one.
            if (times[i] < times[i - 1] || (times[i] == times[i - 1] && Path.GetExtension(output) is not (".mkv" or ".ts")))
            {
                return $"frame {i} is shown at {times[i]}, the one before at {times[i - 1]}";
            }
        }

        return null;
    }

    /// <summary>The video's frames as ffmpeg decodes them, with their times; its error where it does not.</summary>
    public static string Frames(string path)
    {
        (int code, string text, string errors) = Ffmpeg.Start("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:v:0", "-f", "framecrc", "-"]);
        return code == 0 ? text : errors;
    }

    // A transport stream of a few packets is too short to be known as one.
    private static string[] IsStream(string output) => Path.GetExtension(output) == ".ts" ? ["-f", "mpegts"] : [];
}
