using AdaConv.Engine;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Files;
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

    /// <summary>The frames of a clip that <see cref="HeldOutFrames"/> says are scored, each between its neighbours.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="frames">Frames of it that are looked at.</param>
    public static ValidationItem HeldOut(string clip, int frames) => new(Path.GetFileName(clip), () => ReadHeldOut(clip, frames));

    private static IEnumerable<FrameTriplet> ReadHeldOut(string clip, int frames)
    {
        var (width, height) = ClipReader.ReadSize(clip);
        PlanarFrame[] last = [.. Enumerable.Range(0, 3).Select(_ => new PlanarFrame(width, height, 3, samplesAreRgb: true))];
        try
        {
            int index = 0;
            foreach (byte[] bytes in ClipReader.ReadFrames(clip, width, height, frames))
            {
                PlanarFrame frame = last[index % 3];
                ClipSet.Fill(frame, bytes);
                frame.NumberPicture();
                if (++index >= 3 && HeldOutFrames.IsScored(index - 2))
                {
                    yield return new FrameTriplet(last[index % 3], last[(index + 1) % 3], frame);
                }
            }
        }
        finally
        {
            Array.ForEach(last, frame => frame.Dispose());
        }
    }

    private static IEnumerable<FrameTriplet> ReadSequence(string path, string name)
    {
        string folder = Path.Combine(path, "sequences", name);
        using FrameTriplet triplet = new TripletFolder(
            TestSetKind.Vimeo90K, name, Path.Combine(folder, "im1.png"), Path.Combine(folder, "im2.png"), Path.Combine(folder, "im3.png")).Read();
        yield return triplet;
    }
}
