using AdaConv.Tests.Support;

namespace AdaConv.Tests.Support;

/// <summary>What the command ffmpeg decodes or finds in a file, as one hash a frame or packet.</summary>
public static class FrameHashes
{
    /// <summary>The decoded video frames in order.</summary>
    public static string[] OfVideo(string file, string pixelFormat = "") =>
        [.. Lines(file, $"-map 0:v:0 {(pixelFormat.Length > 0 ? $"-pix_fmt {pixelFormat}" : "")} -fps_mode passthrough").Select(fields => fields[^1])];

    /// <summary>The packets of some streams, with their times in seconds of the stream's own clock.</summary>
    public static (double Time, string Hash)[] OfPackets(string file, string streams) =>
        [.. Packets(file, streams).Select(packet => (packet.Time, packet.Hash))];

    /// <summary>The same by the stream's number among those asked for.</summary>
    public static ILookup<int, (double Time, string Hash)> OfStreams(string file, string streams) =>
        Packets(file, streams).ToLookup(packet => packet.Stream, packet => (packet.Time, packet.Hash));

    private static List<(int Stream, double Time, string Hash)> Packets(string file, string streams)
    {
        string text = FfmpegCommand.Text($"-i '{file}' -map {streams} -c copy -copyts -f framemd5 -");
        Dictionary<string, double> units = [];
        List<(int, double, string)> packets = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("#tb ", StringComparison.Ordinal))
            {
                string[] parts = line[4..].Split(": ");
                string[] fraction = parts[1].Split('/');
                units[parts[0]] = double.Parse(fraction[0]) / double.Parse(fraction[1]);
            }
            else if (line[0] != '#')
            {
                string[] fields = [.. line.Split(',').Select(field => field.Trim())];
                packets.Add((int.Parse(fields[0]), double.Parse(fields[2]) * units[fields[0]], fields[5]));
            }
        }

        return packets;
    }

    private static IEnumerable<string[]> Lines(string file, string arguments) =>
        FfmpegCommand.Text($"-i '{file}' {arguments} -f framemd5 -")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(',').Select(field => field.Trim()).ToArray());
}
