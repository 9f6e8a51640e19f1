using System.Globalization;
using System.Text.Json;
using AdaConv.Tests.Support;

namespace AdaConv.Tests.Support;

/// <summary>A video's times as ffprobe sees them after decoding.</summary>
public sealed record VideoTimes(IReadOnlyList<double> Frames, string Rate, double StreamDuration, double ContainerDuration)
{
    public static VideoTimes Of(string file)
    {
        JsonElement root = FfmpegCommand.Probe(
            file,
            "-select_streams v:0 -show_frames -show_streams -show_format -show_entries "
            + "frame=best_effort_timestamp_time:stream=avg_frame_rate,duration:format=duration");
        double[] frames = [.. root.GetProperty("frames").EnumerateArray().Select(frame => Number(frame, "best_effort_timestamp_time"))];
        JsonElement stream = root.GetProperty("streams")[0];
        return new(
            frames,
            stream.GetProperty("avg_frame_rate").GetString()!,
            Number(stream, "duration"),
            Number(root.GetProperty("format"), "duration"));
    }

    private static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : double.NaN;
}
