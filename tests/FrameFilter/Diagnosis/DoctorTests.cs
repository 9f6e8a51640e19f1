using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Diagnosis;

public sealed class DoctorTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_this_project_converts_the_doctor_finds_nothing_missing()
    {
        string version = FfmpegCommand.Text("-version").Split(' ')[2];

        var run = await ProcessRun.OfFilter(["doctor", "--json"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(report.GetProperty("fine").GetBoolean());
        Assert.Contains("cores", report.GetProperty("machine").GetString(), StringComparison.Ordinal);
        JsonElement[] findings = [.. report.GetProperty("findings").EnumerateArray()];
        Assert.Superset(
            new HashSet<string>(["FFmpeg", "encoders", "processor", "memory", "networks", "GPU", "weights", "disk", "settings"]),
            findings.Select(finding => finding.GetProperty("topic").GetString()!).ToHashSet());
        Assert.StartsWith(version, Of(findings, "FFmpeg"), StringComparison.Ordinal);
        Assert.Contains("avcodec", Of(findings, "FFmpeg"), StringComparison.Ordinal);
        Assert.Contains(findings, finding => finding.GetProperty("topic").GetString() == "weights"
            && Regex.IsMatch(finding.GetProperty("text").GetString()!, @"^guided: 3\.0 million parameters; Middlebury: \d+\.\d+ dB"));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Without_a_graphics_driver_the_self_test_says_why_there_is_none()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _), "NVIDIA's driver is here.");
        var run = await ProcessRun.OfFilter(["doctor", "--gpu-selftest"], _folder.Path);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Matches("result +no test: NVIDIA's driver library .* is not on this machine", run.Output);
    }

    [Fact]
    public async Task What_is_missing_is_told_with_the_line_to_type_and_the_rest_is_still_looked_at()
    {
        var run = await ProcessRun.OfFilter(
            ["doctor"],
            _folder.Path,
            new Dictionary<string, string?>
            {
                ["ADACONV_FFMPEG_DIR"] = _folder.Path,
                ["ADACONV_KERNELS"] = "fastest",
                ["TMPDIR"] = _folder["nowhere"],
                ["TMP"] = _folder["nowhere"],
            });

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"MISSING FFmpeg +FFmpeg's shared libraries were not found\.", run.Output);
        Assert.Matches(@"MISSING processor +.*ADACONV_KERNELS=fastest names no kernel level", run.Output);
        Assert.Matches(@"MISSING disk +temporary folder \S+nowhere cannot be written to", run.Output);
        Assert.Matches(@"ok +settings", run.Output);
        Assert.Contains(OperatingSystem.IsWindows() ? "→ set ADACONV_KERNELS=" : "→ unset ADACONV_KERNELS", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 things that conversions need are missing.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_cannot_be_loaded_and_weights_that_are_not_there_are_missing()
    {
        _folder.Write("models/broken.safetensors", "these are no weights");

        Finding[] findings = [.. new WeightsCheck(new ApplicationFiles(_folder.Path, "")).Look()];

        Assert.Equal([FindingState.Missing, FindingState.Missing], findings.Select(finding => finding.State));
        Assert.StartsWith("guided, the default, is not in", findings[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("broken: Reading the weights", findings[1].Text, StringComparison.Ordinal);
        Assert.All(findings, finding => Assert.Contains("git checkout", finding.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void A_settings_file_that_is_wrong_is_told_with_file_and_line()
    {
        _folder.Write("filter.yaml", "output:\n  quality: 20\n");
        _folder.Write("presets/good.yaml", "output:\n  quality: 1\n");
        _folder.Write("user/presets/bad.yaml", "extends: good\noutput:\n  qualty: 1\n");

        Finding[] findings = [.. new SettingsCheck(new ApplicationFiles(_folder.Path, _folder["user"])).Look()];

        Assert.Equal([FindingState.Missing, FindingState.Fine], findings.Select(finding => finding.State));
        Assert.StartsWith($"{_folder["user/presets/bad.yaml"]}:3: output.qualty", findings[0].Text, StringComparison.Ordinal);
        Assert.Contains("and 1 presets are valid", findings[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_throws_is_a_finding_and_ends_no_other()
    {
        Finding[] findings = [.. Doctor.Examine([new Broken(), new SettingsCheck(new ApplicationFiles(_folder.Path, ""))])];

        Assert.Equal(new Finding("broken", FindingState.Missing, "It does not work.", "mend it"), findings[1]);
        Assert.Equal("settings", findings[^1].Topic);
    }

    private static string? Of(JsonElement[] findings, string topic) =>
        findings.First(finding => finding.GetProperty("topic").GetString() == topic).GetProperty("text").GetString();

    private sealed class Broken : Check
    {
        public override string Topic => "broken";

        public override string? Remedy => "mend it";

        public override IEnumerable<Finding> Look()
        {
            yield return Fine("begun");
            throw new InvalidOperationException("It does not work.");
        }
    }
}
