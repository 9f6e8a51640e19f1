using AdaConv.Tests.Support;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;


namespace AdaConv.FrameFilter.Tests.Configuration;

public sealed class ShippedFilesTests
{
    public static TheoryData<string> Presets => [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "presets"), "*.yaml").Select(path => Path.GetFileName(path))];

    [Fact]
    public void Filter_yaml_holds_every_key_with_its_meaning_and_default()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "filter.yaml")).ReplaceLineEndings("\n");

        Assert.EndsWith("\n\n" + SettingsText.Document(new FilterOptions()), text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_is_valid_and_says_when_to_take_it(string name)
    {
        string path = Path.Combine(RepositoryFiles.Root, "presets", name);

        Assert.NotEmpty(new PresetCatalog(ApplicationFiles.Find()).Chain(SettingsFile.Read(path)).SelectMany(layer => layer.Values));
        Assert.Matches("^# [A-Z0-9].{20,140}\\.$", File.ReadLines(path).First());
        Assert.Equal("# yaml-language-server: $schema=schema.json", File.ReadLines(path).ElementAt(1));
    }

    [Fact]
    public void The_promised_presets_are_there()
    {
        var catalog = new PresetCatalog(ApplicationFiles.Find());

        Assert.Superset(new HashSet<string>(
            [
                "15to30", "animation", "archive-10bit-hevc", "archive-ffv1", "double", "fast", "film-24to48", "preview", "quality", "slow-motion-4x",
                "tv-25to50", "web-60",
            ]), catalog.List().Select(preset => preset.Name).ToHashSet());
    }

    [Fact]
    public void Every_setting_has_its_own_key_and_option()
    {
        Assert.Distinct(Settings.All.Select(setting => setting.Path));
        Assert.Distinct(Settings.All.SelectMany(setting => new[] { setting.Option, setting.Alias }).OfType<string>());
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var changed = new FilterOptions();
        changed = SettingsFile.Parse(
            "interpolation:\n  memory-limit: 1500MiB\n  threads: 7\n  model: 'my net'\noutput:\n  encoder-options:\n    tune: \"it's: #1\"\n",
            "a.yaml").ApplyTo(changed);

        string text = SettingsText.Document(changed);

        Assert.Equal(text, SettingsText.Document(SettingsFile.Parse(text, "b.yaml").ApplyTo(new FilterOptions())));
        Assert.Contains("memory-limit: 1500MiB", text, StringComparison.Ordinal);
    }
}
