using System.Security.Cryptography;
using System.Text;
using AdaConv.FrameFilter.Media;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Tells settings that make the same output from others.</summary>
internal static class SettingsFingerprint
{
    /// <summary>SHA-256, as hexadecimal digits, of all settings and of the content of the weights.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="weights">The file of the weights, or null.</param>
    public static string Of(FilterOptions options, string? weights)
    {
        StringBuilder text = new();
        foreach (Setting setting in Settings.All)
        {
            text.Append(setting.Path).Append('=').Append(setting.Format(options)).Append('\n');
        }

        text.Append(weights is null ? "" : ContentIdentity.Of(weights).ToString());
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
