using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The option --json, and what is written with it: one JSON document on stdout, keys in camel case, values that are unknown as null.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Option<bool> CreateOption() => new("--json") { Description = "Write one JSON document, for programs." };

    /// <summary>Writes a report as the option asks.</summary>
    public static void Write<T>(TextWriter output, T report, bool json, Action<TextWriter, T> print)
    {
        if (json)
        {
            Write(output, report);
        }
        else
        {
            print(output, report);
        }
    }

    public static void Write<T>(TextWriter output, T document) =>
        output.WriteLine(JsonSerializer.Serialize(document, s_format).ReplaceLineEndings("\n"));
}
