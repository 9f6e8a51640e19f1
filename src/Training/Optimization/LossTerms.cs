using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaConv.Training.Optimization;

/// <summary>A weighted sum of losses, written as <c>l1</c> or <c>l1,laplacian=0.2</c>: a kind without a number weighs 1.</summary>
[JsonConverter(typeof(TextConverter))]
public sealed record LossTerms
{
    private LossTerms(IReadOnlyList<(LossKind Kind, double Weight)> terms) => Terms = terms;

    /// <summary>The losses and their weights, each kind once, every weight above 0.</summary>
    public IReadOnlyList<(LossKind Kind, double Weight)> Terms { get; }

    /// <summary>One loss alone.</summary>
    public static implicit operator LossTerms(LossKind kind) => FromKind(kind);

    /// <summary>One loss alone.</summary>
    public static LossTerms FromKind(LossKind kind) => new([(kind, 1)]);

    /// <summary>Reads the written form.</summary>
    /// <exception cref="TrainingException">A kind is unknown or named twice, or a weight is no number above 0.</exception>
    public static LossTerms Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<(LossKind Kind, double Weight)> terms = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            double weight = 1;
            if (!Enum.TryParse(sides[0], ignoreCase: true, out LossKind kind) || !Enum.IsDefined(kind) || char.IsDigit(sides[0].FirstOrDefault()))
            {
                throw new TrainingException($"The loss \"{sides[0]}\" is unknown. Known: {string.Join(", ", Enum.GetValues<LossKind>().Select(Name))}.");
            }

            if (sides.Length == 2 && !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out weight)
                || !(weight > 0 && double.IsFinite(weight)))
            {
                throw new TrainingException($"The weight of the loss {Name(kind)} is \"{sides[^1]}\"; a number above 0 is needed, as in {Name(kind)}=0.2.");
            }

            if (terms.Any(term => term.Kind == kind))
            {
                throw new TrainingException($"The loss {Name(kind)} is named twice in \"{text}\".");
            }

            terms.Add((kind, weight));
        }

        return new LossTerms(terms);
    }

    /// <inheritdoc/>
    public bool Equals(LossTerms? other) => other is not null && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override int GetHashCode() => Terms.Aggregate(0, HashCode.Combine);

    /// <summary>The written form.</summary>
    public override string ToString() => string.Join(
        ',', Terms.Select(term => term.Weight == 1 ? Name(term.Kind) : string.Create(CultureInfo.InvariantCulture, $"{Name(term.Kind)}={term.Weight}")));

    private static string Name(LossKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private sealed class TextConverter : JsonConverter<LossTerms>
    {
        public override LossTerms Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Parse(reader.GetString() ?? "");
            }
            catch (TrainingException exception)
            {
                throw new JsonException(exception.Message, exception);
            }
        }

        public override void Write(Utf8JsonWriter writer, LossTerms value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>How the distance of a predicted frame from the true one is measured.</summary>
public enum LossKind
{
    /// <summary>Mean absolute difference (the paper's L1).</summary>
    L1,

    /// <summary>Mean squared difference (the paper's L2).</summary>
    L2,

    /// <summary>Mean of √(d² + 10⁻⁶): L1 with a smooth foot.</summary>
    Charbonnier,

    /// <summary>L1 between the five levels of both Laplacian pyramids, each level weighted by 2ˡᵉᵛᵉˡ (Niklaus and Liu 2018, eq. 6).</summary>
    Laplacian,

    /// <summary>Soft Hamming distance of both 7×7 census transforms of brightness (Meister et al. 2018): structure, whatever the light.</summary>
    Census,
}
