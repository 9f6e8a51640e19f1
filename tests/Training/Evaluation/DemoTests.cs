using System.Text.Json;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed class DemoTests
{
    [Fact]
    public void The_video_has_four_panes_at_the_full_rate_and_a_score_a_predicted_frame()
    {
        FfmpegCommand.Require();
        using var clips = new TrainingClips();
        string clip = clips.Add("moving.mkv", "testsrc2=size=162x96:rate=30000/1001,format=gray,format=gbrp,crop=161:95:exact=1", 8), folder = clips["demo"];
        var (averaging, ours) = new Demo(new AveragingInterpolator(), paneWidth: 960, limit: int.MaxValue).Write(clip, folder);
        Assert.Equal(averaging, ours);
        Assert.Equal(["demo.mp4", "psnr.png", "scores.csv", "scores.md"],
            Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

        // Eight frames: 1, 3, 5 are predicted; the last one has no later neighbour and is left out.
        JsonElement stream = FfmpegCommand.Probe(Path.Combine(folder, "demo.mp4"), "-count_frames -show_streams").GetProperty("streams")[0];
        Assert.Equal(("7", "30000/1001", "h264"),
            (stream.GetProperty("nb_read_frames").GetString(), stream.GetProperty("r_frame_rate").GetString(), stream.GetProperty("codec_name").GetString()));
        Assert.Equal(["1", "3", "5"], File.ReadLines(Path.Combine(folder, "scores.csv")).Skip(1).Select(line => line.Split(',')[0]));

        // Frame 3: the first pane still shows frame 2, the second frame 3 itself, the others the average of 2 and 4.
        FfmpegCommand.Run($"-i {clip} {clips["true%d.png"]}");
        FfmpegCommand.Run($"-i {folder}/demo.mp4 -vf select=eq(n\\,3) -frames:v 1 {clips["panes.png"]}");
        RgbImage panes = RgbImage.Read(clips["panes.png"]), before = RgbImage.Read(clips["true3.png"]), truth = RgbImage.Read(clips["true4.png"]);
        int x = panes.Width - 6 - 161, y = (panes.Height - panes.Height % 2 - 6) / 2 - 95; // panes are 6 pixels apart, under captions of equal height
        int top = Enumerable.Range(y - 6, 12).MaxBy(row => FrameScore.Of(panes.Crop(x, row, 161, 95), truth).Psnr);
        int left = Enumerable.Range(4, 5).MaxBy(column => FrameScore.Of(panes.Crop(column, top, 161, 95), before).Psnr);
        int right = Enumerable.Range(x - 3, 6).MaxBy(column => FrameScore.Of(panes.Crop(column, top, 161, 95), truth).Psnr);
        FrameScore input = FrameScore.Of(panes.Crop(left, top, 161, 95), before), middle = FrameScore.Of(panes.Crop(right, top, 161, 95), truth);
        Assert.True(input.Psnr > 24 && middle.Psnr > 24, $"input {input.Psnr:F1} dB, truth {middle.Psnr:F1} dB");
        Assert.True(FrameScore.Of(panes.Crop(left, top, 161, 95), truth).Psnr < input.Psnr);
    }

    [Fact]
    public void A_clip_that_is_too_short_leaves_nothing()
    {
        using var clips = new TrainingClips();
        string clip = clips.Add("short.mkv", "testsrc2=size=64x48:rate=25", 2), folder = clips["demo"];
        string message = Assert.Throws<TrainingException>(() => new Demo(new AveragingInterpolator(), 960, int.MaxValue).Write(clip, folder)).Message;
        Assert.Contains("has 2 frames", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_cancelled_demonstration_leaves_nothing()
    {
        using var clips = new TrainingClips();
        string clip = clips.Add("moving.mkv", "testsrc2=size=64x48:rate=25", 9), folder = clips["demo"];
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => new Demo(new AveragingInterpolator(), 960, int.MaxValue).Write(clip, folder, frames => { if (frames == 3) { stop.Cancel(); } }, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }
}
