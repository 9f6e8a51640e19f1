using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>An interpolator that wants to see the pairs around one is shown them before it predicts, whatever frames are wanted.</summary>
public class LookingAheadTests
{
    [Theory]
    [InlineData("25", "", null)]
    [InlineData("25", "", 60)]
    [InlineData("30000/1001", "", 60)] // new frames so near to the later original that it is shown itself
    [InlineData("25", "-vf settb=1/1000,setpts=40*N-if(eq(mod(N\\,5)\\,4)\\,33\\,0) -fps_mode vfr -enc_time_base 1/1000", 60)] // no frame in short pairs
    public void Both_neighbours_of_a_pair_are_known_before_it_and_frames_are_those_of_one_that_does_not_look(string inputRate, string timing, int? outputRate)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            $"-f lavfi -i mandelbrot=size=64x48:rate={inputRate}:end_scale=0.05 -frames:v 20 {timing} -pix_fmt yuv420p -c:v ffv1 "
            + folder["in.mkv"]);
        ConversionOptions options = Converter.Lossless with
        {
            Timing = outputRate is { } rate ? new() { TargetRate = new Rational(rate, 1) } : new() { Factor = 4 },
        };
        Converter.Run(folder["in.mkv"], folder["does-not.mkv"], options);
        Looking looking = new();
        new InterpolationPipeline(looking).Run(folder["in.mkv"], folder["looks.mkv"], options);
        Assert.Equal(FrameHashes.OfPackets(folder["does-not.mkv"], "0:v"), FrameHashes.OfPackets(folder["looks.mkv"], "0:v"));
        Assert.Equal(19, looking.Shown.Count);
        int[] predicted = [.. looking.Known.Select(known => known.Pair).Distinct()];
        Assert.InRange(predicted.Length, 15, 19); // of some nothing is wanted
        Assert.All(
            looking.Known, known => Assert.True(known.IsNextKnown || known.Pair == 18, $"pair {known.Pair} was predicted before the next one was shown"));
    }

    private sealed class Looking : IFrameInterpolator
    {
        private readonly AveragingInterpolator _average = new();

        public List<(long First, long Second)> Shown { get; } = [];

        public HashSet<(int Pair, bool IsNextKnown)> Known { get; } = [];

        public bool LooksAhead => true;

        public double Nearest(double time) => _average.Nearest(time);

        public void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default) => Shown.Add((first.Picture, second.Picture));

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            int pair = Shown.IndexOf((first.Picture, second.Picture));
            Assert.True(pair >= 0, "the pair was not shown");
            Known.Add((pair, pair + 1 < Shown.Count && Shown[pair + 1].First == second.Picture));
            return _average.Begin(first, second, time, between, cancellation);
        }
    }
}
