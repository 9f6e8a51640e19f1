using System.Globalization;

namespace AdaConv;

/// <summary>Numbers of things in messages: "1 frame was", "2 frames were".</summary>
public static class Counted
{
    /// <summary>A number with what it counts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The words behind a 1: "frame was moved".</param>
    /// <param name="many">Those behind every other number; null: <paramref name="one"/> with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
