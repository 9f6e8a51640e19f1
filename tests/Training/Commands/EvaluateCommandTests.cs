using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Reports;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Commands;

public sealed partial class EvaluateCommandTests
{
    [Theory]
    [InlineData("middlebury", "frame10.png", "frame10i11.png", "frame11.png")]
    [InlineData("ucf101", "frame_00.png", "frame_01_gt.png", "frame_02.png")]
    [InlineData("vimeo90K", "im1.png", "im2.png", "im3.png")]
    public void Every_layout_is_scored_beside_its_published_figures(string kind, string first, string truth, string second)
    {
        using var clips = new TrainingClips();
        string set = clips["set"], output = clips["scores"], sheet = clips["sheet.png"];
        TestPictures.Write(set, (first, truth, second));
        TrainingProgram run = TrainingProgram.Run("evaluate", "--set", set, "--output", output, "--images", "--contact-sheet", sheet);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(run.Output, File.ReadAllText(Path.Combine(output, "scores.md")));
        Assert.Contains("| mean of 2 | averaging |", run.Output, StringComparison.Ordinal);
        Assert.Contains("| SepConv-L1 |", run.Output, StringComparison.Ordinal);

        JsonElement scored = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "scores.json"))).RootElement.GetProperty("sets")[0];
        Assert.Equal(kind, scored.GetProperty("kind").GetString());
        RgbImage written = RgbImage.Read(Path.Combine(output, "averaging", "b.png")), expected = RgbImage.Read(Path.Combine(set, "b", truth));
        JsonElement score = scored.GetProperty("items")[1].GetProperty("score");
        Assert.Equal(FrameScore.Of(written, expected).Psnr, score.GetProperty("psnr").GetDouble(), 1e-9);
        Assert.All(scored.GetProperty("published").EnumerateArray(), figure => Assert.NotEmpty(figure.GetProperty("source").GetString()!));

        RgbImage picture = RgbImage.Read(sheet); // two rows of truth, averaging, error
        Assert.InRange(picture.Width, 3 * 320, 3 * 320 + 40);
        Assert.InRange(picture.Height, 2 * 240, 2 * 240 + 120);
    }

    [Fact]
    public void Scores_of_a_clip_agree_with_ffmpegs_filters()
    {
        FfmpegCommand.Require();
        using var clips = new TrainingClips();
        string clip = clips.Add("moving.mkv", "testsrc2=size=120x88:rate=25", 7), output = clips["scores"];
        TrainingProgram run = TrainingProgram.Run("evaluate", "--clips", clip, "--output", output, "--images");
        Assert.True(run.ExitCode == 0, run.Errors);
        string frames = Path.Combine(output, "averaging", "moving");
        Assert.Equal(["00001.png", "00003.png", "00005.png"], Directory.GetFiles(frames).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

        // The predicted frames as a clip beside the true ones; the filters write a line a frame.
        string compare =
            $"-framerate 25 -pattern_type glob -i {frames}/*.png -i {clip} -lavfi "
            + $"[0:v]format=gbrp[a];[1:v]select='mod(n\\,2)*lt(n\\,6)',setpts=N/25/TB[b];[a][b]";
        string psnr = FfmpegCommand.Text($"{compare}psnr=stats_file=- -f null -"), ssim = FfmpegCommand.Text($"{compare}ssim=stats_file=- -f null -");
        double[] errors = [.. MeanSquaredError().Matches(psnr).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        double[] similarities = [.. Similarity().Matches(ssim).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        FrameScore[] scores = [.. new Evaluator([("averaging", new AveragingInterpolator())]).Frames(TestItem.OfClips(clip, 9).Single())
            .Select(frame => frame.Predictions[0].Score)];
        Assert.Equal(3, scores.Length);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(errors[i], scores[i].Rmse * scores[i].Rmse, 0.006); // ffmpeg prints two decimals
            Assert.Equal(10 * Math.Log10(255 * 255 / errors[i]), scores[i].Psnr, 0.01);

            // ffmpeg's window is a flat 8×8 on every fourth pixel, ours a Gaussian 11×11 on every pixel: the same quantity, not the same number.
            Assert.Equal(similarities[i], scores[i].Ssim, 0.05);
        }
    }

    [Fact]
    public void Several_weight_files_and_minterpolate_stand_in_one_table()
    {
        FfmpegCommand.Require();
        using var clips = new TrainingClips();
        string set = clips["set"], clip = clips.Add("moving.mkv", "testsrc2=size=64x48:rate=25", 5), output = clips["scores"], sheet = clips["sheet.png"];
        TestPictures.Write(set, ("im1.png", "im2.png", "im3.png"));
        string[] weights = [.. new[] { "one", "two" }.Select(name => Path.Combine(Directory.CreateDirectory(clips[name]).FullName, "weights.safetensors"))];
        foreach (string file in weights)
        {
            using TorchNetwork network = (NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0 }).CreateNetwork();
            TorchWeights.Save(network, file, new Dictionary<string, string> { ["samples"] = "1234" }, half: true);
        }

        TrainingProgram run = TrainingProgram.Run(
            ["evaluate", "--weights", .. weights, "--set", set, "--clips", clip, "--minterpolate", "--ensemble", "2", "--output", output,
                "--images", "--contact-sheet", sheet]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(run.Output, File.ReadAllText(Path.Combine(output, "scores.md")));
        string[] table = run.Output[run.Output.IndexOf("## Methods and their cost", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith('|')).ToArray();
        string[] methods = ["averaging", "minterpolate", "one-weights ensemble 2", "two-weights ensemble 2"];
        Assert.Equal(methods, table[2..].Select(line => line.Split('|')[1].Trim()));
        Assert.All(table[4..], line => Assert.Equal("1234", line.Split('|')[4].Trim()));

        JsonElement json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "scores.json"))).RootElement;
        using TorchNetwork first = TorchWeights.Load(weights[0]);
        Assert.Equal(2 * first.Description.MultiplyAddsPerPixel, json.GetProperty("weights")[0].GetProperty("multiplyAddsPerPixel").GetDouble(), 1e-6);
        Assert.Equal(["truth", .. methods], json.GetProperty("flicker").EnumerateArray().Select(line => line.GetProperty("method").GetString()));
        Assert.All(methods, method => Assert.True(File.Exists(Path.Combine(output, method, "moving", "00003.png")), method));
        Assert.All((string[])["brightness", "sharpness"], curve => Assert.True(RgbImage.Read(Path.Combine(output, $"moving-{curve}.png")).Width > 0));
        Assert.InRange(RgbImage.Read(sheet).Width, 9 * 320, 9 * 320 + 80); // truth, four methods, four errors
    }

    [Fact]
    public void Clips_at_a_quarter_of_their_rate_are_scored_at_each_time_by_both_ways_where_the_network_knows_it()
    {
        using var clips = new TrainingClips();
        string clip = clips.Add("moving.mkv", "testsrc2=size=64x48:rate=25", 9), output = clips["scores"];
        string folder = Directory.CreateDirectory(clips["weights"]).FullName;
        string timed = Path.Combine(folder, "timed.safetensors"), middle = Path.Combine(folder, "middle.safetensors");
        foreach (string file in (string[])[timed, middle])
        {
            using TorchNetwork network =
                (NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0, KnowsTime = file == timed }).CreateNetwork();
            TorchWeights.Save(network, file, new Dictionary<string, string>(), half: true);
        }

        TrainingProgram run =
            TrainingProgram.Run("evaluate", "--weights", timed, middle, "--clips", clip, "--every", "4", "--limit", "5", "--output", output, "--images");
        Assert.True(run.ExitCode == 0, run.Errors);
        JsonElement[] sets = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "scores.json"))).RootElement.GetProperty("sets").EnumerateArray()];
        Assert.Equal(
            ["moving.mkv, one frame in 4, at 1/4", "moving.mkv, one frame in 4, at 1/2", "moving.mkv, one frame in 4, at 3/4"],
            sets.Select(set => set.GetProperty("name").GetString()));
        Assert.All(sets, set => Assert.Equal(
            ["averaging", "timed", "timed by halving", "middle"],
            set.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("method").GetString())));
        Assert.Equal([2, 2, 1], sets.Select(set => set.GetProperty("items")[0].GetProperty("frames").GetInt32()));
        Assert.Equal(
            ["00001.png", "00002.png", "00003.png", "00005.png", "00006.png"],
            Directory.GetFiles(Path.Combine(output, "timed", "moving")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

        // In the middle both ways are one; elsewhere they are not.
        double[] direct = [.. sets.Select(set => Rmse(set, 1))], halving = [.. sets.Select(set => Rmse(set, 2))];
        Assert.Equal(halving[1], direct[1]);
        Assert.NotEqual(halving[0], direct[0]);

        static double Rmse(JsonElement set, int method) => set.GetProperty("items")[method].GetProperty("score").GetProperty("rmse").GetDouble();
    }

    [Fact]
    public void Minterpolate_is_left_out_with_a_word_where_ffmpeg_lacks_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The stand-in for ffmpeg is a shell script.");
            return;
        }

        using var clips = new TrainingClips();
        TestPictures.Write(clips["set"], ("im1.png", "im2.png", "im3.png"));
        string program = Path.Combine(Directory.CreateDirectory(clips["bin"]).FullName, "ffmpeg");
        File.WriteAllText(program, "#!/bin/sh\necho \"Unknown filter 'minterpolate'.\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        TrainingProgram run =
            TrainingProgram.Run(new Dictionary<string, string> { ["PATH"] = clips["bin"] }, "evaluate", "--set", clips["set"], "--minterpolate");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("minterpolate is skipped", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("| minterpolate |", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_requests_are_explained()
    {
        using var clips = new TrainingClips();
        string tooShort = clips.Add("short.mkv", "testsrc2=size=64x48:rate=25", 2);
        Refused("does not exist", "evaluate", "--set", clips["nowhere"]);
        Refused("short.mkv has 2 frames", "evaluate", "--clips", tooShort);
        Refused("holds no triplets", "evaluate", "--set", clips.Clips);
        Refused("could not be started; install FFmpeg", new Dictionary<string, string> { ["PATH"] = "" }, "evaluate", "--clips", tooShort);
        Refused("does not exist", "demo", clips["nowhere.mp4"], "--weights", "none.safetensors");
        Refused("is not the folder of a run", "report", clips.Clips);
        Refused("needs two values or more", "compare-losses", "--clips", clips.Clips, "--losses", "l1");
        Refused("odd, 1 to 63", "compare-kernels", "--clips", clips.Clips, "--sizes", "9", "10");
        Refused("2epochs, 500steps, 10min", "train", "--clips", clips.Clips, "--examine", "sometimes");
    }

    [Theory]
    [InlineData("", "No command is given; there are: prepare, train, evaluate, score, report, demo, adapt, compare-losses, compare-kernels, export.",
        "training --help")]
    [InlineData("evalute", "There is no command 'evalute'; did you mean 'evaluate'?", "training --help")]
    [InlineData("evaluate", "There is nothing to score; name a test set with --set or clips with --clips.", "training evaluate --help")]
    [InlineData("evaluate --sett a", "There is no option '--sett'; did you mean '--set'?", "training evaluate --help")]
    [InlineData("evaluate --set a b --images", "--images needs the folder to write to: --output DIR.", "training evaluate --help")]
    [InlineData("evaluate --set a --ensemble 3", "--ensemble: '3' is not one of 1, 2, 4, 8.", "training evaluate --help")]
    [InlineData("evaluate --clips a --every 4 --minterpolate", "--minterpolate is for frames in the middle; leave out --every.", "training evaluate --help")]
    [InlineData("evaluate --set a --limit 0", "--limit: '0' is not a whole number of 1 or more.", "training evaluate --help")]
    [InlineData("evaluate --set a --precision float17", "--precision: 'float17' is not one of", "training evaluate --help")]
    [InlineData("demo a.mp4", "--weights", "training demo --help")]
    [InlineData("demo a.mp4 b.mp4 --weights w", "'b.mp4' is one argument too many: demo takes clip.", "training demo --help")]
    [InlineData("export a", "output is missing.", "training export --help")]
    public void A_wrong_command_line_is_told_in_two_lines(string arguments, string problem, string type)
    {
        TrainingProgram run = TrainingProgram.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        string[] lines = run.Errors.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("training: error: " + (problem.StartsWith("--weights", StringComparison.Ordinal) ? "" : problem), lines[0], StringComparison.Ordinal);
        Assert.Contains(problem, lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"Type '{type}'", lines[1], StringComparison.Ordinal);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public void Options_take_several_values_alike_and_no_default_is_a_number_that_nobody_chose()
    {
        using var clips = new TrainingClips();
        TestPictures.Write(clips["one"], ("im1.png", "im2.png", "im3.png"));
        TestPictures.Write(clips["two"], ("im1.png", "im2.png", "im3.png"));
        TrainingProgram both = TrainingProgram.Run("evaluate", "--set", clips["one"], clips["two"]);
        Assert.True(both.ExitCode == 0, both.Errors);
        Assert.Equal(2, both.Output.Split("| mean of 2 | averaging |").Length - 1);
        foreach (string command in (string[])["evaluate", "demo"])
        {
            TrainingProgram help = TrainingProgram.Run(command, "--help");
            Assert.DoesNotContain("2147483647", help.Output, StringComparison.Ordinal);
            Assert.Contains("(default: all)", help.Output, StringComparison.Ordinal);
        }
    }

    private static void Refused(string words, params string[] arguments) => Refused(words, new Dictionary<string, string>(), arguments);

    private static void Refused(string words, Dictionary<string, string> environment, params string[] arguments)
    {
        TrainingProgram run = TrainingProgram.Run(environment, arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"mse_avg:([0-9.]+)")]
    private static partial Regex MeanSquaredError();

    [GeneratedRegex(@"All:([0-9.]+)")]
    private static partial Regex Similarity();
}
