namespace AdaConv.Training.Evaluation;

/// <summary>Published figures to stand beside our own, with their sources.</summary>
/// <remarks>
/// Gathered in November 2026. These networks were trained on graphics cards, most of them on Vimeo90K's 51,312 triplets.
/// Protocols differ between sources (AdaCoF on Vimeo90K: 34.47 dB in one, 34.35 in another): compare small distances only within a source.
/// </remarks>
public static class PublishedScores
{
    // Benchmark tables in the repositories of the papers that compare themselves there.
    private const string Ifrnet = "IFRNet's benchmarks (ltkong218/IFRNet, figures/benchmarks.png and middlebury_other.png)";
    private const string Cdfi = "CDFI's read-me (tding1/CDFI)";
    private const string EmaVfi = "EMA-VFI's table (MCG-NJU/EMA-VFI, figs/2x_results.png)";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublishedScore> All { get; } =
    [
        new("SepConv-L1", TestSetKind.Vimeo90K, 33.79, 0.9702, null, Ifrnet),
        new("AdaCoF", TestSetKind.Vimeo90K, 34.47, 0.973, null, Ifrnet),
        new("CAIN", TestSetKind.Vimeo90K, 34.65, 0.973, null, Ifrnet),
        new("RIFE", TestSetKind.Vimeo90K, 35.62, 0.978, null, Ifrnet),
        new("IFRNet-S", TestSetKind.Vimeo90K, 35.59, 0.9786, null, Ifrnet),
        new("IFRNet", TestSetKind.Vimeo90K, 35.8, null, null, Ifrnet),
        new("IFRNet-L", TestSetKind.Vimeo90K, 36.2, null, null, Ifrnet),
        new("SoftSplat", TestSetKind.Vimeo90K, 36.1, 0.9802, null, Ifrnet),
        new("AdaCoF", TestSetKind.Vimeo90K, 34.35, null, null, Cdfi),
        new("Compressed AdaCoF", TestSetKind.Vimeo90K, 34.1, null, null, Cdfi),
        new("CDFI", TestSetKind.Vimeo90K, 35.17, null, null, Cdfi),
        new("EMA-VFI small", TestSetKind.Vimeo90K, 36.07, null, null, EmaVfi),
        new("EMA-VFI", TestSetKind.Vimeo90K, 36.64, null, null, EmaVfi),
        new("SepConv-L1", TestSetKind.Ucf101, 34.78, null, null, Ifrnet),
        new("AdaCoF", TestSetKind.Ucf101, 34.9, null, null, Ifrnet),
        new("CAIN", TestSetKind.Ucf101, 34.91, null, null, Ifrnet),
        new("RIFE", TestSetKind.Ucf101, 35.28, null, null, Ifrnet),
        new("IFRNet-S", TestSetKind.Ucf101, 35.28, null, null, Ifrnet),
        new("IFRNet", TestSetKind.Ucf101, 35.29, null, null, Ifrnet),
        new("IFRNet-L", TestSetKind.Ucf101, 35.42, null, null, Ifrnet),
        new("SoftSplat", TestSetKind.Ucf101, 35.39, null, null, Ifrnet),
        new("AdaCoF", TestSetKind.Ucf101, 35.16, null, null, Cdfi),
        new("Compressed AdaCoF", TestSetKind.Ucf101, 35.1, null, null, Cdfi),
        new("CDFI", TestSetKind.Ucf101, 35.21, null, null, Cdfi),
        new("EMA-VFI small", TestSetKind.Ucf101, 35.34, null, null, EmaVfi),
        new("EMA-VFI", TestSetKind.Ucf101, 35.48, null, null, EmaVfi),
        new("SepConv-L1", TestSetKind.Middlebury, null, null, 2.27, Ifrnet),
        new("AdaCoF", TestSetKind.Middlebury, null, null, 2.24, Ifrnet),
        new("CAIN", TestSetKind.Middlebury, null, null, 2.28, Ifrnet),
        new("RIFE", TestSetKind.Middlebury, null, null, 1.96, Ifrnet),
        new("IFRNet-S", TestSetKind.Middlebury, 37.24, null, 1.995, Ifrnet),
        new("IFRNet", TestSetKind.Middlebury, null, null, 1.946, Ifrnet),
        new("IFRNet-L", TestSetKind.Middlebury, null, null, 1.846, Ifrnet),
        new("SoftSplat", TestSetKind.Middlebury, null, null, 1.81, Ifrnet),
        new("AdaCoF", TestSetKind.Middlebury, 35.72, null, null, Cdfi),
        new("Compressed AdaCoF", TestSetKind.Middlebury, 35.43, null, null, Cdfi),
        new("CDFI", TestSetKind.Middlebury, 37.14, null, null, Cdfi),
        new("EMA-VFI small", TestSetKind.Middlebury, null, null, 1.94, EmaVfi),
        new("EMA-VFI", TestSetKind.Middlebury, null, null, 1.81, EmaVfi),
    ];

    /// <summary>Those of a test set, source by source.</summary>
    public static IEnumerable<PublishedScore> Of(TestSetKind set) => All.Where(score => score.Set == set);
}

/// <summary>A figure that was published for another network.</summary>
/// <param name="Method">The network.</param>
/// <param name="Set">The test set.</param>
/// <param name="Psnr">Mean PSNR in dB; null = not stated there.</param>
/// <param name="Ssim">Mean SSIM; null = not stated there.</param>
/// <param name="MeanAbsoluteError">Mean absolute error in codes (the benchmarks' "IE"); null = not stated there.</param>
/// <param name="Source">Where it stands.</param>
public sealed record PublishedScore(string Method, TestSetKind Set, double? Psnr, double? Ssim, double? MeanAbsoluteError, string Source);
