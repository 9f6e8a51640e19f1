using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Video that players turn: where the output cannot say so, its pictures are turned.</summary>
public sealed class RotationTests : IDisposable
{
    private const string Lossless = "-c:v libx264 -preset ultrafast -qp 0";

    private static readonly ConversionOptions options = Converter.Fast with
    {
        EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("qp", "0"),
    };

    // Of right angles, clockwise, and then the same mirrored left to right before.
    private static readonly int[][] turns =
    [
        [1, 0, 0, 1], [0, 1, -1, 0], [-1, 0, 0, -1], [0, -1, 1, 0], [-1, 0, 0, 1], [0, -1, -1, 0], [1, 0, 0, -1], [0, 1, 1, 0],
    ];

    // What ffmpeg shows of the clip that is turned, which is the same for every container of the output.
    private static readonly ConcurrentDictionary<int, string[]> shownByTurn = [];

    private readonly ClipFolder _folder = new();

    public static TheoryData<string, int> Everywhere =>
    [
        .. from container in new[] { "mp4", "mkv" } from turn in Enumerable.Range(1, 7) select (container, turn),
        .. from container in new[] { "mov", "m4v", "3gp", "3g2", "f4v", "ts", "avi", "flv", "nut" } from turn in new[] { 1, 6 } select (container, turn),
    ];

    public void Dispose() => _folder.Dispose();

    /// <remarks>What ffmpeg shows of input and output is compared, so it does not matter who turns.</remarks>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Players_show_the_output_as_they_show_the_input(string extension, int turn)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=98x66:r=25 -frames:v 3 -vf setsar=4/3 {Lossless} {_folder["in.mp4"]}");
        SetMatrix(_folder["in.mp4"], turns[turn]);
        string[] shown = shownByTurn.GetOrAdd(turn, _ => FrameHashes.OfVideo(_folder["in.mp4"]));

        ConversionResult result = Converter.Run(_folder["in.mp4"], _folder[$"out.{extension}"], options);

        string[] after = FrameHashes.OfVideo(_folder[$"out.{extension}"]);
        Assert.Equal(6, after.Length);
        Assert.Equal(shown, after.Where((_, i) => i % 2 == 0));

