using System.Text.Json;
using AdaConv.Model;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
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
            Sources = [new FootageConfiguration { Path = "clips", Share = 0.8 },
                new SyntheticConfiguration { Path = "photos", Share = 0.2, MaximumMotion = 12 }],
            Augmentation = AugmentationConfiguration.Paper with { ScaleDown = 1.5 },
        };
        TrainingConfiguration read = Read(JsonSerializer.Serialize(configuration, RunJson.Options));
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
    [InlineData("""{ "sources": [ { "kind": "footage", "path": "a" } ], "otherTimes": 1.5 }""", "otherTimes must be 0 to 1")]
    [InlineData("""{ "sources": [ { "kind": "footage", "path": "a" } ], "longestSpan": 2 }""", "longestSpan must be 3 to 16")]
    [InlineData("""{ "sources": [ { "kind": "footage", "path": "a" } ], "teacherShare": 0 }""", "teacherShare must be above 0")]
    [InlineData("""{ "sources": [ { "kind": "footage", "path": "a" } ], "teacherViews": 3 }""", "teacherViews must be 1, 2, 4 or 8")]
    public void Values_out_of_range_are_named(string json, string words) =>
        Assert.Contains(words, Assert.Throws<TrainingException>(Read(json).Validate).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("guided")]
    [InlineData("fast")]
    [InlineData("quality")]
    [InlineData("any-time")]
    [InlineData("paper")]
    [InlineData("paper-pretraining")]
    [InlineData("paper-steady")]
    public void The_shipped_configurations_are_valid(string name)
    {
        TrainingConfiguration configuration = Shipped(name);
        configuration.Validate();
        Assert.Equal(name.StartsWith("paper", StringComparison.Ordinal) ? NetworkKind.Paper : NetworkKind.Guided, configuration.Network.Kind);
    }

    [Fact]
    public void The_papers_two_parts_are_the_papers()
    {
        TrainingConfiguration first = Shipped("paper-pretraining"), second = Shipped("paper");
        Assert.Equal((1000, 0.01, 4096), (first.Epochs, first.LearningRate, Assert.IsType<FootageConfiguration>(first.Sources[0]).First));
        Assert.Equal((100, 0.001, 0), (second.Epochs, second.LearningRate, Assert.IsType<FootageConfiguration>(second.Sources[0]).First));
        Assert.Equal((16, 128, 51), (second.Batch, second.PatchSize, second.Network.KernelSize));
        Assert.Equal(256_000, first.WithSteps(4096).Steps);            // 1000 · 4096 / 16
        Assert.Equal(2560, first.ScaledDown(100).WithSteps(4096).Steps);
        Assert.Equal(AugmentationConfiguration.Paper, second.Augmentation);
    }

    [Fact]
    public void Epochs_need_footage_and_scaling_goes_down_only()
    {
        TrainingConfiguration configuration = new() { Sources = [], Epochs = 2 };
        Assert.Contains("synthetic samples alone have none", Assert.Throws<TrainingException>(() => configuration.WithSteps(null)).Message,
            StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => configuration.ScaledDown(0.5));
    }

    private static TrainingConfiguration Shipped(string name) =>
        Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configurations", name + ".json")));

    private static TrainingConfiguration Read(string json) => JsonSerializer.Deserialize<TrainingConfiguration>(json, RunJson.Options)!;
}
