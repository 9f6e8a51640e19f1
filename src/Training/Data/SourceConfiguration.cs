using System.Text.Json.Serialization;

namespace AdaConv.Training.Data;

/// <summary>A source of triplets and its share of the samples.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FootageConfiguration), "footage")]
[JsonDerivedType(typeof(SyntheticConfiguration), "synthetic")]
public abstract record SourceConfiguration
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>Weight among the sources: of 0.8 and 0.2 the second gives every fifth sample on average.</summary>
    public double Share { get; init; } = 1;

    /// <summary>What is wrong with the values: the rule that one of them breaks; null = nothing.</summary>
    internal virtual string? BrokenRule() => Share > 0 && double.IsFinite(Share) ? null : "a source's share must be above 0";
}
