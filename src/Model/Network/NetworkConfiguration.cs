using System.Text.Json;
using System.Text.Json.Serialization;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Everything that decides a network's layers; it travels in the metadata of its weight file.</summary>
public sealed record NetworkConfiguration
{
    /// <summary>The architecture.</summary>
    public NetworkKind Kind { get; init; } = NetworkKind.Guided;

    /// <summary>Taps K of each one-dimensional kernel: odd, 1 to 63. The paper's networks have 51 (or 41), guided 9.</summary>
    public int KernelSize { get; init; } = 9;

    /// <summary>Guided only: channels of the flow blocks, coarsest first; multiples of 32 (bfloat16 convolutions need that).</summary>
    public IReadOnlyList<int> BlockWidths { get; init; } = [128, 96, 64];

    /// <summary>Guided only: residual pairs in each flow block, coarsest first: depth is cheap where the picture is small.</summary>
    public IReadOnlyList<int> BlockResiduals { get; init; } = [6, 4, 3];

    /// <summary>Guided only: channels that each flow block hands to the next one and to the kernel head, beside flows and mask; 0 to 15.</summary>
    public int HiddenChannels { get; init; } = 8;

    /// <summary>Guided only: channels of the kernel head, a multiple of 32.</summary>
    public int HeadWidth { get; init; } = 32;

    /// <summary>Guided only: residual pairs in the kernel head.</summary>
    public int HeadResiduals { get; init; } = 2;

    /// <summary>
    /// Guided only: 1, or 2: motion and kernels are estimated on frames of half the size; warp, convolution and blend work at full size.
    /// Larger motion in less time, for coarser motion edges.
    /// </summary>
    public int InputScale { get; init; } = 1;

    /// <summary>
    /// Guided only: how often the coarsest block runs before its own turn, each time on frames of half the size: motion reaches twice as far for
    /// each, without more weights. 0 to 2.
    /// </summary>
    public int CoarsePasses { get; init; }

    /// <summary>
    /// Guided only: pixels each way that motion is searched for by comparing, where a level found none that fits
    /// (<see cref="AdaConv.Engine.Search.MotionSearch"/>): at every level of half the frames' size and less, in its pixels, and with
    /// <see cref="FitsFlows"/> at the whole size, too. 0 to 16; 0: it is not. It has no weights; files without it do not mention it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int SearchRadius { get; init; }

    /// <summary>
    /// Guided only: whether the finest level's flows are changed so that both warped frames agree better (<see cref="AdaConv.Engine.Fit.FlowFit"/>): once
    /// before the kernel head, at the size of what the network looks at, and where that is half the frames' size, once more at the whole. It has no weights;
    /// files without it do not mention it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FitsFlows { get; init; }

    /// <summary>
    /// Guided only: how the new frame's own samples are taken at fractions of a pixel. What the network looks at is sampled bilinearly. Files of weights
    /// that were trained with the latter throughout do not mention it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WarpSampling Sampling { get; init; }

    /// <summary>
    /// Guided only: whether the network takes the time of the frame between. Files of weights that know the middle only do not mention it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KnowsTime { get; init; }

    /// <summary>The default network.</summary>
    public static NetworkConfiguration Guided { get; } = new();

    /// <summary>The reference network with 51 taps.</summary>
    public static NetworkConfiguration Paper { get; } = new() { Kind = NetworkKind.Paper, KernelSize = 51 };

