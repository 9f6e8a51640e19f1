using AdaConv.Model;

namespace AdaConv.Training.Evaluation;

/// <summary>Folders with frame10.png, frame10i11.png (the truth) and frame11.png, as in the Middlebury "other" set.</summary>
public static class MiddleburySet
{
    /// <summary>Scores an interpolator on every sequence.</summary>
    /// <param name="folder">The folder with a folder per sequence.</param>
    /// <param name="interpolator">What predicts the middle frame.</param>
    /// <param name="imageFolder">Where the predicted frames go as SEQUENCE.png; null = nowhere.</param>
    /// <returns>A score per sequence, by name.</returns>
    /// <exception cref="TrainingException">There is no such folder or no sequence in it.</exception>
    public static IReadOnlyDictionary<string, FrameScore> Examine(string folder, IFrameInterpolator interpolator, string? imageFolder = null)
    {
        ArgumentNullException.ThrowIfNull(interpolator);
        if (!Directory.Exists(folder))
        {
            throw new TrainingException($"The folder {folder} does not exist.");
        }

        SortedDictionary<string, FrameScore> scores = new(StringComparer.Ordinal);
        foreach (string sequence in Directory.EnumerateDirectories(folder).Where(path => File.Exists(Path.Combine(path, "frame10i11.png"))))
        {
            using PlanarFrame first = ImageFile.Read(Path.Combine(sequence, "frame10.png"));
            using PlanarFrame second = ImageFile.Read(Path.Combine(sequence, "frame11.png"));
            using PlanarFrame truth = ImageFile.Read(Path.Combine(sequence, "frame10i11.png"));
            using var between = new PlanarFrame(truth.Width, truth.Height, 3, samplesAreRgb: true);
            interpolator.Interpolate(first, second, between);
            string name = Path.GetFileName(sequence);
            scores[name] = FrameScore.Of(between, truth);
            if (imageFolder is not null)
            {
                Directory.CreateDirectory(imageFolder);
                ImageFile.WritePng(Path.Combine(imageFolder, name + ".png"), between);
            }
        }

        return scores.Count > 0 ? scores : throw new TrainingException($"The folder {folder} holds no sequences with frame10i11.png.");
    }
}
