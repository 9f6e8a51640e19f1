using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Planning;

/// <summary>Plans as JSON: properties in the order of their declaration, options in that of their names, no text that depends on the machine.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Whole = CreateFormat(new DefaultJsonTypeInfoResolver());
    private static readonly JsonSerializerOptions Decisive = CreateFormat(new DefaultJsonTypeInfoResolver { Modifiers = { DropExecution } });

    /// <summary>All of a plan.</summary>
    public static string Write(ConversionPlan plan) => JsonSerializer.Serialize(plan, Whole);

    /// <summary>What of a plan decides the output: all but the properties marked <see cref="ExecutionOnlyAttribute"/>.</summary>
    public static string WriteDecisive(ConversionPlan plan) => JsonSerializer.Serialize(plan, Decisive);

    /// <summary>A plan that <see cref="Write"/> wrote.</summary>
    public static ConversionPlan Read(string json) => JsonSerializer.Deserialize<ConversionPlan>(json, Whole) ?? throw new JsonException("There is no plan.");

    private static JsonSerializerOptions CreateFormat(IJsonTypeInfoResolver resolver) => new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        TypeInfoResolver = resolver,
    };

    private static void DropExecution(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(IsExecutionOnly).ToArray())
        {
            type.Properties.Remove(property);
        }
    }

    private static bool IsExecutionOnly(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(ExecutionOnlyAttribute), inherit: false) == true;
}

/// <summary>Fractions as FFmpeg writes them: "24000/1001", "25".</summary>
internal sealed class RationalConverter : JsonConverter<Rational>
{
    public override Rational Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string[] parts = (reader.GetString() ?? "").Split('/');
        return parts.Length is 1 or 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long numerator)
            && long.TryParse(parts.Length == 2 ? parts[1] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out long denominator)
                ? new(numerator, denominator)
                : throw new JsonException("That is no fraction.");
    }

    public override void Write(Utf8JsonWriter writer, Rational value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
