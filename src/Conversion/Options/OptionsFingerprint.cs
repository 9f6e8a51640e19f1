using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Options;

/// <summary>Tells whether options make the same output.</summary>
internal static class OptionsFingerprint
{
    /// <summary>
    /// SHA-256, as hexadecimal digits, of every option that changes the output (all but those marked <see cref="ExecutionOnlyAttribute"/>) and
    /// of the content of the weights.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="weights">The file of the weights, or null.</param>
    public static string Of(FilterOptions options, string? weights)
    {
        StringBuilder text = new();
        Append(text, "", options);
        text.Append(weights is null ? "" : ContentIdentity.Of(weights).ToString());
        return System.Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(StringBuilder text, string path, object? value)
    {
        if (value is IReadOnlyDictionary<string, string> entries)
        {
            foreach (KeyValuePair<string, string> entry in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                Append(text, $"{path}.{entry.Key}", entry.Value);
            }
        }
        else if (value is not null && IsOptions(value.GetType()))
        {
            foreach (PropertyInfo property in value.GetType().GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                if (property.CanWrite && !property.IsDefined(typeof(ExecutionOnlyAttribute)))
                {
                    Append(text, $"{path}.{property.Name}", property.GetValue(value));
                }
            }
        }
        else
        {
            // A length before each value: no text of an option can look like the next one's name.
            string written = System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(CultureInfo.InvariantCulture, $"{path}={written.Length}:{written}\n");
        }
    }

    private static bool IsOptions(Type type) => type.Name.EndsWith("Options", StringComparison.Ordinal);
}
