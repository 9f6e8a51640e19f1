using AdaConv.Tests.Support;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;


namespace AdaConv.FrameFilter.Tests.Configuration;

public sealed class ShippedFilesTests
{
    public static TheoryData<string> Presets =>
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "presets"), "*.yaml").Select(path => Path.GetFileName(path))];

    [Fact]
    public void Filter_yaml_sets_every_setting_to_its_default_and_says_how_to_change_it()
    {
        string path = Path.Combine(RepositoryFiles.Root, "filter.yaml");
        SettingsLayer layer = SettingsFile.Read(path);
        string changed = SettingsText.Document(SettingsFile.Parse("output:\n  quality: 30\ntiming:\n  slow: 4\n", "x.yaml").ApplyTo(new FilterOptions()));

        Assert.Equal(SettingsText.Document(new FilterOptions()), SettingsText.Document(layer.ApplyTo(new FilterOptions())));
        Assert.NotEqual(changed, SettingsText.Document(layer.ApplyTo(new FilterOptions())));
        Assert.All(Settings.All.Where(setting => !setting.IsMap), setting => Assert.True(layer.Sets(setting), setting.Path));

        // What stands above a key: its words, and an option that the command line takes.
        string comment = "";
        foreach (string line in File.ReadLines(path).Select(line => line.Trim()))
        {
            if (line.StartsWith('#'))
            {
                comment += line[1..];
                continue;
            }

            if (Settings.All.SingleOrDefault(setting => line.StartsWith(setting.Key + ":", StringComparison.Ordinal)
                && comment.Contains(setting.Option, StringComparison.Ordinal)) is { } setting)
            {
                Assert.All(setting.Words, word => Assert.Contains(word, comment, StringComparison.Ordinal));
            }
            else
            {
                Assert.True(line.Length == 0 || line.EndsWith(':'), $"{line} has no comment with its option.");
            }

            comment = "";
        }
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
