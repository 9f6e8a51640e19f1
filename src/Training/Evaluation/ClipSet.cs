using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Evaluation;

/// <summary>Clips whose frames are dropped and predicted again, but for every second one or fewer.</summary>
public static class ClipSet
{
    /// <summary>The clips of a folder in the order of their names; a path that is a file is itself the only clip.</summary>
    /// <exception cref="TrainingException">There is no such file or folder, or no clip in it.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        string[] clips = Directory.Exists(path)
            ? [.. Directory.GetFiles(path).Where(file => ClipReader.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)]
            : throw new TrainingException($"There is no clip and no folder of clips {path}.");
        return clips.Length > 0 ? clips : throw new TrainingException($"The folder {path} holds no clips ({string.Join(' ', ClipReader.Extensions)}).");
    }

    /// <summary>The frames of a clip but every Nth, each between the two that remain around it: of two the frames 1, 3, 5 …</summary>
    /// <param name="path">The clip.</param>
    /// <param name="limit">Triplets at most, from the clip's start.</param>
    /// <param name="every">One frame in so many remains, 2 or more.</param>
    /// <returns>The same frames each time, filled anew; the caller disposes of nothing.</returns>
    /// <exception cref="TrainingException">The clip cannot be read, or is too short to have a frame between two that remain.</exception>
    public static IEnumerable<FrameTriplet> Read(string path, int limit = int.MaxValue, int every = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 2);
        var (width, height) = ClipReader.ReadSize(path);
        PlanarFrame New() => new(width, height, 3, samplesAreRgb: true);
        PlanarFrame[] outer = [New(), New(), New()]; // of the last three that remain
        PlanarFrame[][] inner = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(1, every - 1).Select(_ => New()).ToArray())]; // of two intervals
        try
        {
            int index = 0, given = 0;
            long last = ((((long)limit + every - 2) / (every - 1)) + 1) * every + 1;
            foreach (byte[] bytes in ClipReader.ReadFrames(path, width, height, (int)Math.Min(last, int.MaxValue)))
            {
                var (interval, part) = Math.DivRem(index++, every);
                PlanarFrame frame = part == 0 ? outer[interval % 3] : inner[interval % 2][part - 1];
                Fill(frame, bytes);
                frame.NumberPicture();
                if (part == 0 && interval >= 2)
                {
                    foreach (FrameTriplet triplet in Triplets(interval - 2, frame))
                    {
                        yield return triplet;
                    }
                }
            }

            int remaining = (index + every - 1) / every; // frames that remain
            if (remaining >= 2)
            {
                foreach (FrameTriplet triplet in Triplets(remaining - 2, null))
                {
                    yield return triplet;
                }
            }

            if (given == 0)
            {
                throw new TrainingException(
                    $"The clip {path} has {Counted.Of(index, "frame")}; at least {(every == 2 ? "three" : $"{every + 1}")} are needed.");
            }

            IEnumerable<FrameTriplet> Triplets(int interval, PlanarFrame? after)
            {
                for (int i = 1; i < every && given < limit; i++, given++)
                {
                    yield return new(outer[interval % 3], inner[interval % 2][i - 1], outer[(interval + 1) % 3], (double)i / every) { After = after };
                }
            }
        }
        finally
        {
            Array.ForEach([.. outer, .. inner.SelectMany(frames => frames)], frame => frame.Dispose());
        }
    }

    /// <summary>Scores an interpolator on a clip: frames 1, 3, 5 … are predicted from their neighbours.</summary>
    /// <param name="path">The clip.</param>
    /// <param name="interpolator">What predicts the dropped frames.</param>
    /// <param name="limit">Predicted frames at most, from the clip's start.</param>
    /// <returns>A score per predicted frame.</returns>
    /// <exception cref="TrainingException">The clip cannot be read, or has fewer than three frames.</exception>
    public static IReadOnlyList<FrameScore> Examine(string path, IFrameInterpolator interpolator, int limit = int.MaxValue) =>
        [.. Read(path, limit).Select(triplet => triplet.Score(interpolator))];

    /// <summary>Scores the odd frames of a doubled clip against the true ones; the last frames that have no later neighbour are left out.</summary>
    /// <exception cref="TrainingException">The clips differ in size, or share no odd frame.</exception>
    public static IReadOnlyList<FrameScore> Compare(string truthPath, string doubledPath)
    {
        var (width, height) = ClipReader.ReadSize(truthPath);
        if (ClipReader.ReadSize(doubledPath) != (width, height))
        {
            throw new TrainingException($"{doubledPath} has another size than {truthPath}, {width}x{height}; their frames cannot be compared.");
        }

        using var truth = new PlanarFrame(width, height, 3, samplesAreRgb: true);
        using var doubled = new PlanarFrame(width, height, 3, samplesAreRgb: true);
        using IEnumerator<byte[]> truths = ClipReader.ReadFrames(truthPath, width, height, int.MaxValue).GetEnumerator();
        using IEnumerator<byte[]> doubles = ClipReader.ReadFrames(doubledPath, width, height, int.MaxValue).GetEnumerator();
        List<FrameScore> scores = [];
        FrameScore? pending = null; // counts once a later true frame has shown that it lies between two
        for (int index = 0; truths.MoveNext() && doubles.MoveNext(); index++)
        {
            if (index % 2 == 0)
            {
                scores.AddRange(pending is { } score ? [score] : []);
                continue;
            }

            Fill(truth, truths.Current);
            Fill(doubled, doubles.Current);
            pending = FrameScore.Of(ImageFile.ToImage(doubled), ImageFile.ToImage(truth));
        }

        return scores.Count > 0 ? scores : throw new TrainingException($"{truthPath} and {doubledPath} share no frame between two others.");
    }

    /// <summary>Fills colour planes with a decoded frame.</summary>
    internal static void Fill(PlanarFrame frame, byte[] planes)
    {
        int length = (int)frame.PlaneLength;
        for (int plane = 0; plane < 3; plane++) // G, B, R
        {
            Span<float> target = frame.RgbPlane((plane + 1) % 3);
            for (int i = 0; i < length; i++)
            {
                target[i] = planes[plane * length + i] * (1f / 255);
            }
        }
    }
}
