using AdaConv.FrameFilter.Configuration;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Configuration;

public sealed class OptionsResolverTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    private ApplicationFiles Files => new(_folder["app"], _folder["user"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_command_line_beats_the_preset_and_the_preset_beats_the_defaults()
    {
        _folder.Write("app/filter.yaml", "output:\n  quality: 1\n  encoder: libx264\n  container: mp4\n  encoder-options: {a: 1, b: 1, c: 1}\n");
        _folder.Write("app/presets/p.yaml", "output:\n  quality: 2\n  encoder: libx265\n  encoder-options: {b: 2, c: 2}\n");
        var line = SettingsFile.Parse("output:\n  quality: 3\n  encoder-options: {c: 3}\n", "the command line");

        var options = OptionsResolver.Resolve(new OptionsResolver(Files).Layers("p", line)).Conversion;

        Assert.Equal((3.0, "libx265", "mp4"), (options.Quality, options.Encoder, options.Container));
        Assert.Equal(["a=1", "b=2", "c=3"], options.EncoderOptions.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    [Fact]
    public void Without_filter_yaml_the_built_in_defaults_hold()
    {
        Assert.Equal(new FilterOptions(), OptionsResolver.Resolve(new OptionsResolver(Files).Layers(null, null)));
    }

    [Fact]
    public void A_preset_is_found_beside_the_application_then_in_the_users_folder_then_by_path()
    {
        _folder.Write("app/presets/one.yaml", "# App's one.\noutput:\n  quality: 1\n");
        _folder.Write("user/presets/one.yaml", "# User's one.\noutput:\n  quality: 2\n");
        _folder.Write("user/presets/two.yaml", "output:\n  quality: 3\n");
        string own = _folder.Write("elsewhere/three.yml", "output:\n  quality: 4\n");
        var catalog = new PresetCatalog(Files);

        Assert.Equal("App's one.", catalog.Find("one").Purpose);
        Assert.Equal(_folder["user/presets/two.yaml"], catalog.Find("two").Path);
        Assert.Equal(own, catalog.Find(own).Path);
        Assert.Equal(["one", "two"], catalog.List().Select(preset => preset.Name));
    }

    [Fact]
    public void An_unknown_preset_names_those_there_are()
    {
        _folder.Write("app/presets/quality.yaml", "output:\n  quality: 1\n");

        var exception = Assert.Throws<ConfigurationException>(() => new PresetCatalog(Files).Find("qualty"));

        Assert.Contains("did you mean 'quality'?", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_explanation_names_the_source_of_each_value()
    {
        _folder.Write("app/filter.yaml", "output:\n  quality: 1\n");
        _folder.Write("app/presets/p.yaml", "output:\n  encoder: libx265\n");
        var layers = new OptionsResolver(Files).Layers("p", null);

        string text = SettingsText.Explain(OptionsResolver.Resolve(layers), layers);

        Assert.StartsWith($"# Values without a remark are from {_folder["app/filter.yaml"]}.\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n  encoder: libx265  # {_folder["app/presets/p.yaml"]}\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  quality: 1\n", text, StringComparison.Ordinal);
    }
}
