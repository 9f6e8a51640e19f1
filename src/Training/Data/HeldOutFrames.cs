namespace AdaConv.Training.Data;

/// <summary>
/// Frames of a clip that are scored and never trained on: the last <see cref="Kept"/> of every <see cref="Block"/>, so that every part of the clip has some,
/// and none of them touches a triplet that is trained on.
/// </summary>
public static class HeldOutFrames
{
    /// <summary>Frames after which some are held out again.</summary>
    public const int Block = 30;

    /// <summary>How many of them.</summary>
    public const int Kept = 6;

    /// <summary>Whether a frame is held out.</summary>
    /// <param name="frame">Its number in the clip, from 0.</param>
    public static bool Contains(int frame) => frame % Block >= Block - Kept;

    /// <summary>Whether a frame and its neighbours are a triplet that is scored: the first and the last of those held out together.</summary>
    /// <param name="middle">The middle frame's number in the clip.</param>
    public static bool IsScored(int middle) => middle % Block is Block - Kept + 1 or Block - 2;

    /// <summary>Whether any of some frames in a row is held out.</summary>
    /// <param name="first">The first one's number in the clip.</param>
    /// <param name="last">The last one's.</param>
    public static bool Touch(int first, int last) => Enumerable.Range(first, last - first + 1).Any(Contains);
}