    /// <summary>Reads a configuration from a weight file's metadata.</summary>
    /// <exception cref="ModelException">The text is no configuration, or one with values that no network can have.</exception>
    public static NetworkConfiguration Parse(string json)
    {
        try
        {
            NetworkConfiguration configuration = NetworkConfigurationText.Read(json);
            configuration.Validate();
            return configuration;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException) // the others of half a surrogate pair
        {
            throw new ModelException($"The network configuration cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the configuration as JSON on one line.</summary>
    public string ToJson() => NetworkConfigurationText.Write(this);

    /// <summary>Checks every value against its range.</summary>
    /// <exception cref="ModelException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Kind), $"kind {Kind} is unknown");
        Require(KernelSize is >= 1 and <= 63 && KernelSize % 2 == 1, $"kernelSize is {KernelSize}; it must be odd, 1 to 63");
        Require(
            BlockWidths is { Count: >= 1 and <= 5 } && BlockWidths.All(IsWidth),
            $"blockWidths is [{string.Join(", ", BlockWidths ?? [])}]; one to five multiples of 32 up to 512 are allowed");
        Require(
            BlockResiduals is not null && BlockResiduals.Count == BlockWidths!.Count && BlockResiduals.All(count => count is >= 0 and <= 16),
            $"blockResiduals is [{string.Join(", ", BlockResiduals ?? [])}]; one number from 0 to 16 for each block is allowed");
        Require(HiddenChannels is >= 0 and <= 15, $"hiddenChannels is {HiddenChannels}; 0 to 15 are allowed");
        Require(IsWidth(HeadWidth), $"headWidth is {HeadWidth}; multiples of 32 up to 512 are allowed");
        Require(InputScale is 1 or 2, $"inputScale is {InputScale}; 1 or 2 are allowed");
        Require(CoarsePasses is >= 0 and <= 2, $"coarsePasses is {CoarsePasses}; 0 to 2 are allowed");
        Require(SearchRadius is >= 0 and <= 16, $"searchRadius is {SearchRadius}; 0 to 16 are allowed");
        Require(
            SearchRadius == 0 || (Kind == NetworkKind.Guided && BlockWidths!.Count + CoarsePasses > 1),
            $"searchRadius is {SearchRadius}; only networks of the kind guided search, with two blocks or a coarse pass");
        Require(Enum.IsDefined(Sampling), $"sampling {Sampling} is unknown");
        Require(Sampling == WarpSampling.Bilinear || Kind == NetworkKind.Guided, $"sampling is {Sampling}; only networks of the kind guided warp");
        Require(!KnowsTime || Kind == NetworkKind.Guided, "knowsTime is true; only networks of the kind guided take a time");
        Require(!FitsFlows || Kind == NetworkKind.Guided, "fitsFlows is true; only networks of the kind guided have flows");
        Require(HeadResiduals is >= 0 and <= 16, $"headResiduals is {HeadResiduals}; 0 to 16 are allowed");
    }

    private static bool IsWidth(int width) => width is >= 32 and <= 512 && width % 32 == 0;

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new ModelException($"The network configuration is not valid: {problem}.");
        }
    }
}

/// <summary>The two network architectures; both end in the adaptive separable convolution.</summary>
public enum NetworkKind
{
    /// <summary>Coarse-to-fine flows and a mask first, then small kernels: the default.</summary>
    Guided,

    /// <summary>The reference work's encoder-decoder with four heads of long kernels.</summary>
    Paper,
}

/// <summary>How a frame is sampled at fractions of a pixel.</summary>
public enum WarpSampling
{
    /// <summary>Between four pixels: see <see cref="BilinearWarp"/>.</summary>
    Bilinear,

    /// <summary>By cubics between sixteen: see <see cref="CubicWarp"/>, f = 0.</summary>
    Cubic,

    /// <summary>By cubics between thirty-six: f = 1/8. Sharper.</summary>
    SixPointCubic,
}

/// <summary>What a sampling means to the kernels.</summary>
public static class WarpSamplingKernels
{
    /// <summary>f of <see cref="CubicWarp"/>; null: <see cref="BilinearWarp"/> it is.</summary>
    public static float? CubicFarShare(this WarpSampling sampling) => sampling switch
    {
        WarpSampling.Cubic => 0,
        WarpSampling.SixPointCubic => 0.125f,
        _ => null,
    };
}
