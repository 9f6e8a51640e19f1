using System.Text.Json;
using AdaConv.Training.Data;
using AdaConv.Training.Optimization;
using Xunit;

namespace AdaConv.Training.Tests.Optimization;

public sealed class TrainingConfigurationTests
{
    [Fact]
    public void Sources_and_augmentation_survive_the_file()
    {
        TrainingConfiguration configuration = new()
        {
            Sources = [new FootageConfiguration { Path = "clips", Share = 0.8 }, new SyntheticConfiguration { Path = "photos", Share = 0.2, MaximumMotion = 12 }],
            Augmentation = AugmentationConfiguration.Paper with { ScaleDown = 1.5 },
        };
        TrainingConfiguration read = Read(JsonSerializer.Serialize(configuration, TrainingConfiguration.Json));
        Assert.Equal(configuration.Sources, read.Sources);
        Assert.Equal(configuration.Augmentation, read.Augmentation);
    }

    [Fact]
    public void A_sources_kind_may_stand_anywhere_and_unknown_keys_are_refused()
    {
        TrainingConfiguration read = Read("""{ "sources": [ { "path": "photos", "kind": "synthetic", "rotation": 5 } ] }""");
        Assert.Equal(5, Assert.IsType<SyntheticConfiguration>(read.Sources[0]).Rotation);
        Assert.Throws<JsonException>(() => Read("""{ "sources": [ { "kind": "footage", "path": "clips", "rotation": 5 } ] }"""));
        Assert.Throws<NotSupportedException>(() => Read("""{ "sources": [ { "path": "clips" } ] }"""));
    }

    [Theory]
    [InlineData("""{ "sources": [] }""", "sources must name")]
    [InlineData("""{ "sources": [ { "kind": "footage", "path": "a", "share": 0 } ] }""", "share must be above 0")]
    [InlineData("""{ "sources": [ { "kind": "synthetic", "path": "a", "maximumMotion": 0.1 } ] }""", "maximumMotion")]
    [InlineData("""{ "sources": [ { "kind": "footage", "path": "a" } ], "augmentation": { "scaleDown": 0.5 } }""", "augmentation.scaleDown")]
    public void Values_out_of_range_are_named(string json, string words) =>
        Assert.Contains(words, Assert.Throws<TrainingException>(Read(json).Validate).Message, StringComparison.Ordinal);

    private static TrainingConfiguration Read(string json) => JsonSerializer.Deserialize<TrainingConfiguration>(json, TrainingConfiguration.Json)!;
}
