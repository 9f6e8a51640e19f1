using AdaConv.Conversion.Options;
using AdaConv.Engine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Configuration;

public sealed class SettingsFileTests
{
    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var options = OptionsResolver.Resolve([SettingsFile.Parse(
            """
            # A comment first.
            input:
              expected-rate: 24000/1001
            interpolation:
              method: average
              model: "guided"
              threads: 3
              memory-limit: 4GiB
              kernels: vector256
            scenes:
              detect-cuts: off
              threshold: 0.25
              at-cut: blend
            output:
              encoder: libx265
              quality: 20.5
              pixel-format: auto
              encoder-options:
                keyint: 60
                x265-params: 'a=1:b=2'
            performance:
              decoder-threads: auto
              encoder-threads: 2
            """,
            "test.yaml")]);

        Assert.Equal(new Rational(24000, 1001), options.Conversion.ExpectedRate);
        Assert.Equal(InterpolationMethod.Average, options.Interpolation.Method);
        Assert.Equal("guided", options.Interpolation.Model);
        Assert.Equal(3, options.Interpolation.Network.Threads);
        Assert.Equal(4L << 30, options.Interpolation.Network.MemoryLimit);
        Assert.Equal(KernelLevel.Vector256, options.Interpolation.Network.Kernels);
        Assert.False(options.Conversion.SceneCutDetection);
        Assert.Equal(0.25, options.Conversion.SceneCutThreshold);
        Assert.Equal(CutHandling.Blend, options.Conversion.CutHandling);
        Assert.Equal("libx265", options.Conversion.Encoder);
        Assert.Equal(20.5, options.Conversion.Quality);
        Assert.Null(options.Conversion.PixelFormat);
        Assert.Equal("60", options.Conversion.EncoderOptions["keyint"]);
        Assert.Equal("a=1:b=2", options.Conversion.EncoderOptions["x265-params"]);
        Assert.Equal(0, options.Conversion.DecoderThreads);
        Assert.Equal(2, options.Conversion.EncoderThreads);
    }

    [Theory]
    [InlineData("output:\n  qualty: 18\n", 2, "output.qualty", "did you mean 'quality'?")]
    [InlineData("output:\n  qualty: 18\n", 2, "output.qualty", "keys of 'output' are container, first-picture, encoder, quality")]
    [InlineData("outptu:\n  quality: 18\n", 1, "outptu", "did you mean 'output'?")]
    [InlineData("# x\nquality: 18\n", 2, "quality", "'quality' belongs in the section 'output'")]
    [InlineData("scenes:\n  quality: 18\n", 2, "scenes.quality", "'quality' belongs in the section 'output'")]
    [InlineData("output:\n  quality: 99\n", 2, "output.quality", "'99' is out of range; allowed: a number from 0 to 63, or auto")]
    [InlineData("output:\n  quality: -1\n", 2, "output.quality", "'-1' is out of range")]
    [InlineData("output:\n  quality: good\n", 2, "output.quality", "'good' is not a number")]
    [InlineData("output:\n  quality: NaN\n", 2, "output.quality", "'NaN' is not a number")]
    [InlineData("output:\n  quality: 18,5\n", 2, "output.quality", "'18,5' is not a number")]
    [InlineData("output:\n  quality: 9.9e1\n", 2, "output.quality", "'99' is out of range")]
    [InlineData("output:\n  quality: 1e99\n", 2, "output.quality", "'1e99' is not a number")]
    [InlineData("output:\n  quality: '18'\n", 2, "output.quality", "is text in quotes")]
    [InlineData("output:\n  quality:\n", 2, "output.quality", "has no value")]
    [InlineData("output:\n  quality: ~\n", 2, "output.quality", "has no value")]
    [InlineData("output:\n  quality: [18]\n", 2, "output.quality", "one value is expected")]
    [InlineData("output:\n  quality: {a: 1}\n", 2, "output.quality", "one value is expected")]
    [InlineData("output:\n  quality: !!int 18\n", 2, "output.quality", "has a tag")]
    [InlineData("output:\n  resume: 'true'\n", 2, "output.resume", "is text in quotes")]
    [InlineData("timing:\n  factor: '4'\n", 2, "timing.factor", "is text in quotes")]
    [InlineData("timing:\n  fps: '59.94'\n", 2, "timing.fps", "is text in quotes")]
    [InlineData("timing:\n  factor: 4\n  fps: 60\n", 3, "timing.fps", "set one of them to auto; timing.factor is set in line 2")]
    [InlineData("timing:\n  slow: 2\n  loop: on\n  fps: 60\n", 4, "timing.fps", "set fps to auto or slow to off; timing.slow is set in line 2")]
    [InlineData("interpolation:\n  threads: 2.5\n", 2, "interpolation.threads", "'2.5' is not a whole number")]
    [InlineData("interpolation:\n  threads: 0\n", 2, "interpolation.threads", "out of range")]
    [InlineData("interpolation:\n  threads: 99999999999999999999\n", 2, "interpolation.threads", "is not a whole number")]
    [InlineData("interpolation:\n  memory-limit: 4\n", 2, "interpolation.memory-limit", "'4' is not a size")]
    [InlineData("interpolation:\n  memory-limit: 1kB\n", 2, "interpolation.memory-limit", "out of range; allowed: a whole number with a unit")]
    [InlineData("interpolation:\n  memory-limit: 9999999999GiB\n", 2, "interpolation.memory-limit", "out of range")]
    [InlineData("interpolation:\n  method: netwrok\n", 2, "interpolation.method", "did you mean 'network'?; allowed: network, average")]
    [InlineData("scenes:\n  detect-cuts: maybe\n", 2, "scenes.detect-cuts", "'maybe' is neither on nor off; allowed: on, off")]
    [InlineData("input:\n  expected-rate: 15/0\n", 2, "input.expected-rate", "'15/0' is not a frame rate")]
    [InlineData("output:\n  encoder: 42\n", 2, "output.encoder", "'42' is not a name")]
    [InlineData("output:\n  encoder-options: fast\n", 2, "output.encoder-options", "names with values are expected")]
    [InlineData("output:\n  encoder-options:\n    a b: 1\n", 3, "output.encoder-options.a b", "'a b' is not a name")]
    [InlineData("output:\n  encoder-options:\n    tune: [x]\n", 3, "output.encoder-options.tune", "one value is expected")]
    [InlineData("output:\n  quality: 18\n  quality: 19\n", 3, "output.quality", "is set twice, first in line 2")]
    [InlineData("output:\n  quality: 18\noutput:\n  quality: 19\n", 3, "output", "is set twice, first in line 1")]
    [InlineData("output: 18\n", 1, "output", "is a section; its keys are")]
    [InlineData("output:\n\tquality: 18\n", 2, null, "indented with a tab")]
    [InlineData("", 1, null, "holds no settings; sections are input, timing, interpolation")]
    [InlineData("# only words\n", 1, null, "holds no settings")]
    [InlineData("- 1\n- 2\n", 1, null, "sections with keys are expected")]
    [InlineData("just words\n", 1, null, "sections with keys are expected")]
    [InlineData("output:\n  quality: 18\n quality: 19\n", 3, null, "is not YAML")]
    [InlineData("output:\n  quality: 'open\n", 2, null, "is not YAML")]
    [InlineData("scenes:\n  at-cut: {repeat\n  # a comment\n  threshold: 1\n", 2, "scenes.at-cut", "one value is expected")]
    [InlineData("output: *other\n", 1, "output", "is a section")]
    [InlineData("? [a]\n: b\n", 1, null, "a plain key is expected")]
    [InlineData("output:\n  quality: 18\n---\noutput:\n  quality: 19\n", 3, null, "a second document")]
    public void A_mistake_is_told_with_its_line_its_key_and_what_is_allowed(string yaml, int line, string? key, string reason)
    {
        var exception = Assert.Throws<ConfigurationException>(() => SettingsFile.Parse(yaml, "my.yaml"));

        var problem = exception.Problems[0];
        Assert.Equal(("my.yaml", line, key), (problem.File, problem.Line, problem.Key));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.StartsWith(key is null ? $"my.yaml:{line}: " : $"my.yaml:{line}: {key}: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("output:\n  quality: 1.8e1", "output:\n  quality: 18")]
    [InlineData("output:\n  quality: +.5", "output:\n  quality: 0.5")]
    [InlineData("output:\n  quality: 'auto'", "output:\n  quality: auto")]
    [InlineData("interpolation:\n  threads: 0x1F", "interpolation:\n  threads: 31")]
    [InlineData("interpolation:\n  threads: 0o17", "interpolation:\n  threads: 15")]
    [InlineData("interpolation:\n  threads: 4.0e0", "interpolation:\n  threads: 4")]
    [InlineData("timing:\n  factor: +4", "timing:\n  factor: 4")]
    [InlineData("timing:\n  fps: 5.994e1", "timing:\n  fps: 60000/1001")]
    [InlineData("timing:\n  fps: \"60000/1001\"", "timing:\n  fps: 60000/1001")]
    [InlineData("interpolation:\n  memory-limit: \"4GiB\"", "interpolation:\n  memory-limit: 4GiB")]
    [InlineData("output:\n  resume: \"on\"", "output:\n  resume: on")]
    [InlineData("output:\n  resume: True", "output:\n  resume: on")]
    [InlineData("output:\n  resume: FALSE", "output:\n  resume: off")]
    public void Every_form_that_YAML_has_of_a_value_is_read(string form, string plain) => Assert.Equal(
        SettingsText.Plain(SettingsFile.Parse(plain, "a.yaml").ApplyTo(new())), SettingsText.Plain(SettingsFile.Parse(form, "b.yaml").ApplyTo(new())));

    [Fact]
    public void A_number_too_small_to_be_held_is_no_zero() =>
        Assert.Throws<ConfigurationException>(() => SettingsFile.Parse("output:\n  quality: 1e-40\n", "my.yaml"));

    [Fact]
    public void All_mistakes_are_told_at_once_in_their_order()
    {
        var exception = Assert.Throws<ConfigurationException>(() => SettingsFile.Parse(
            "output:\n  quality: 99\n  colour: red\nscenes:\n  threshold: 2\nzoom: 1\n", "my.yaml"));

        Assert.Equal([2, 3, 5, 6], exception.Problems.Select(problem => problem.Line));
    }

    [Fact]
    public void Deep_nesting_is_refused_without_harm()
    {
        string yaml = "output:\n  quality: " + new string('[', 5000) + new string(']', 5000) + "\n";

        Assert.Throws<ConfigurationException>(() => SettingsFile.Parse(yaml, "my.yaml"));
    }

    /// <remarks>Eighty thousand took the parser 24 seconds.</remarks>
    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{a: ")]
    public void Brackets_without_end_are_refused_at_once(string bracket)
    {
        var begin = System.Diagnostics.Stopwatch.GetTimestamp();

        var exception = Assert.Throws<ConfigurationException>(
            () => SettingsFile.Parse("# [[\noutput:\n  quality: " + string.Concat(Enumerable.Repeat(bracket, 200_000)), "my.yaml"));

        Assert.Contains("64 brackets are open at once", exception.Message, StringComparison.Ordinal);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_device_without_end_is_no_settings_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /dev/zero.");
        using var folder = new ClipFolder();

        var exception = Assert.Throws<ConfigurationException>(() => SettingsFile.Read("/dev/zero"));

        Assert.Contains("holds no settings", exception.Message, StringComparison.Ordinal);
        Assert.Empty(new PresetCatalog(new ApplicationFiles(folder.Path, folder.Path)).Find("/dev/zero").Purpose);
    }

    [Fact]
    public void A_relative_model_path_starts_from_the_file_that_names_it()
    {
        using var folder = new ClipFolder();
        string path = folder.Write("sub/my.yaml", "interpolation:\n  model: ../nets/own.safetensors\n");

        var options = OptionsResolver.Resolve([SettingsFile.Read(path)]);

        Assert.Equal(folder["nets/own.safetensors"], options.Interpolation.Model);
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused()
    {
        using var folder = new ClipFolder();
        string path = folder["image.yaml"];
        File.WriteAllBytes(path, [0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]);

        var exception = Assert.Throws<ConfigurationException>(() => SettingsFile.Read(path));

        Assert.Contains("is not UTF-8 text", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_nothing_is_called_that()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var folder = new ClipFolder();
        File.CreateSymbolicLink(folder["link.yaml"], folder["gone.yaml"]);

        var exception = Assert.Throws<ConfigurationException>(() => SettingsFile.Read(folder["link.yaml"]));

        Assert.Contains($"is a link to {folder["gone.yaml"]}, and there is no such file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var exception = Assert.Throws<ConfigurationException>(() => SettingsFile.Read("nowhere.yaml"));

        Assert.Contains("nowhere.yaml", exception.Message, StringComparison.Ordinal);
    }
}
