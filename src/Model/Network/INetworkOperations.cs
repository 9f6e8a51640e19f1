using AdaConv.Engine.Fit;
using AdaConv.Engine.Search;

namespace AdaConv.Model;

/// <summary>Channels that stand next to each other.</summary>
/// <param name="First">The first channel.</param>
/// <param name="Count">How many.</param>
/// <param name="Scale">Factor on their values.</param>
public readonly record struct ChannelRange(int First, int Count, float Scale = 1);

/// <summary>Detail that a blend of two frames keeps.</summary>
/// <param name="Energy">[2, H/4, W/4]: what <see cref="INetworkOperations{T}.Detail"/> says of the frames.</param>
/// <param name="Motion">[≥4, H, W]: the flows that the frames were warped by.</param>
/// <typeparam name="T">Planes.</typeparam>
public sealed record KeptDetail<T>(T Energy, T Motion)
    where T : class;

/// <summary>What networks are described by. There are planes [C, H, W] and activations, whose layout is the executor's own affair.</summary>
/// <remarks>What an operation takes stays as it is; what it gives is used until <see cref="Release"/>.</remarks>
/// <typeparam name="T">Planes or activations.</typeparam>
public interface INetworkOperations<T>
    where T : class
{
    /// <summary>Planes of zeros, of the size of others.</summary>
    T Zeros(T like, int planes);

    /// <summary>Motion of nothing yet: flows of zeros, and the mask's logit, with which each frame counts the more the nearer it is.</summary>
    /// <param name="like">Planes of the size wanted.</param>
    /// <param name="time">The time t of the frame between, [1, 1, 1]: the logit is ln((1 − t)/t). Null: the middle, where it is 0.</param>
    /// <returns>[5, H, W].</returns>
    T NoMotion(T like, T? time);

    /// <summary>Some of the planes.</summary>
    T Slice(T planes, int first, int count);

    /// <summary>Planes with as many more rows and columns, which repeat the last ones, as make both multiples of a number; the planes themselves where they
    /// are.</summary>
    T Pad(T planes, int multiple);

    /// <summary>The rows and columns of planes that others have, too; the planes themselves where those have as many.</summary>
    T Crop(T planes, T like);

    /// <summary>Planes of half the size, each pixel the mean of 2×2; H and W are even.</summary>
    T Halve(T planes);

    /// <summary>
    /// Planes enlarged bilinearly (pixels are areas, borders repeat), and added to others where there are such.
    /// </summary>
    /// <param name="planes">[C, h, w].</param>
    /// <param name="factor">How many times larger the result is.</param>
    /// <param name="added">[C, f·h, f·w]; null: nothing.</param>
    /// <param name="flows">So many of the first planes are flows in pixels, and longer by the factor.</param>
    T Upsample(T planes, int factor, T? added = null, int flows = 0);

    /// <summary>Both frames warped by their flows.</summary>
    /// <param name="pair">[2P, H, W]: the first frame's planes, then the second's.</param>
    /// <param name="motion">[≥4, H, W]: x and y towards the first frame, x and y towards the second, in pixels.</param>
    /// <param name="sampling">How frames are sampled at fractions of a pixel.</param>
    T Warp(T pair, T motion, WarpSampling sampling = WarpSampling.Bilinear);

    /// <summary>How strong the detail of both frames is, in cells of 4×4 pixels: see <see cref="Engine.FrameDetail"/>.</summary>
    /// <param name="frames">[2P, H, W], not warped; H and W are multiples of 4.</param>
    /// <returns>[2, H/4, W/4].</returns>
    T Detail(T frames);

    /// <summary>Both frames brought together by the first one's share, which comes as a logit in the last plane.</summary>
    /// <param name="pair">[2P, H, W].</param>
    /// <param name="logits">[≥1, H, W].</param>
    /// <param name="kept">The frames' detail, which the result keeps; null: it need not.</param>
    /// <returns>[P, H, W].</returns>
    T Blend(T pair, T logits, KeptDetail<T>? kept = null);

    /// <summary>Both frames convolved with their separable kernels.</summary>
    /// <param name="pair">[2P, H, W].</param>
    /// <param name="taps">[4K, h, w]: K vertical and K horizontal taps of the first frame, then of the second.</param>
    /// <param name="kernelSize">Taps K.</param>
    /// <param name="tapScale">1; 2: taps have half the frames' size and are upsampled inside.</param>
    /// <param name="normalize">Divide by the sum of each kernel.</param>
    T ConvolveSeparably(T pair, T taps, int kernelSize, int tapScale, bool normalize);

    /// <summary>The sum of both frames over the sum of both their kernels, where a sum within a hundredth of zero counts as one.</summary>
    /// <param name="pair">[2P, H, W], convolved.</param>
    /// <param name="taps">[4K, H, W].</param>
    /// <param name="kernelSize">Taps K.</param>
    /// <returns>[P, H, W].</returns>
    T SumNormalized(T pair, T taps, int kernelSize);

    /// <summary>Activations of what a network looks at: the frames less the mean colour; warped frames alike; flows, mask, hidden planes.</summary>
    /// <param name="frames">[6, H, W].</param>
    /// <param name="mean">[3, 1, 1].</param>
    /// <param name="warped">[6, H, W]; null: none.</param>
    /// <param name="motion">[5, H, W]: four planes of flows, which are scaled, and the mask's logit; null: none.</param>
    /// <param name="hidden">[C, H, W]; null: none.</param>
    /// <param name="flowScale">Factor on the flows.</param>
    /// <param name="time">The time t of the frame between, [1, 1, 1]: flows are divided by 2t and 2 (1 − t), so that an even motion looks alike at every
    /// time. Null: the middle, where both are 1.</param>
    T Pack(T frames, T mean, T? warped = null, T? motion = null, T? hidden = null, float flowScale = 1, T? time = null);

    /// <summary>A convolution of activations.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="activations">At least the layer's inputs; those beyond count as zeros.</param>
    /// <param name="added">Added to the result, behind its rectifier; null: nothing.</param>
    /// <param name="time">The time of the frame between, [1, 1, 1], for layers that know it; null: the middle.</param>
    T Convolve(ConvolutionLayer layer, T activations, T? added = null, T? time = null);

    /// <summary>Displacements of both frames as a whole that fit much better than what the motion known so far warps them to: see
    /// <see cref="MotionSearch"/>. No gradient passes.</summary>
    /// <param name="pair">[2P, H, W], H and W multiples of 4.</param>
    /// <param name="warped">[2P, H, W]: warped by that motion; where green alone is compared, by this and <see cref="FitFlows"/> alone.</param>
    /// <param name="radius">Pixels each way.</param>
    /// <param name="criteria">What a displacement must meet.</param>
    /// <param name="time">The time t of the frame between, [1, 1, 1]; null: the middle.</param>
    /// <returns>[3, H/4, W/4]: 1 where something was found, and x and y, as in the middle; zeros elsewhere.</returns>
    T SearchMotion(T pair, T warped, int radius, SearchCriteria criteria, T? time);

    /// <summary>Whether frames are searched at their whole size, too (<see cref="SearchCriteria.Whole"/>). False where every displacement would be compared
    /// at every pixel.</summary>
    bool SearchesWhole => true;

    /// <summary>Motion with displacements that were found in place of its flows; the mask's logit stays.</summary>
    /// <param name="motion">[5, H, W]: four planes of flows, and the logit.</param>
    /// <param name="found">[3, H, W]: the share a that is replaced, and x and y times a.</param>
    /// <param name="time">The time t of the frame between, [1, 1, 1]: the flows are 2t (x, y) and −2 (1 − t) (x, y). Null: the middle.</param>
    /// <returns>[5, H, W].</returns>
    T ReplaceMotion(T motion, T found, T? time);

    /// <summary>By what flows change so that both frames, warped by them, agree better: see <see cref="FlowFit"/>. The middle planes alone are compared: green
    /// tells as much as all three. No gradient passes through the comparison.</summary>
    /// <param name="warped">[2P, H, W]: warped by the flows, H and W multiples of 4.</param>
    /// <param name="time">The time t of the frame between, [1, 1, 1]; null: the middle.</param>
    /// <param name="added">[5, H/4, W/4]: added to the result; null: nothing.</param>
    /// <param name="flowScale">Factor on what was found.</param>
    /// <returns>[5, H/4, W/4]: changes of the flows in pixels of the frames, times the factor; the fifth plane, the mask's logit, is what is added.</returns>
    T FitFlows(T warped, T? time, T? added = null, float flowScale = 1);

    /// <summary>Activations of half the size, each the mean of 2×2.</summary>
    T Pool(T activations);

    /// <summary>Activations of twice the size, enlarged bilinearly so that the corners' pixels fall on each other.</summary>
    T Enlarge(T activations);

    /// <summary>Some channels of activations as planes.</summary>
    T Planes(T activations, params ReadOnlySpan<ChannelRange> ranges);

    /// <summary>The first five channels of activations as a change of motion, [5, h, w]: flows and the mask's logit.</summary>
    /// <param name="activations">Of a block.</param>
    /// <param name="flowScale">Factor on the flows.</param>
    /// <param name="time">The time t of the frame between, [1, 1, 1]: flows are multiplied by 2t and 2 (1 − t). Null: the middle, where both are 1.</param>
    T MotionChange(T activations, float flowScale, T? time);

    /// <summary>Taps: the first channels of one or more activations as planes.</summary>
    /// <param name="activations">Of one size.</param>
    /// <param name="count">Channels that are taken of each.</param>
    /// <param name="centred">To the taps a narrow Gaussian is added (<see cref="InterpolationNetwork.NarrowGaussian"/>): each kernel then sums to one.</param>
    T Taps(IReadOnlyList<T> activations, int count, bool centred);

    /// <summary>Planes or activations are not used any more.</summary>
    void Release(T? planes);
}
