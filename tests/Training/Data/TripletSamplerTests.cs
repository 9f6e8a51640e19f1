using AdaConv.Training.Data;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class TripletSamplerTests
{
    private const int Patch = 64, Frame = 3 * Patch * Patch;

    [Fact]
    public void A_batch_depends_on_seed_and_step_alone()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { });
        float[] first = Batch(new TripletSampler(cache, Patch, 1, seed: 5), step: 7), again = Batch(new TripletSampler(cache, Patch, 1, seed: 5), step: 7);
        Assert.Equal(first, again);
        Assert.NotEqual(first, Batch(new TripletSampler(cache, Patch, 1, seed: 5), step: 8));
        Assert.NotEqual(first, Batch(new TripletSampler(cache, Patch, 1, seed: 6), step: 7));
    }

    [Fact]
    public void Samples_hold_three_frames_in_the_documented_order()
    {
        // Brightness rises by the same step each frame: the middle frame is the mean of the other two everywhere.
        using var clips = new TrainingClips();
        clips.Add("ramp.mkv", "color=black:size=96x96:rate=25,format=gbrp,geq=r='40+N*8+X/2':g='40+N*8+Y/2':b='40+N*8'", 12);
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { });
        float[] batch = Batch(new TripletSampler(cache, Patch, 1, seed: 1), step: 0);
        for (int sample = 0; sample < 4; sample++)
        {
            Span<float> triplet = batch.AsSpan(sample * 3 * Frame, 3 * Frame);
            for (int i = 0; i < Frame; i += 37)
            {
                Assert.Equal((triplet[i] + triplet[Frame + i]) / 2, triplet[2 * Frame + i], 1e-5f);
                Assert.Equal(16f / 255, Math.Abs(triplet[i] - triplet[Frame + i]), 1e-5f);
            }
        }
    }

    [Fact]
    public void Cuts_are_left_out()
    {
        using var clips = new TrainingClips();
        clips.Add("cut.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.01,negate=enable='gte(n,6)'", 12);
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { });
        Assert.Equal(10 - 2, new TripletSampler(cache, Patch, 1, seed: 1).TripletCount);
    }

    [Fact]
    public void Still_clips_and_small_ones_are_refused()
    {
        using var clips = new TrainingClips();
        clips.Add("still.mkv", "color=red:size=96x96:rate=25", 12);
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { });
        Assert.Contains("No three frames", Assert.Throws<TrainingException>(() => new TripletSampler(cache, Patch, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("128 pixels", Assert.Throws<TrainingException>(() => new TripletSampler(cache, 128, 1, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wider_strides_give_more_triplets()
    {
        using var clips = new TrainingClips();
        clips.AddMoving(frames: 12);
        using FrameCache cache = FrameCache.Open(clips.Clips, clips["cache"], 100, _ => { });
        Assert.Equal(10, new TripletSampler(cache, Patch, 1, 1).TripletCount);
        Assert.Equal(10 + 8, new TripletSampler(cache, Patch, 2, 1).TripletCount);
    }

    private static float[] Batch(TripletSampler sampler, long step)
    {
        float[] batch = new float[4 * 3 * Frame];
        sampler.Fill(step, 4, batch);
        return batch;
    }
}
