using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class SlowMotionTests
{
    private static readonly ConversionOptions Slow = Converter.Fast with { Timing = new() { SlowMotion = 4 } };

    [Theory]
    [InlineData("aac", "mp4", "aac")]
    [InlineData("flac", "mkv", "flac")]
    [InlineData("pcm_s16le", "mov", "pcm_s16le")]
    [InlineData("libopus", "mkv", "opus")]
    [InlineData("aac", "webm", "opus")]
    public void Picture_and_sound_last_as_long_and_the_pitch_stays(string codec, string extension, string expected)
    {
        using ClipFolder folder = new();
        string input = folder[codec == "aac" ? "in.mp4" : $"in.{extension}"], output = folder[$"out.{extension}"];
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine=frequency=600:sample_rate=48000 -t 1 "
            + $"-c:v libx264 -preset ultrafast -c:a {codec} {input}");
        ConversionResult result = Converter.Run(input, output, extension == "webm" ? Slow with { Encoder = null, EncoderPreset = "8" } : Slow);
        Assert.Equal(100, result.FramesOut);
        Assert.Equal(new Rational(25, 1), result.OutputRate);
        VideoTimes times = VideoTimes.Of(output);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i / 25.0, times.Frames[i] - times.Frames[0], 0.0011);
        }

        JsonElement stream = FfmpegCommand.Probe(output, "-select_streams a -show_streams").GetProperty("streams")[0];
        Assert.Equal(expected, stream.GetProperty("codec_name").GetString());
        short[] sound = Samples(output);

        // It begins a little later, so that what is heard stands in its place, and ends where the picture does, but for a coder's last frame.
        double start = double.Parse(stream.GetProperty("start_time").GetString()!, CultureInfo.InvariantCulture);
        Assert.Equal(4, start + (sound.Length / 48000.0), 0.03);

        // A tone of 600 Hz crosses zero upwards 600 times a second; the first and the last tenth are left to the coder.
        int crossings = Enumerable.Range(4800, 182_400).Count(i => i + 1 < sound.Length && sound[i] < 0 && sound[i + 1] >= 0);
        Assert.Equal(600 * 182_400 / 48000.0, crossings, 15.0);
    }

    /// <remarks>Packets in the middle and at the very end are noise that the decoder refuses.</remarks>
    [Fact]
    public void Damaged_sound_becomes_silence_and_stays_as_long()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine=frequency=600:sample_rate=48000 -t 3 -c:v libx264 -preset ultrafast -c:a aac "
            + $"-bsf:a noise=amount='if(between(n\\,40\\,49)+gte(n\\,132)\\,2\\,0)' {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Slow);

        Assert.Contains(result.Messages, message => message.EndsWith("damaged sound packets: there is silence in their place.", StringComparison.Ordinal));
        short[] sound = Samples(folder["out.mkv"]);
        Assert.Equal(12, sound.Length / 48000.0, 0.12);

        // 40 packets of 1024 samples lie before the damage, 50 before its end; each lasts four times as long.
        int begin = 4 * 40 * 1024, end = 4 * 50 * 1024, margin = 6000;
        Assert.True(sound.AsSpan(begin + margin, end - begin - (2 * margin)).IndexOfAnyExceptInRange((short)-300, (short)300) < 0);
        Assert.True(sound.AsSpan(end + margin, 4800).ContainsAnyExceptInRange((short)-1000, (short)1000));
        Assert.True(sound.AsSpan(begin - margin - 4800, 4800).ContainsAnyExceptInRange((short)-1000, (short)1000));
    }

    /// <remarks>Three packets that are not there, 64 ms or 85, are a gap: what follows is still heard beside its picture, eight times as slow.</remarks>
    [Theory]
    [InlineData("-c:a aac", "noise=drop='between(n\\,10\\,12)'")]
    [InlineData("-c:a pcm_s16le", "noise=drop='between(n\\,2\\,5)+eq(n\\,40)'")]
    public void A_short_gap_becomes_silence(string coding, string drop)
    {
        using ClipFolder folder = new();
        const string clicks = "-f lavfi -i aevalsrc='sin(2*PI*900*t)*between(mod(t\\,0.5)\\,0.2\\,0.3):s=48000'";
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 {clicks} -t 3 -c:v libx264 -preset ultrafast {coding} {folder["whole.mkv"]}");
        FfmpegCommand.Run($"-i {folder["whole.mkv"]} -c copy -bsf:a {drop} {folder["gap.mkv"]}");
        ConversionOptions slow = Converter.Fast with { Timing = new() { SlowMotion = 8 } };
        Converter.RunVerified(folder["whole.mkv"], folder["whole-8.mkv"], slow);
        Converter.RunVerified(folder["gap.mkv"], folder["gap-8.mkv"], slow);

        short[] whole = Samples(folder["whole-8.mkv"]), gap = Samples(folder["gap-8.mkv"]);
        Assert.Equal(whole.Length / 48000.0, gap.Length / 48000.0, 0.1);

        // Where the last click begins: by its loudness, in the last half second of the input.
        Assert.Equal(LastOnset(whole), LastOnset(gap), 0.06);

        static double LastOnset(short[] sound)
        {
            int begin = sound.Length - (4 * 48000), onset = sound.AsSpan(begin).IndexOfAnyExceptInRange((short)-8000, (short)8000);
            Assert.True(onset > 0, "there is no click");
            return (begin + onset) / 48000.0;
        }
    }

    /// <remarks>Every three packets in six are written 8 ms late, as live recordings have it: a tone of 600 Hz stays whole.</remarks>
    [Fact]
    public void Times_that_go_to_and_fro_do_not_tear_the_sound()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine=frequency=600:sample_rate=48000 -t 3 -c:v libx264 -preset ultrafast -c:a pcm_s16le "
            + $"-bsf:a setts=pts='PTS+8*mod(floor(N/3)\\,2)':dts='DTS+8*mod(floor(N/3)\\,2)' {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mkv"], Slow with { Timing = new() { SlowMotion = 2 } });

        short[] sound = Samples(folder["out.mkv"]);
        Assert.Equal(6, sound.Length / 48000.0, 0.1);

        // Never silent for longer than a millisecond, in all but the first and the last tenth of a second.
        ReadOnlySpan<short> middle = sound.AsSpan(4800..^4800);
        for (int i = 0; i + 60 <= middle.Length; i += 20)
        {
            Assert.True(middle.Slice(i, 60).ContainsAnyExceptInRange((short)-600, (short)600), $"silent at {(i + 4800) / 48000.0} s");
        }
    }

    /// <remarks>As broadcasts do between a film and what is shown in its breaks: one stream, mono, then stereo, then mono.</remarks>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Sound_whose_form_changes_is_stretched_and_listened_to(int slow)
    {
        using ClipFolder folder = new();
        const string noise = "-f lavfi -i anoisesrc=d=3:a=0.3:r=48000,lowpass=f=2000,tremolo=f=1.3,volume='0.3+0.7*random(1)':eval=frame -c:a aac";
        FfmpegCommand.Run($"{noise} -ac 1 {folder["mono.adts"]}");
        FfmpegCommand.Run($"{noise} -ac 2 {folder["stereo.adts"]}");
        File.WriteAllBytes(
            folder["all.adts"], [.. new[] { "mono", "stereo", "mono" }.SelectMany(name => File.ReadAllBytes(folder[$"{name}.adts"]))]);
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=10:d=9 -i {folder["all.adts"]} -c:v libx264 -preset ultrafast -c:a copy {folder["in.ts"]}");

        ConversionResult straight = Converter.RunVerified(folder["in.ts"], folder["straight.ts"]);
        ConversionResult result = Converter.RunVerified(folder["in.ts"], folder["out.mkv"], Slow with { Timing = new() { SlowMotion = slow } });

        Assert.Equal((180, 90 * slow), (straight.FramesOut, result.FramesOut));
        Assert.Equal(9 * slow, Samples(folder["out.mkv"]).Length / 48000.0, 0.1 * slow);
    }

    [Fact]
    public void Subtitles_and_chapters_are_slowed_down_too_and_sound_is_dropped_on_request()
    {
        using ClipFolder folder = new();
        File.WriteAllText(folder["a.srt"], "1\n00:00:00,200 --> 00:00:01,000\nHello\n\n2\n00:00:01,200 --> 00:00:01,900\nThere\n\n");
        File.WriteAllText(folder["meta.txt"],
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=700\ntitle=A\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=700\nEND=2000\ntitle=B\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -i {folder["a.srt"]} -i {folder["meta.txt"]} -t 2 -map 0 -map 1 -map 2 -map_chapters 3 "
            + $"-c:v libx264 -preset ultrafast -c:a flac -c:s subrip {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mkv"], Slow with { Timing = Slow.Timing with { SlowSound = SlowSound.Drop } });
        JsonElement probe = FfmpegCommand.Probe(folder["out.mkv"], "-show_streams -show_chapters -show_packets -select_streams s");
        Assert.Equal(["0.000000", "2.800000"], probe.GetProperty("chapters").EnumerateArray().Select(chapter => chapter.GetProperty("start_time").GetString()));
        Assert.Equal(
            [("0.800000", "3.200000"), ("4.800000", "2.800000")],
            probe.GetProperty("packets").EnumerateArray()
                .Select(packet => (packet.GetProperty("pts_time").GetString(), packet.GetProperty("duration_time").GetString())));
        Assert.Equal(0, FfmpegCommand.Probe(folder["out.mkv"], "-show_streams -select_streams a").GetProperty("streams").GetArrayLength());
    }

    /// <remarks>Bursts of 0.1 s on a faint tone every half second, in a sound that begins half a second after the picture.</remarks>
    [Fact]
    public void What_is_heard_stays_with_what_is_seen()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -itsoffset 0.5 -f lavfi -i "
            + "aevalsrc=0.1*sin(2*PI*300*t)+lt(mod(t\\,0.5)\\,0.1)*0.6*sin(2*PI*900*t):s=48000:d=3 -t 3.5 -map 0 -map 1 "
            + $"-c:v libx264 -preset ultrafast -c:a flac {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mkv"], Slow);

        // The lead of three half windows of 2048 samples, see SoundStretcher.
        Assert.Equal(2 + (3 * 1024 / 48000.0), FrameHashes.OfPackets(folder["out.mkv"], "0:a")[0].Time, 0.0011);
        short[] sound = Samples(folder["out.mkv"]);
        double[] bursts = [.. Bursts(sound).Select(time => time + (3 * 1024 / 48000.0))];
        Assert.Equal(6, bursts.Length);
        for (int i = 1; i < 6; i++)
        {
            Assert.Equal(2.0 * i, bursts[i], 0.03);
        }
    }

    // Where the loudness of 5 ms rises past 9000 after a second or more below, in seconds from the first sample.
    private static IEnumerable<double> Bursts(short[] sound)
    {
        double last = -1;
        for (int start = 0; start + 240 <= sound.Length; start += 240)
        {
            if (sound.AsSpan(start, 240).ContainsAnyExceptInRange((short)-9000, (short)9000))
            {
                double time = start / 48000.0;
                if (time - last >= 1)
                {
                    yield return time;
                }

                last = time;
            }
        }
    }

    internal static short[] Samples(string file)
    {
        string raw = file + ".s16";
        FfmpegCommand.Run($"-i {file} -map 0:a -ac 1 -ar 48000 -f s16le {raw}");
        byte[] bytes = File.ReadAllBytes(raw);
        return [.. Enumerable.Range(0, bytes.Length / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i)))];
    }
}
