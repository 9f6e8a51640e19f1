using System.Globalization;
using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Commands;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Tests.Support;
using NJsonSchema;
using YamlDotNet.RepresentationModel;

namespace AdaConv.FrameFilter.Tests.Configuration;

public sealed class SettingsSchemaTests
{
    public static TheoryData<string> Files =>
    [
        "filter.yaml",
        .. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "presets"), "*.yaml").Select(path => $"presets/{Path.GetFileName(path)}"),
    ];

    public static TheoryData<string> Paths => [.. Settings.All.Select(setting => setting.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_the_command_line_takes_passes_the_shipped_schema(string path)
    {
        Setting setting = Settings.All.Single(setting => setting.Path == path);
        string[] values = setting.IsMap ? [] : [.. setting.Words, setting.Format(new FilterOptions())];

        foreach (string value in values)
        {
            Assert.Empty(FilterCommandLine.Build().Parse(["convert", "in.mp4", "out.mp4", setting.Option, value]).Errors);
            Assert.Empty(await Problems($"{setting.Section}:\n  {setting.Key}: {value}"));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_the_command_line_refuses_the_shipped_schema_refuses(string path)
    {
        Setting setting = Settings.All.Single(setting => setting.Path == path);
        string option = setting.Option, yaml = $"{setting.Section}:\n  {setting.Key}: [wrong]";

        Assert.NotEmpty(await Problems(yaml));
        Assert.NotNull(Record.Exception(() => SettingsFile.Parse(yaml, "x.yaml")));
        Assert.NotEmpty(FilterCommandLine.Build().Parse(["convert", "in.mp4", "out.mp4", option + "x", "1"]).Errors);
        if (setting.Words.Count > 1 && !setting.IsText)
        {
            Assert.NotEmpty(FilterCommandLine.Build().Parse(["convert", "in.mp4", "out.mp4", option, "wrong"]).Errors);
            Assert.NotEmpty(await Problems($"{setting.Section}:\n  {setting.Key}: wrong"));
        }
    }

    [Fact]
    public void The_shipped_schema_has_no_key_that_the_program_refuses()
    {
        JsonObject sections = JsonNode.Parse(File.ReadAllText(ApplicationFiles.Find().Schema))!["properties"]!.AsObject();

        Assert.Equal(
            Settings.All.Select(setting => setting.Path).Order(StringComparer.Ordinal),
            sections.Where(section => section.Value!["properties"] is not null)
                .SelectMany(section => section.Value!["properties"]!.AsObject(), (section, key) => $"{section.Key}.{key.Key}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Shipped_files_pass_the_schema(string name)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, name));

        Assert.Empty(await Problems(text));
    }

    /// <remarks>What a word or a number in a file may be, the schema and the program must say alike.</remarks>
    [Theory]
    [InlineData("extends: fast", true)]
    [InlineData("extends: [fast]", false)]
    [InlineData("output:\n  quality: 20.5", true)]
    [InlineData("output:\n  quality: auto", true)]
    [InlineData("output:\n  quality: 64", false)]
    [InlineData("output:\n  qualty: 3", false)]
    [InlineData("outputs:\n  quality: 3", false)]
    [InlineData("output:\n  encoder-preset: 8", true)]
    [InlineData("output:\n  encoder: 264", false)]
    [InlineData("output:\n  encoder-options: { level: 3, tune: grain }", true)]
    [InlineData("output:\n  encoder-options: none", false)]
    [InlineData("output:\n  drop-unsupported-streams: off", true)]
    [InlineData("output:\n  drop-unsupported-streams: no", false)]
    [InlineData("interpolation:\n  memory-limit: 4GiB", true)]
    [InlineData("interpolation:\n  memory-limit: 4", false)]
    [InlineData("interpolation:\n  threads: 0", false)]
    [InlineData("interpolation:\n  kernels: vector256", true)]
    [InlineData("interpolation:\n  kernels: vector", false)]
    [InlineData("input:\n  expected-rate: 24000/1001", true)]
    [InlineData("input:\n  expected-rate: 24/", false)]
    [InlineData("timing:\n  fps: 59.94", true)]
    [InlineData("timing:\n  fps: fast", false)]
    [InlineData("timing:\n  slow: 4", true)]
    [InlineData("timing:\n  slow: off", true)]
    [InlineData("timing:\n  slow: 3", false)]
    [InlineData("timing:\n  slow: 'off'", true)]
    [InlineData("timing:\n  fps: '60000/1001'", true)]
    [InlineData("timing:\n  fps: '59.94'", false)]
    [InlineData("timing:\n  fps: 5.994e1", true)]
    [InlineData("output:\n  quality: 1.8e1", true)]
    [InlineData("output:\n  quality: '18'", false)]
    [InlineData("output:\n  resume: 'on'", true)]
    [InlineData("output:\n  resume: 'true'", false)]
    [InlineData("output:\n  resume: True", true)]
    [InlineData("output:\n  resume: On", false)]
    [InlineData("interpolation:\n  memory-limit: '4GiB'", true)]
    [InlineData("interpolation:\n  memory-limit: '4'", false)]
    public async Task Schema_and_program_agree(string text, bool valid)
    {
        Assert.Equal(valid, (await Problems(text)).Count == 0);
        Assert.Equal(valid, Record.Exception(() => SettingsFile.Parse(text, "x.yaml")) is null);
    }

    private static async Task<IReadOnlyCollection<string>> Problems(string yaml)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(ApplicationFiles.Find().Schema);
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. schema.Validate(ToJson(stream.Documents[0].RootNode)!.ToJsonString()).Select(problem => problem.ToString())];
    }

    // Plain scalars as YAML 1.2 reads them: numbers, true, false, and text.
    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "True" or "TRUE" } => true,
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "false" or "False" or "FALSE" } => false,
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } scalar
            when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } scalar
            when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => ((YamlScalarNode)node).Value,
    };
}
