using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaConv.Training;

/// <summary>How a run's files are written: its configuration, its log, its scores.</summary>
public static class RunJson
{
    /// <summary>The JSON conventions of a run's files.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // equal frames have an infinite PSNR
        AllowOutOfOrderMetadataProperties = true, // a source's kind need not come first
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
