namespace AdaConv.Training.Evaluation;

/// <summary>A test set that the literature knows, or clips.</summary>
public enum TestSetKind
{
    /// <summary>The 12 pairs of the Middlebury flow set ("other") that come with the frame between.</summary>
    Middlebury,

    /// <summary>379 triplets of UCF101, as chosen by Liu et al. (deep voxel flow).</summary>
    Ucf101,

    /// <summary>Vimeo90K's triplets; the literature scores its 3,782 test triplets.</summary>
    Vimeo90K,

    /// <summary>Clips whose every second frame is dropped.</summary>
    Clips,
}
