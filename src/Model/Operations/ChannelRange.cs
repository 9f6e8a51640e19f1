namespace AdaConv.Model;

/// <summary>Channels that stand next to each other.</summary>
/// <param name="First">The first channel.</param>
/// <param name="Count">How many.</param>
/// <param name="Scale">Factor on their values.</param>
internal readonly record struct ChannelRange(int First, int Count, float Scale = 1);