        // Who keeps the matrix is found out by copying the input into the container.
        FfmpegCommand.Run($"-i {_folder["in.mp4"]} -c copy {_folder[$"copy.{extension}"]}");
        bool isKept = FrameHashes.OfVideo(_folder[$"copy.{extension}"]).SequenceEqual(shown);
        Assert.Equal(!isKept, result.Messages.Any(message => message.StartsWith("The picture is ", StringComparison.Ordinal)));
        Assert.Equal(isKept ? (98, 66) : turn % 2 == 1 ? (66, 98) : (98, 66), Size($"out.{extension}"));
    }

    [Theory]
    [InlineData("libx264 -qp 0", "yuv420p", 1, "yuv420p")]
    [InlineData("libx264 -qp 0", "yuv422p", 1, "yuv440p")]
    [InlineData("libx264 -qp 0", "yuv422p", 2, "yuv422p")]
    [InlineData("libx264 -qp 0", "yuv422p10le", 3, "yuv440p10le")]
    [InlineData("libx264 -qp 0", "yuv444p10le", 5, "yuv444p10le")]
    [InlineData("png", "gray", 7, "gray")]
    [InlineData("rawvideo", "uyvy422", 2, "yuv422p")]
    [InlineData("rawvideo", "uyvy422", 1, "yuv440p")]
    [InlineData("png", "rgb24", 1, "bgr0")]
    [InlineData("png", "rgba", 3, "bgra")]
    [InlineData("png", "rgb48be", 1, "gbrp16le")]
    [InlineData("png", "gray16be", 6, "gray16le")]
    public void Every_sample_is_moved_as_it_is(string coding, string format, int turn, string turned)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=98x66:r=25 -frames:v 3 -pix_fmt {format} -c:v {coding} {_folder["in.mov"]}");
        SetMatrix(_folder["in.mov"], turns[turn]);

        ConversionResult result = Converter.Run(_folder["in.mov"], _folder["out.nut"], Converter.Lossless);

        Assert.Equal(turned, result.PixelFormat);
        string transposition = turn switch
        {
            1 => "transpose=clock",
            2 => "hflip,vflip",
            3 => "transpose=cclock",
            5 => "hflip,transpose=clock",
            6 => "vflip",
            _ => "hflip,transpose=cclock",
        };
        string[] planes = format.Contains("gray") ? ["y"] : format.Contains("rgb") ? ["r", "g", "b"] : ["y", "u", "v"];
        string planar = format switch { "uyvy422" => "format=yuv422p,", "rgb48be" => "format=gbrp16le,", "gray16be" => "format=gray16le,", _ => "" };
        Assert.Equal(
            PlaneHashes($"-noautorotate -i {_folder["in.mov"]}", planar, planes, transposition),
            PlaneHashes($"-i {_folder["out.nut"]}", format == "rgb48be" ? "format=gbrp16le," : "", planes, "select=not(mod(n\\,2))"));
    }

    [Fact]
    public void An_angle_that_is_no_right_one_is_kept_or_told_of()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=98x66:r=25 -frames:v 3 {Lossless} {_folder["in.mp4"]}");
        SetMatrix(_folder["in.mp4"], [0.8, 0.6, -0.6, 0.8]);

        ConversionResult kept = Converter.Run(_folder["in.mp4"], _folder["out.mp4"], options);
        ConversionResult told = Converter.Run(_folder["in.mp4"], _folder["out.avi"], options);

        Assert.DoesNotContain(kept.Messages, message => message.Contains("angle", StringComparison.Ordinal));
        Assert.Contains(told.Messages, message => message.Contains("players will show it as it is stored", StringComparison.Ordinal));
        Assert.Equal(Matrix("in.mp4"), Matrix("out.mp4"));
        Assert.Equal((98, 66), Size("out.avi"));
    }

    [Fact]
    public void Pictures_and_pipes_and_programs_get_upright_frames()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=98x66:r=25 -frames:v 3 {Lossless} {_folder["in.mp4"]}");
        SetMatrix(_folder["in.mp4"], turns[1]);
        using FrameReader reader = FrameReader.Open(_folder["in.mp4"], new(), TestContext.Current.CancellationToken);

        Converter.Run(_folder["in.mp4"], _folder["frame-%d.png"], new() { SceneCutDetection = false });
        Converter.Run(_folder["in.mp4"], _folder["out.wmv"], new() { Encoder = "wmv2", SceneCutDetection = false });
        ConversionPlan[] plans = [Planner.Plan(reader, null, new()), Planner.Plan(reader, "-", new() { Container = "y4m" })];

        Assert.Equal((66, 98), Size("frame-1.png"));
        Assert.Equal((66, 98), Size("out.wmv"));
        Assert.All(plans, plan => Assert.Equal((66, 98, 90), (plan.Picture!.Width, plan.Picture.Height, plan.Picture.Turn!.Value.Degrees)));
        Assert.All(plans, plan => Assert.Equal(plan, ConversionPlan.FromJson(plan.ToJson())));
    }

    // Into the header of the first track.
    private static void SetMatrix(string file, IReadOnlyList<int> turn) => SetMatrix(file, [.. turn.Select(number => (double)number)]);

    private static void SetMatrix(string file, double[] turn)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int matrix = bytes.AsSpan().IndexOf("tkhd"u8) + 44;
        Assert.Equal(65536, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(matrix)));
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(matrix + (4 * (i < 2 ? i : i + 1))), (int)(turn[i] * 65536));
        }

        File.WriteAllBytes(file, bytes);
    }

    // The frames of each plane, in the planes' order.
    private static string[] PlaneHashes(string input, string planar, string[] planes, string filter)
    {
        string labels = string.Concat(planes.Select(plane => $"[{plane}]"));
        string outputs = string.Concat(planes.Select(plane => $";[{plane}]{filter}[{plane}{plane}]"));
        string frames = FfmpegCommand.Text(
            $"{input} -filter_complex [0:v]{planar}extractplanes={string.Join('+', planes)}{labels}{outputs} "
            + $"{string.Join(' ', planes.Select(plane => $"-map [{plane}{plane}]"))} -fps_mode passthrough -f framemd5 -");
        string[][] lines = [.. frames.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(','))];
        Assert.Equal(3 * planes.Length, lines.Length);
        return [.. lines.OrderBy(fields => int.Parse(fields[0])).Select(fields => $"{fields[0]} {fields[^1].Trim()}")];
    }

    private (int Width, int Height) Size(string file)
    {
        JsonElement stream = FfmpegCommand.Probe(_folder[file], "-select_streams v -show_entries stream=width,height").GetProperty("streams")[0];
        return (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32());
    }

    private string Matrix(string file) => FfmpegCommand.Probe(_folder[file], "-select_streams v -show_streams").GetProperty("streams")[0]
        .GetProperty("side_data_list").GetRawText();
}
