using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Channels that stand next to each other.</summary>
/// <param name="First">The first channel.</param>
/// <param name="Count">How many.</param>
/// <param name="Scale">Factor on their values.</param>
/// <param name="Offsets">[1, Count, 1, 1] float32, contiguous: what is added after that; null = nothing. It is a constant: no gradient goes there.</param>
internal readonly record struct ChannelRange(int First, int Count, float Scale = 1, Tensor? Offsets = null);
