namespace AdaConv.FrameFilter.Commands.Completion;

/// <summary>An option as shells complete it.</summary>
/// <param name="Names">All its spellings, with their dashes.</param>
/// <param name="Description">Its first sentence, without the full stop.</param>
/// <param name="TakesValue">Whether the next word is its value.</param>
/// <param name="Words">The values that are words; where there are none, a value may be a file.</param>
/// <param name="TakesPreset">Whether its value is a preset.</param>
internal sealed record CompletedOption(
    IReadOnlyList<string> Names, string Description, bool TakesValue, IReadOnlyList<string> Words, bool TakesPreset);
