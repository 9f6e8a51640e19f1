using System.Globalization;

namespace AdaConv.Conversion.Options;

/// <summary>Settings cannot be used. The message is for the user: one line for each problem, with file, line, key and what is allowed.</summary>
public sealed class ConfigurationException : AdaConvException
{
    /// <summary>A failure in plain words.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    public ConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Everything that is wrong with a file.</summary>
    public ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>What is wrong, in the file's order; empty where no file's content is concerned.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = [];
}

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
