using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Film that was spread over fields for television: what is put together again is held against the film.</summary>
public sealed class FilmTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("top", "23", "in.mkv", "-c:v ffv1")]
    [InlineData("top", "32", "in.mp4", "-c:v libx264 -qp 0 -preset ultrafast -flags +ildct+ilme -x264opts tff=1")]
    [InlineData("bottom", "23", "in.mkv", "-c:v ffv1 -flags +ildct")]
    [InlineData("bottom", "32", "in.ts", "-c:v libx264 -qp 0 -preset ultrafast -flags +ildct+ilme -x264opts bff=1")]
    public void Of_thirty_frames_of_a_pulldown_the_twentyfour_of_the_film_are_left_and_doubled(string first, string pattern, string name, string coding)
    {
        Film("24000/1001", 40);
        FfmpegCommand.Run(
            $"-i {_folder["film.mkv"]} -vf telecine=first_field={first}:pattern={pattern},setfield={first[0]}ff {coding} {_folder[name]}");
        ConversionResult result = Convert(name);

        Assert.Equal((50, 80, new Rational(30000, 1001), new Rational(48000, 1001)),
            (result.FramesIn, result.FramesOut, result.InputRate, result.OutputRate));
        Assert.Contains("every fifth frame, a repetition, is left out", Assert.Single(result.Messages), StringComparison.Ordinal);
        IReadOnlyList<double> times = VideoTimes.Of(_folder["out.mkv"]).Frames;
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index * 1001 / 48000.0, frame.Item - times[0], 0.0021));
        HoldAgainst("film.mkv", 40);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Film_on_DVD_whose_frames_are_marked_to_be_shown_for_three_fields_and_two_is_shown_evenly(int phase)
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=320x240:rate=24000/1001 -frames:v 40 -vf format=yuv420p,gblur=sigma=0.7 "
            + $"-c:v mpeg2video -q:v 2 -bf 0 {_folder["film.m2v"]}");
        File.WriteAllBytes(_folder["marked.m2v"], Mark(File.ReadAllBytes(_folder["film.m2v"]), phase));
        FfmpegCommand.Run($"-fflags +genpts -i {_folder["marked.m2v"]} -c copy -muxrate 20M {_folder["in.mpg"]}");
        ConversionResult result = Convert("in.mpg");

        string[] film = FrameHashes.OfVideo(_folder["in.mpg"]), frames = [.. FrameHashes.OfVideo(_folder["out.mkv"]).Where((_, i) => i % 2 == 0)];
        Assert.Equal(new Rational(48000, 1001), result.OutputRate);
        Assert.Equal(film[..36], frames[..36]);
        Assert.InRange(frames.Length, 40, 41);
        double[] times = [.. VideoTimes.Of(_folder["out.mkv"]).Frames.Skip(8).Take(56)];
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index * 1001 / 48000.0, frame.Item - times[0], 0.0021));
    }

    [Theory]
    [InlineData("top")]
    [InlineData("bottom")]
    public void Of_twentyfive_frames_whose_fields_belong_to_two_of_the_film_all_are_put_together(string first)
    {
        // Each film frame twice, woven from the second one on: every frame holds a field of one film frame and one of the next.
        Film("25", 40);
        FfmpegCommand.Run(
            $"-i {_folder["film.mkv"]} -vf fps=50,trim=start_frame=1,setpts=PTS-STARTPTS,tinterlace=interleave_{first},setfield={first[0]}ff -frames:v 39 "
            + $"-c:v ffv1 -flags +ildct {_folder["in.mkv"]}");
        ConversionResult result = Convert("in.mkv");

        Assert.Equal((39, 78, new Rational(50, 1)), (result.FramesIn, result.FramesOut, result.OutputRate));
        IReadOnlyList<double> times = VideoTimes.Of(_folder["out.mkv"]).Frames;
        Assert.All(times.Index(), frame => Assert.Equal(frame.Index / 50.0, frame.Item, 0.0011));
        string[] film = FrameHashes.OfVideo(_folder["film.mkv"]), frames = [.. FrameHashes.OfVideo(_folder["out.mkv"]).Where((_, i) => i % 2 == 0)];
        int shift = frames[10] == film[10] ? 0 : 1;
        Assert.Equal(film[(1 + shift)..(37 + shift)], frames[1..37]);
    }

    // In an MPEG-2 stream: the rate is 30000/1001, and of each four frames two have the mark to repeat the first field.
    private static byte[] Mark(byte[] stream, int phase)
    {
        for (int i = 0, frame = phase; i + 8 < stream.Length; i++)
        {
            if (stream[i] != 0 || stream[i + 1] != 0 || stream[i + 2] != 1)
            {
                continue;
            }

            (byte code, int extension) = (stream[i + 3], stream[i + 4] >> 4);
            if (code == 0xB3)
            {
                stream[i + 7] = (byte)((stream[i + 7] & 0xF0) | 4);
            }
            else if (code == 0xB5 && extension == 1)
            {
                stream[i + 5] &= 0xF7; // not all frames are progressive
            }
            else if (code == 0xB5 && extension == 8)
            {
                bool isTopFirst = frame % 4 is 0 or 3, repeats = frame % 2 == 0;
                stream[i + 7] = (byte)((stream[i + 7] & 0x7D) | (isTopFirst ? 0x80 : 0) | (repeats ? 2 : 0));
                stream[i + 8] |= 0x80; // this one is
                frame++;
            }
        }

        return stream;
    }

    private void Film(string rate, int count) => FfmpegCommand.Run(
        $"-f lavfi -i testsrc2=size=320x240:rate={rate} -frames:v {count} -vf format=yuv420p,gblur=sigma=0.7 -c:v ffv1 {_folder["film.mkv"]}");

    private ConversionResult Convert(string name) =>
        Converter.Run(_folder[name], _folder["out.mkv"], Converter.Lossless with { Interlaced = InterlacedHandling.Film });

    // Frame by frame; where the moving parts are small, a frame may be taken for combed, and interpolated.
    private void HoldAgainst(string film, int count)
    {
        double[][] truth = RawFrames.Read(_folder[film], "yuv420p", count, wide: false);
        double[][] frames = [.. RawFrames.Read(_folder["out.mkv"], "yuv420p", 2 * count, wide: false).Where((_, i) => i % 2 == 0)];
        double[] scores = [.. truth.Zip(frames, (a, b) => 10 * Math.Log10(255 * 255 / Math.Max(1e-5, a.Zip(b, (x, y) => (x - y) * (x - y)).Average())))];
        int exact = scores.Count(score => score > 90);
        TestContext.Current.TestOutputHelper!.WriteLine($"{exact} of {count} frames exact, the least like its own {scores.Min():0.0} dB");
        Assert.InRange(exact, count * 9 / 10, count);
        Assert.InRange(scores.Min(), 30, 199);
    }
}
