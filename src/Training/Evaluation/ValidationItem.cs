using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Preparation;

namespace AdaConv.Training.Evaluation;

/// <summary>Frames that are never trained on: those of a clip, or one triplet of a Vimeo90K layout.</summary>
/// <param name="Name">The clip's file name, or the sequence's.</param>
/// <param name="Read">The triplets; they are valid until the next one is asked for.</param>
internal sealed record ValidationItem(string Name, Func<IEnumerable<FrameTriplet>> Read)
{
    /// <summary>Sequences of a Vimeo90K layout that are taken, from the start of its validation part.</summary>
    public const int Sequences = 60;

    /// <summary>Finds clips, or the validation part of a Vimeo90K layout.</summary>
    /// <exception cref="TrainingException">There is neither.</exception>
    public static IReadOnlyList<ValidationItem> Find(string path) => VimeoLayout.IsOne(path)
        ? [.. VimeoLayout.Sequences(path, DataPart.Validation, Sequences).Select(name => new ValidationItem(name, () => ReadSequence(path, name)))]
        : [.. ClipSet.Find(path).Select(clip => new ValidationItem(Path.GetFileName(clip), () => ClipSet.Read(clip, Examination.FramesPerClip)))];

    private static IEnumerable<FrameTriplet> ReadSequence(string path, string name)
    {
        string folder = Path.Combine(path, "sequences", name);
        using FrameTriplet triplet = new TripletFolder(
            TestSetKind.Vimeo90K, name, Path.Combine(folder, "im1.png"), Path.Combine(folder, "im2.png"), Path.Combine(folder, "im3.png")).Read();
        yield return triplet;
    }
}
