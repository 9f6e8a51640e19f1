using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

/// <summary>What is measured along clips: FFmpeg's own interpolation, and flicker.</summary>
public sealed class ClipMethodTests
{
    [Fact]
    public void Minterpolate_finds_every_frame_of_an_even_motion()
    {
        FfmpegCommand.Require();
        Assert.SkipUnless(Minterpolate.IsThere(), "This ffmpeg was built without minterpolate.");
        using var clips = new TrainingClips();
        ScoredFrame[] frames = [.. Frames(clips.Add("moving.mkv", "testsrc2=size=128x96:rate=25,scroll=horizontal=0.0234375", 7), withMinterpolate: true)];
        Assert.Equal(3, frames.Length);
        Assert.All(frames, frame =>
        {
            Assert.Equal(Minterpolate.Name, frame.Predictions[1].Method);

            // Neither the average nor a frame before or behind is as close.
            double others = new[] { frame.Predictions[0].Image, frame.First, frame.Second }.Max(image => FrameScore.Of(image, frame.Truth).Psnr);
            Assert.InRange(frame.Predictions[1].Score.Psnr, others + 1, 100);
        });
    }

    [Fact]
    public void A_clip_that_pulses_is_found_out()
    {
        FfmpegCommand.Require();
        using var clips = new TrainingClips();
        string steady = clips.Add("steady.mkv", "testsrc2=size=64x48:rate=25,loop=-1:1,trim=end_frame=7", 7);
        string pulsing =
            clips.Add("pulsing.mkv", "color=gray:size=64x48:rate=25,format=gbrp,geq=r='100+5*mod(N\\,2)':g='100+5*mod(N\\,2)':b='100+5*mod(N\\,2)'", 7);
        var flicker = new ClipFlicker();
        foreach (ScoredFrame frame in Frames(steady).Concat(Frames(pulsing)))
        {
            flicker.Add(frame);
        }

        var found = flicker.Pulses.ToDictionary(line => (line.Clip, line.Method), line => line.Pulse);
        Assert.Equal(default, found[("steady.mkv", ClipFlicker.Truth)]);
        Assert.Equal(default, found[("steady.mkv", Evaluator.Averaging)]);
        Assert.Equal(0.05, found[("pulsing.mkv", ClipFlicker.Truth)].Brightness, 1e-6);
        Assert.Equal(0, found[("pulsing.mkv", Evaluator.Averaging)].Brightness, 1e-6);
        Assert.Equal(6, flicker.Table()!.Rows.Count); // both clips and their mean, by two methods
    }

    [Fact]
    public void Averaging_makes_what_moves_soft()
    {
        FfmpegCommand.Require();
        using var clips = new TrainingClips();
        var flicker = new ClipFlicker();
        foreach (ScoredFrame frame in Frames(clips.AddMoving(frames: 9)))
        {
            flicker.Add(frame);
        }

        var found = flicker.Pulses.ToDictionary(line => line.Method, line => line.Pulse);
        Assert.InRange(found[Evaluator.Averaging].SharpnessOffset, -1, -0.05);
        Assert.InRange(Math.Abs(found[ClipFlicker.Truth].SharpnessOffset), 0, 0.02);
    }

    private static IEnumerable<ScoredFrame> Frames(string clip, bool withMinterpolate = false) =>
        new Evaluator([(Evaluator.Averaging, new AveragingInterpolator())], withMinterpolate).Frames(TestItem.OfClips(clip, 9).Single());
}
