using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>The settings as a JSON schema (draft 7), from which editors complete and check keys and values: presets/schema.json.</summary>
public static class SettingsSchema
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text, ending with a line break.</summary>
    public static string Text()
    {
        var properties = new JsonObject
        {
            [SettingsFile.ExtendsKey] = new JsonObject
            {
                ["description"] = "The preset that these settings extend: a name, or the path of a .yaml file.",
                ["type"] = "string",
                ["minLength"] = 1,
            },
        };
        foreach (var section in Settings.All.GroupBy(setting => setting.Section))
        {
            properties[section.Key] = Section([.. section]);
        }

        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Settings of AdaConv's frame filter: filter.yaml and presets",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        return schema.ToJsonString(s_format).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Section(IReadOnlyList<Setting> settings)
    {
        var properties = new JsonObject();
        var defaults = new FilterOptions();
        foreach (var setting in settings)
        {
            var property = new JsonObject
            {
                ["description"] = $"{setting.Description} Allowed: {setting.Allowed}. Default: {setting.Format(defaults)}.",
            };
            foreach (var (key, value) in setting.Schema().ToList())
            {
                property[key] = value?.DeepClone();
            }

            properties[setting.Key] = property;
        }

        return new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }
}
