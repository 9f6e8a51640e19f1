using System.Globalization;

namespace AdaConv.Conversion.Options;

/// <summary>One thing that is wrong with a settings file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Key">Section and key, or null where no key is concerned.</param>
/// <param name="Reason">What is wrong and what is allowed.</param>
public sealed record ConfigurationProblem(string File, int Line, string? Key, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{File}:{Line}: {(Key is null ? string.Empty : $"{Key}: ")}{Reason}");
}
