using System.Text.Json.Nodes;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>How values of a type are written, in files and on the command line alike.</summary>
/// <param name="Placeholder">The placeholder of the value in the help.</param>
/// <param name="Allowed">The allowed values, in words.</param>
/// <param name="IsText">Whether quotes around it in a file are right.</param>
/// <param name="Parse">Text and the folder that relative paths start from → value; throws <see cref="FormatException"/>.</param>
/// <param name="Format">Value → text that <paramref name="Parse"/> takes.</param>
internal sealed record ValueSyntax<T>(
    string Placeholder, string Allowed, bool IsText, Func<string, string, T> Parse, Func<T, string> Format)
{
    /// <summary>The values that are words, for completion; empty where there are too many to list.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The allowed values as a JSON schema, for editors; it may allow more than <see cref="Parse"/>, never less.</summary>
    public Func<JsonObject> Schema { get; init; } = static () => new() { ["type"] = "string" };
}
