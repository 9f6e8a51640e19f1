using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Files whose clocks begin anywhere, wrap, jump, are cut by an edit list or missing.</summary>
public class ClockTests
{
    private const string Clip =
        "-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine=sample_rate=48000 -t 2 -c:v libx264 -preset ultrafast -g 25 -bf 2 -c:a aac ";

    /// <remarks>A transport stream's 33 bits at 90 kHz wrap after 95443.7 s.</remarks>
    [Theory]
    [InlineData("50000")]
    [InlineData("95442.5")]
    public void A_transport_stream_begins_at_zero_wherever_its_clock_stands(string start)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Clip} -output_ts_offset {start} {folder["in.ts"]}");
        ConversionResult result = Converter.Run(folder["in.ts"], folder["out.mp4"]);
        Assert.Empty(result.Messages);
        CheckTimes(folder["out.mp4"], 100, 2);
    }

    [Fact]
    public void Joined_recordings_go_on_without_a_break()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Clip} -output_ts_offset 50000 {folder["a.ts"]}");
        FfmpegCommand.Run($"{Clip} -output_ts_offset 95442.5 {folder["b.ts"]}");
        using (FileStream joined = File.Create(folder["in.ts"]))
        {
            joined.Write(File.ReadAllBytes(folder["a.ts"]));
            joined.Write(File.ReadAllBytes(folder["b.ts"]));
            joined.Write(File.ReadAllBytes(folder["a.ts"]));
        }

        ConversionResult result = Converter.Run(folder["in.ts"], folder["out.mp4"]);
        Assert.Contains(result.Messages, text => text.Contains("clock jumps 2 times", StringComparison.Ordinal));
        IReadOnlyList<double> frames = VideoTimes.Of(folder["out.mp4"]).Frames;
        Assert.Equal(300, frames.Count);
        Assert.All(frames.Zip(frames.Skip(1), (a, b) => b - a), step => Assert.InRange(step, 0.001, 0.1));
        (double Time, string Hash)[] sound = FrameHashes.OfPackets(folder["out.mp4"], "0:a");

        // Each join may leave a gap as long as picture and sound end apart.
        Assert.All(sound.Zip(sound.Skip(1), (a, b) => b.Time - a.Time), step => Assert.InRange(step, 0.001, 0.1));
        Assert.Equal(frames[^1], sound[^1].Time, 0.1);

        // In each part the picture stands as far from its sound as it did: the first frame of the third part against its sound.
        Assert.Equal(frames[0] - sound[0].Time, frames[200] - sound[2 * sound.Length / 3].Time, 0.03);
    }

    [Theory]
    [InlineData("ts", "libx264 -preset ultrafast -bf 2")]
    public void A_still_picture_under_running_sound_is_no_jump(string extension, string coding)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=s=96x64:r=25:d=20 -f lavfi -i sine=d=20:sample_rate=48000 -vf select=lt(t\\,2)+gte(t\\,16) -vsync passthrough "
            + $"-c:v {coding} -c:a mp2 {folder[$"in.{extension}"]}");
        double[] before = [.. VideoTimes.Of(folder[$"in.{extension}"]).Frames];
        Assert.Contains(before.Zip(before.Skip(1), (a, b) => b - a), step => step > 13.9);

        ConversionResult result = Converter.Run(folder[$"in.{extension}"], folder["out.mkv"]);

        Assert.DoesNotContain(result.Messages, message => message.Contains("jump", StringComparison.Ordinal));
        double[] after = [.. VideoTimes.Of(folder["out.mkv"]).Frames];
        Assert.Equal(2 * before.Length, after.Length);
        Assert.All(before, (time, i) => Assert.Equal(time - before[0], after[2 * i] - after[0], 0.0011));
        (double Time, string Hash)[] sound = FrameHashes.OfPackets(folder["out.mkv"], "0:a");
        Assert.All(sound.Zip(sound.Skip(1), (a, b) => b.Time - a.Time), step => Assert.InRange(step, 0.02, 0.03));
    }

    [Fact]
    public void What_an_edit_list_leaves_out_is_neither_shown_nor_missed()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Clip} {folder["whole.mp4"]}");
        FfmpegCommand.Run($"-ss 0.7 -i {folder["whole.mp4"]} -c copy {folder["in.mp4"]}");
        int shown = FrameHashes.OfVideo(folder["in.mp4"]).Length;
        Assert.Equal("50", FfmpegCommand.Probe(folder["in.mp4"], "-select_streams v -show_entries stream=nb_frames").GetProperty("streams")[0]
            .GetProperty("nb_frames").GetString());
        Assert.True(shown < 50, "the clip must have an edit list");
        ConversionResult result = Converter.Run(folder["in.mp4"], folder["out.mp4"]);
        Assert.Equal(shown, result.FramesIn);
        Assert.Empty(result.Messages);
    }

    [Fact]
    public void Pictures_without_any_timestamps_come_at_the_nominal_rate()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Clip} -an -f h264 {folder["in.h264"]}");
        ConversionResult result = Converter.Run(folder["in.h264"], folder["out.mp4"]);
        Assert.Contains(result.Messages, text => text.Contains("bare video without times: 25 frames per second", StringComparison.Ordinal));
        CheckTimes(folder["out.mp4"], 100, 2);
    }

    /// <remarks>
    /// One frame in 1.001 s keeps the test short. The flash is the 5th frame from the end, the beep begins with it; the doubled picture
    /// shows the flash half an interval early at half its brightness, and whole at its time.
    /// </remarks>
    [Fact]
    public void After_two_hours_flash_and_beep_are_within_a_millisecond()
    {
        using ClipFolder folder = new();
        const int frames = 7193, flash = frames - 5;
        string begin = (flash * 1.001).ToString("0.000");
        FfmpegCommand.Run(
            $"-f lavfi -i color=black:size=32x32:rate=1000/1001,format=gray,geq=lum='if(eq(N\\,{flash})\\,255\\,0)' "
            + $"-f lavfi -i sine=frequency=1000:sample_rate=8000:duration=3,adelay={begin.Replace(".", "")} -frames:v {frames} "
            + $"-c:v libx264 -preset ultrafast -qp 0 -c:a pcm_s16le {folder["in.mov"]}");
        ConversionResult result = Converter.Run(folder["in.mov"], folder["out.mov"]);
        Assert.Empty(result.Messages);

        IReadOnlyList<double> times = VideoTimes.Of(folder["out.mov"]).Frames;
        double[][] pictures = RawFrames.Read(folder["out.mov"], "gray", times.Count, wide: false);
        int brightest = Array.FindIndex(pictures, picture => picture[0] > 250);
        FfmpegCommand.Run($"-i {folder["out.mov"]} -map 0:a -f s16le {folder["sound.raw"]}");
        byte[] sound = File.ReadAllBytes(folder["sound.raw"]);
        double beep = sound.AsSpan().IndexOfAnyExcept((byte)0) / 2 / 8000.0;
        Assert.Equal(flash * 1.001, beep, 0.0005);
        Assert.Equal(beep, times[brightest], 0.001);
    }

    private static void CheckTimes(string file, int count, double length)
    {
        VideoTimes times = VideoTimes.Of(file);
        Assert.Equal(count, times.Frames.Count);

        // The sound's first packet may begin before the picture.
        Assert.InRange(times.Frames[0], 0, 0.05);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i * length / count, times.Frames[i] - times.Frames[0], 2.1 / 90000);
        }

        Assert.InRange(times.ContainerDuration, length, length + 0.1);
    }
}
