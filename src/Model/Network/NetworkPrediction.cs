namespace AdaConv.Model;

/// <summary>What a network says of a frame pair: all that the synthesis needs beside the planes themselves.</summary>
/// <typeparam name="T">Planes, as an executor has them; of a batch, each with N before its dimensions.</typeparam>
/// <param name="Taps">[4K, h, w]: K vertical and K horizontal taps for the first frame, then the same for the second.</param>
/// <param name="KernelSize">Taps K.</param>
/// <param name="TapScale">1: taps at the frames' resolution; 2: at half of it, upsampled inside the convolution.</param>
/// <param name="Flows">[5, H, W] in pixels: x and y towards the first frame, x and y towards the second, a mask's logit before its
/// refinement; null without motion.</param>
/// <param name="MaskLogit">[1, H, W]: the first frame's share, before the sigmoid; null where both kernels' sum is normalised together.</param>
/// <param name="Warped">[6, H, W]: the colour planes of both frames warped by <paramref name="Flows"/>; null without motion, and where the
/// network looks at smaller frames, or <paramref name="Sampling"/> is another than its own.</param>
/// <param name="Sampling">How frames are to be sampled at fractions of a pixel.</param>
/// <param name="Blends">Each flow block's own estimate of the frame between, coarsest first: [3, H, W], or smaller by the network's input
/// scale; empty unless asked for.</param>
public sealed record NetworkPrediction<T>(
    T Taps, int KernelSize, int TapScale, T? Flows, T? MaskLogit, T? Warped, WarpSampling Sampling, IReadOnlyList<T> Blends)
    where T : class;
