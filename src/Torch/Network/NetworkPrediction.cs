using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>What a network says of a frame pair: all that the synthesis needs beside the planes themselves.</summary>
/// <param name="Taps">
/// [N, ≥4K, h, w] float32 (on a device float16, too), contiguous; channels: K vertical and K horizontal taps for the first frame, then the same for the second.
/// </param>
/// <param name="KernelSize">Taps K.</param>
/// <param name="TapScale">1: taps at the frames' resolution; 2: at half of it, upsampled inside the convolution.</param>
/// <param name="Flows">[N, ≥4, H, W] float32 in pixels: x and y towards the first frame, x and y towards the second; null without motion.</param>
/// <param name="MaskLogit">[N, 1, H, W]: the first frame's share, before the sigmoid; null where both kernels' sum is normalised together.</param>
/// <param name="Warped">[N, 6, H, W]: the colour planes of both frames warped by <paramref name="Flows"/>; null without motion, and where the network looks at smaller frames.</param>
/// <param name="Blends">Each flow block's own estimate of the middle frame, coarsest first: [N, 3, H, W], or smaller by the network's input scale; empty unless asked for.</param>
public sealed record NetworkPrediction(
    Tensor Taps,
    int KernelSize,
    int TapScale,
    Tensor? Flows,
    Tensor? MaskLogit,
    Tensor? Warped,
    IReadOnlyList<Tensor> Blends);
