using System.Globalization;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed class RunReportTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    [Fact]
    public async Task The_page_shows_the_run_in_a_browser_without_a_network()
    {
        using var clips = new TrainingClips();
        BrowserPage page = await browser.OpenAsync(RunReport.Write(Run(clips)));
        int images = (await page.EvaluateAsync("document.images.length")).GetInt32();
        Assert.Equal(5 + 2 * (1 + 2 + 1), images); // five curves; two pictures, each: averaging, two examinations, truth
        Assert.Equal(images, (await page.EvaluateAsync("[...document.images].filter(image => image.complete && image.naturalWidth > 0).length")).GetInt32());
        Assert.Empty(page.Complaints);

        await page.EvaluateAsync("document.querySelector('.pair').scrollIntoView()");
        const string Line = "document.querySelector('.pair').style.getPropertyValue('--at')";
        string before = (await page.EvaluateAsync(Line)).GetString()!;
        double[] box =
            [.. (await page.EvaluateAsync("(b => [b.left, b.top, b.width, b.height])(document.querySelector('.pair').getBoundingClientRect())"))
                .EnumerateArray().Select(value => value.GetDouble())];
        await page.DragAsync(box[0] + box[2] / 2, box[1] + box[3] / 2, box[0] + box[2] / 4, box[1] + box[3] / 2);
        string after = (await page.EvaluateAsync(Line)).GetString()!;
        Assert.NotEqual(before, after);
        Assert.InRange(double.Parse(after.TrimEnd('%'), CultureInfo.InvariantCulture), 20, 30);

        string text = (await page.EvaluateAsync("document.body.innerText")).GetString()!;
        Assert.All((string[])["step 20 (epoch 2.0)", "IFRNet-S", "37.24", "learningRate", "0.0006", "sources[0].path"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_of_the_command_line_leaves_its_report()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        TestPictures.Write(clips["set"], ("frame10.png", "frame10i11.png", "frame11.png"));
        File.WriteAllText(clips["small.json"], ComparisonTests.Small);
        TrainingProgram train = TrainingProgram.Run(
            "train", "--config", clips["small.json"], "--clips", clips.Clips, "--cache", clips["cache"], "--run", clips["run"], "--steps", "4",
            "--middlebury", clips["set"], "--validation", clips.Clips, "--examine", "2steps");
        Assert.True(train.ExitCode == 0, train.Errors);
        Assert.Contains("examined at step 2  middlebury", train.Output, StringComparison.Ordinal);
        Assert.Contains("validation loss", train.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["2", "4", "averaging", "truth"],
            Directory.GetDirectories(Path.Combine(clips["run"], "examinations")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        RunLog log = RunLog.Read(Path.Combine(clips["run"], "log.jsonl"));
        Assert.Equal([2, 4], log.Examinations.Select(entry => entry.Step));
        Assert.All(log.Examinations, entry => Assert.True(entry is { Pictures: > 0, Validation: > 0, ValidationLoss: > 0, ValidationBaseline: > 0 }));
        Assert.True(log.StepsPerEpoch > 1);
        BrowserPage page = await browser.OpenAsync(Path.Combine(clips["run"], "report.html"));
        Assert.Equal(5 + 2 * 4, (await page.EvaluateAsync("[...document.images].filter(image => image.naturalWidth > 0).length")).GetInt32());
    }

    [Fact]
    public void The_curves_lie_in_the_runs_folder()
    {
        using var clips = new TrainingClips();
        string run = Run(clips);
        RunReport.Write(run);
        string[] curves = [.. Directory.GetFiles(Path.Combine(run, "curves")).Order(StringComparer.Ordinal)];
        Assert.Equal(["learning-rate.png", "loss.png", "psnr.png", "ratio.png", "speed.png"], curves.Select(path => Path.GetFileName(path)!));
        Assert.All(curves, path => Assert.Equal((1200, 520), (RgbImage.Read(path).Width, RgbImage.Read(path).Height)));
    }

    [Fact]
    public void A_run_without_examinations_has_a_page_too()
    {
        using var clips = new TrainingClips();
        string run = clips["run"];
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "config.json"), "{}");
        File.WriteAllText(Path.Combine(run, "log.jsonl"), "");
        Assert.Contains("No step has been logged yet.", File.ReadAllText(RunReport.Write(run)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_named()
    {
        using var clips = new TrainingClips();
        Assert.Contains("is not the folder of a run", Assert.Throws<TrainingException>(() => RunReport.Write(clips.Clips)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_that_were_done_again_replace_the_first_ones_and_a_torn_line_is_passed_over()
    {
        using var clips = new TrainingClips();
        RunLog log = RunLog.Read(Path.Combine(Run(clips), "log.jsonl"));
        Assert.Equal([5, 10, 15, 20], log.Progress.Select(entry => entry.Step));
        Assert.Equal(0.03, log.Progress[2].Loss);
        Assert.Equal([10, 20], log.Examinations.Select(entry => entry.Step));
        Assert.Equal((31.5, double.PositiveInfinity, 0.02), (log.Examinations[1].Pictures, log.Examinations[1].Validation, log.Examinations[1].ValidationLoss));
        Assert.Equal(10, log.StepsPerEpoch);
    }

    // A run that was killed after step 17 and gone on with from step 10.
    private static string Run(TrainingClips clips)
    {
        string run = clips["run"];
        TestPictures.Write(clips["set"], ("frame10.png", "frame10i11.png", "frame11.png"));
        Examination examination = new(run, clips["set"], null, (predicted, truth) => (predicted - truth).abs().mean());
        examination.Run(new AveragingInterpolator(), 10);
        examination.Run(new AveragingInterpolator(), 20);
        File.WriteAllText(Path.Combine(run, "config.json"), """{ "learningRate": 0.0006, "sources": [{ "kind": "footage", "path": "clips & more" }] }""");
        File.WriteAllLines(Path.Combine(run, "log.jsonl"),
        [
            """{"step":0,"stepsPerEpoch":10}""",
            """{"step":5,"loss":0.05,"baseline":0.06,"norm":0.1,"samplesPerSecond":12.5,"rate":0.0001}""",
            """{"step":10,"loss":0.04,"baseline":0.06,"norm":0.1,"samplesPerSecond":12.5,"rate":0.0002}""",
            """{"step":10,"middlebury":{"psnr":30.5,"error":3.5,"each":{"a":30.5}}}""",
            """{"step":15,"loss":0.09,"baseline":0.06,"norm":0.1,"samplesPerSecond":12.5,"rate":0.0003}""",
            """{"step":17,"validation":{"psnr":20,"loss":0.5,"baseline":0.5}}""",
            """{"step":17,"loss":0.0""",
            """{"step":15,"loss":0.03,"baseline":0.06,"norm":0.1,"samplesPerSecond":12.5,"rate":0.0003}""",
            """{"step":20,"loss":0.02,"baseline":0.06,"norm":0.1,"samplesPerSecond":12.5,"rate":0.0004}""",
            """{"step":20,"middlebury":{"psnr":31.5,"error":3.1,"each":{"a":31.5}}}""",
            """{"step":20,"validation":{"psnr":"Infinity","loss":0.02,"baseline":0.03}}""",
        ]);
        return run;
    }
}
