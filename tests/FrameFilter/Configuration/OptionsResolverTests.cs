using AdaConv.Conversion.Options;
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
        _folder.Write("app/filter.yaml", "output:\n  quality: 1\n  pixel-format: yuv420p\n  container: mp4\n  encoder-options: {a: 1, b: 1, c: 1}\n");
        _folder.Write("app/presets/p.yaml", "output:\n  quality: 2\n  pixel-format: yuv444p\n  encoder-options: {b: 2, c: 2}\n");
        var line = SettingsFile.Parse("output:\n  quality: 3\n  encoder-options: {c: 3}\n", "the command line");

        var options = OptionsResolver.Resolve(new OptionsResolver(Files).Layers("p", line)).Conversion;

        Assert.Equal((3.0, "yuv444p", "mp4"), (options.Quality, options.PixelFormat, options.Container));
        Assert.Equal(["a=1", "b=2", "c=3"], options.EncoderOptions.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    [Fact]
    public void Without_filter_yaml_the_built_in_defaults_hold()
    {
        Assert.Equal(new FilterOptions(), OptionsResolver.Resolve(new OptionsResolver(Files).Layers(null, null)));
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

    [Fact]
    public void A_preset_lies_over_the_one_it_extends()
    {
        _folder.Write("app/presets/base.yaml", "output:\n  quality: 1\n  encoder: libx265\n  encoder-options: {a: 1, b: 1}\n");
        _folder.Write("app/presets/middle.yaml", "extends: base\noutput:\n  quality: 2\n");
        string mine = _folder.Write("elsewhere/mine.yaml", "extends: middle\noutput:\n  encoder-options: {b: 2}\n");
        _folder.Write("elsewhere/beside.yaml", "extends: ./mine.yaml\n");
        var resolver = new OptionsResolver(Files);

        foreach (string preset in new[] { mine, _folder["elsewhere/beside.yaml"] })
        {
            var layers = resolver.Layers(preset, null);
            var options = OptionsResolver.Resolve(layers).Conversion;

            Assert.Equal((2.0, "libx265"), (options.Quality, options.Encoder));
            Assert.Equal(["a=1", "b=2"], options.EncoderOptions.Select(pair => $"{pair.Key}={pair.Value}").Order());
            Assert.Contains($"encoder: libx265  # {_folder["app/presets/base.yaml"]}",
                SettingsText.Explain(OptionsResolver.Resolve(layers), layers), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Presets_that_extend_one_another_in_a_circle_are_told_with_file_and_line()
    {
        _folder.Write("app/presets/a.yaml", "extends: b\n");
        _folder.Write("app/presets/b.yaml", "# B.\nextends: c\n");
        _folder.Write("app/presets/c.yaml", "# C.\n\nextends: b\n");
        _folder.Write("app/presets/self.yaml", "extends: self\n");
        var resolver = new OptionsResolver(Files);

        var circle = Assert.Throws<ConfigurationException>(() => resolver.Layers("a", null));
        var self = Assert.Throws<ConfigurationException>(() => resolver.Layers("self", null));

        Assert.Equal($"{_folder["app/presets/c.yaml"]}:3: extends: leads in a circle: b → c → b", circle.Message);
        Assert.Equal($"{_folder["app/presets/self.yaml"]}:1: extends: leads in a circle: self → self", self.Message);
    }

    [Theory]
    [InlineData("extends: qualty\n", ":1: extends: There is no preset 'qualty'; did you mean 'quality'?")]
    [InlineData("output:\n  quality: 3\nextends: ./none.yaml\n", ":3: extends: The preset file ")]
    [InlineData("extends:\n", ":1: extends: has no value")]
    [InlineData("extends: [quality]\n", ":1: extends: one value is expected")]
    [InlineData("extends: quality\nextends: quality\n", ":2: extends: is set twice")]
    [InlineData("extend: quality\n", ":1: extend: is not a section; did you mean 'extends'?")]
    public void A_base_that_is_none_is_told_with_file_and_line(string text, string words)
    {
        _folder.Write("app/presets/quality.yaml", "output:\n  quality: 1\n");
        string path = _folder.Write("mine.yaml", text);

        var exception = Assert.Throws<ConfigurationException>(() => new OptionsResolver(Files).Layers(path, null));

        Assert.StartsWith(path + words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_extend_nothing()
    {
        _folder.Write("app/filter.yaml", "extends: fast\n");

        var exception = Assert.Throws<ConfigurationException>(() => new OptionsResolver(Files).Layers(null, null));

        Assert.StartsWith($"{_folder["app/filter.yaml"]}:1: extends: only presets extend", exception.Message, StringComparison.Ordinal);
    }
}
