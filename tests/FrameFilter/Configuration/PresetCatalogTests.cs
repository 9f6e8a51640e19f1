using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Configuration;

/// <summary>Which presets there are, and which of them a name means.</summary>
public sealed class PresetCatalogTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    private ApplicationFiles Files => new(_folder["app"], _folder["user"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_preset_is_found_in_the_users_folder_then_beside_the_application_then_by_path()
    {
        _folder.Write("app/presets/one.yaml", "# App's one.\noutput:\n  quality: 1\n");
        _folder.Write("user/presets/one.yaml", "# User's one.\noutput:\n  quality: 2\n");
        _folder.Write("user/presets/two.yaml", "output:\n  quality: 3\n");
        _folder.Write("app/presets/zero.yaml", "output:\n  quality: 3\n");
        string own = _folder.Write("elsewhere/three.yml", "output:\n  quality: 4\n");
        var catalog = new PresetCatalog(Files);

        Assert.Equal("User's one.", catalog.Find("one").Purpose);
        Assert.Equal(_folder["user/presets/two.yaml"], catalog.Find("two").Path);
        Assert.Equal(_folder["app/presets/zero.yaml"], catalog.Find("zero").Path);
        Assert.Equal(own, catalog.Find(own).Path);
        Assert.Equal([("one", true), ("two", false), ("zero", false)], catalog.List().Select(preset => (preset.Name, preset.ReplacesShipped)));
    }

    [Fact]
    public async Task The_list_says_which_presets_are_the_users_in_place_of_shipped_ones()
    {
        _folder.Write("adaconv/presets/fast.yaml", "# My own fast.\noutput:\n  quality: 33\n");
        _folder.Write("adaconv/presets/other.yaml", "# Another.\noutput:\n  quality: 34\n");
        var home = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = _folder.Path, ["APPDATA"] = _folder.Path };

        var list = await ProcessRun.OfFilter(["presets", "list"], _folder.Path, home);
        var show = await ProcessRun.OfFilter(["presets", "show", "fast"], _folder.Path, home);

        Assert.Matches(@"(?m)^fast +My own fast\. \(yours, instead of the shipped one\)\r?$", list.Output);
        Assert.Matches(@"(?m)^other +Another\.\r?$", list.Output);
        Assert.Contains($"quality: 33  # {_folder["adaconv/presets/fast.yaml"]}", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_ending_of_a_YAML_file_is_found_by_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Names differ by more than case here.");
        _folder.Write("user/presets/other.yml", "# Other.\noutput:\n  quality: 1\n");
        _folder.Write("user/presets/Up.YAML", "# Up.\noutput:\n  quality: 2\n");
        _folder.Write("user/presets/twice.yml", "# Second.\noutput:\n  quality: 3\n");
        _folder.Write("user/presets/twice.yaml", "# First.\noutput:\n  quality: 3\n");
        _folder.Write("user/presets/notes.txt", "# None.\n");
        var catalog = new PresetCatalog(Files);

        Assert.Equal(["Up.", "Other.", "First."], catalog.List().Select(preset => preset.Purpose));
        Assert.Equal(_folder["user/presets/Up.YAML"], catalog.Find("Up").Path);
        Assert.Equal(_folder["user/presets/other.yml"], catalog.Find("other").Path);
        Assert.Equal("Up.", catalog.Find(_folder["user/presets/Up.YAML"]).Purpose);
    }

    /// <remarks>Else a preset named like a shipped one would change those that extend it, or lead them in a circle.</remarks>
    [Fact]
    public void A_preset_in_place_of_a_shipped_one_may_extend_it_and_those_that_the_shipped_ones_extend_stay()
    {
        _folder.Write("app/presets/base.yaml", "output:\n  quality: 1\n  encoder: libx265\n");
        _folder.Write("app/presets/top.yaml", "extends: base\noutput:\n  container: mp4\n");
        _folder.Write("user/presets/base.yaml", "extends: base\noutput:\n  quality: 2\n");
        _folder.Write("user/presets/mine.yaml", "extends: base\n");

        Assert.Equal((2.0, "libx265"), Of("base"));
        Assert.Equal((1.0, "libx265"), Of("top"));
        Assert.Equal((2.0, "libx265"), Of("mine"));

        (double?, string?) Of(string preset) =>
            OptionsResolver.Resolve(new OptionsResolver(Files).Layers(preset, null)).Conversion is var options ? (options.Quality, options.Encoder) : default;
    }

    /// <remarks>A chain of 3000 took eight minutes.</remarks>
    [Fact]
    public void A_chain_without_end_is_refused_and_one_of_32_is_not()
    {
        for (int i = 0; i < 3000; i++)
        {
            _folder.Write($"app/presets/p{i}.yaml", i == 0 ? "output:\n  quality: 7\n" : $"extends: p{i - 1}\n");
        }

        var resolver = new OptionsResolver(Files);
        var exception = Assert.Throws<ConfigurationException>(() => resolver.Layers("p2999", null));

        Assert.Equal(7, OptionsResolver.Resolve(resolver.Layers("p31", null)).Conversion.Quality);
        Assert.Equal(
            $"{_folder["app/presets/p2968.yaml"]}:1: extends: is one preset too many: at most 32 may extend one another; put some of them into one file",
            exception.Message);
    }

    [Fact]
    public void A_hint_for_editors_is_no_purpose()
    {
        _folder.Write("app/presets/hint.yaml", "# yaml-language-server: $schema=schema.json\n# For this.\noutput:\n  quality: 1\n");
        _folder.Write("app/presets/none.yaml", "# yaml-language-server: $schema=schema.json\noutput:\n  quality: 1\n# Not the first line.\n");

        Assert.Equal(["For this.", ""], new PresetCatalog(Files).List().Select(preset => preset.Purpose));
    }
}
