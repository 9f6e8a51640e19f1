using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaConv.Model;

/// <summary>A configuration as JSON on one line, as weight files have it.</summary>
/// <remarks>
/// Generated code writes it. Reading is by hand: each start of the filter reads one, and the generated reader had hundreds of generic methods compiled for it.
/// </remarks>
internal static class NetworkConfigurationText
{
    public static string Write(NetworkConfiguration configuration) =>
        JsonSerializer.Serialize(configuration, NetworkConfigurationJson.Default.NetworkConfiguration);

    /// <summary>Reads a configuration; what it does not name is as in the default network.</summary>
    /// <exception cref="JsonException">It is no JSON object, names what no configuration has, or something twice, or a value is of another kind.</exception>
    public static NetworkConfiguration Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("it is no JSON object");
        }

        NetworkConfiguration configuration = NetworkConfiguration.Guided;
        List<string> names = [];
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            string name = property.Name;
            if (names.Contains(name))
            {
                throw new JsonException($"{name} is there twice");
            }

            names.Add(name);
            configuration = With(configuration, name, property.Value);
        }

        return configuration;
    }

    private static NetworkConfiguration With(NetworkConfiguration configuration, string name, JsonElement value) => name switch
    {
        "kind" => configuration with { Kind = (NetworkKind)Place(name, value, Enum.GetNames<NetworkKind>()) },
        "kernelSize" => configuration with { KernelSize = Number(name, value) },
        "blockWidths" => configuration with { BlockWidths = Numbers(name, value) },
        "blockResiduals" => configuration with { BlockResiduals = Numbers(name, value) },
        "hiddenChannels" => configuration with { HiddenChannels = Number(name, value) },
        "headWidth" => configuration with { HeadWidth = Number(name, value) },
        "headResiduals" => configuration with { HeadResiduals = Number(name, value) },
        "inputScale" => configuration with { InputScale = Number(name, value) },
        "coarsePasses" => configuration with { CoarsePasses = Number(name, value) },
        "searchRadius" => configuration with { SearchRadius = Number(name, value) },
        "fitsFlows" => configuration with { FitsFlows = Truth(name, value) },
        "sampling" => configuration with { Sampling = (WarpSampling)Place(name, value, Enum.GetNames<WarpSampling>()) },
        "knowsTime" => configuration with { KnowsTime = Truth(name, value) },
        _ => throw new JsonException($"there is no property '{name}'"),
    };

    private static int Number(string name, JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
        ? number
        : throw new JsonException($"{name} must be a whole number");

    private static bool Truth(string name, JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw new JsonException($"{name} must be true or false");

    private static int[] Numbers(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException($"{name} must be a list of whole numbers");
        }

        List<int> numbers = [];
        foreach (JsonElement number in value.EnumerateArray())
        {
            numbers.Add(Number(name, number));
        }

        return [.. numbers];
    }

    // Enumerations that count from 0: a name's place is its value.
    private static int Place(string name, JsonElement value, string[] names)
    {
        for (int i = 0; i < names.Length && value.ValueKind == JsonValueKind.String; i++)
        {
            if (value.ValueEquals(JsonNamingPolicy.CamelCase.ConvertName(names[i])))
            {
                return i;
            }
        }

        throw new JsonException($"{name} must be one of {string.Join(", ", names.Select(JsonNamingPolicy.CamelCase.ConvertName))}");
    }
}

/// <summary>How a configuration is written; by generated code, so that it can be compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(NetworkKindConverter), typeof(WarpSamplingConverter)])]
[JsonSerializable(typeof(NetworkConfiguration))]
internal sealed partial class NetworkConfigurationJson : JsonSerializerContext;

internal sealed class NetworkKindConverter() : JsonStringEnumConverter<NetworkKind>(JsonNamingPolicy.CamelCase);

internal sealed class WarpSamplingConverter() : JsonStringEnumConverter<WarpSampling>(JsonNamingPolicy.CamelCase);
