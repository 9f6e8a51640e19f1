namespace AdaConv.Model;

/// <summary>Bytes that predicting frames of one size takes where there is a memory limit.</summary>
/// <param name="Limit">The limit, for all of the process.</param>
/// <param name="Process">What the process takes beside frames and predictions: run time, libraries, weights.</param>
/// <param name="SpareProcess">The same where whole frames do not fit, and weights are packed smaller.</param>
/// <param name="Whole">A prediction that looks at whole frames.</param>
/// <param name="Few">One that looks at tiles, where a frame is cut into two to four.</param>
/// <param name="Least">One that looks at the smallest tiles.</param>
public sealed record PredictionMemory(long Limit, long Process, long SpareProcess, long Whole, long Few, long Least)
{
    /// <summary>Why nothing can be predicted.</summary>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="limit">Bytes that are allowed.</param>
    /// <param name="needed">Bytes that would suffice.</param>
    internal static string Refusal(int width, int height, long limit, long needed) =>
        $"A frame of {width}x{height} does not fit the memory limit of {limit >> 20} MiB even in the smallest tiles; allow "
        + $"{(needed + (1L << 20) - 1) >> 20} MiB or more.";
}
