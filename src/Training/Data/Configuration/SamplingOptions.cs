namespace AdaConv.Training.Data.Configuration;

/// <summary>How sources become batches.</summary>
/// <param name="PatchSize">Width and height of the patches, in pixels.</param>
/// <param name="Seed">Decides every random choice, together with the step.</param>
/// <param name="Augmentation">What is done to a patch.</param>
public sealed record SamplingOptions(int PatchSize, int Seed, AugmentationConfiguration Augmentation)
{
    /// <summary>Ten seconds at 24 frames a second: more of one clip adds little.</summary>
    public const int DefaultFramesPerClip = 240;

    /// <summary>Frames between the middle frame and its neighbours: 1 up to this.</summary>
    public int MaximumStride { get; init; } = 1;

    /// <summary>Share of the samples whose frame between may lie anywhere; of the others it lies in the middle.</summary>
    public double OtherTimes { get; init; }

    /// <summary>Intervals at most between the outer frames of such samples.</summary>
    public int LongestSpan { get; init; } = 8;

    /// <summary>Frames at most of each clip.</summary>
    public int FramesPerClip { get; init; } = DefaultFramesPerClip;
}
