using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Training.Data;

namespace AdaConv.Training.Evaluation;

/// <summary>Clips with every second frame dropped and predicted again.</summary>
public static class ClipSet
{
    /// <summary>Scores an interpolator on a clip: frames 1, 3, 5 … are predicted from their neighbours.</summary>
    /// <param name="path">The clip.</param>
    /// <param name="interpolator">What predicts the dropped frames.</param>
    /// <param name="limit">Predicted frames at most, from the clip's start.</param>
    /// <returns>A score per predicted frame.</returns>
    /// <exception cref="TrainingException">The clip cannot be read, or has fewer than three frames.</exception>
    public static unsafe IReadOnlyList<FrameScore> Examine(string path, IFrameInterpolator interpolator, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(interpolator);
        var (width, height) = ClipReader.ReadSize(path);
        var frames = new PlanarFrame[3];
        for (int i = 0; i < 3; i++)
        {
            frames[i] = new PlanarFrame(width, height, 3, samplesAreRgb: true);
        }

        using var between = new PlanarFrame(width, height, 3, samplesAreRgb: true);
        List<FrameScore> scores = [];
        int index = 0;
        int last = limit > 100_000 ? int.MaxValue : 2 * limit + 1;
        foreach (byte[] bytes in ClipReader.ReadFrames(path, width, height, last))
        {
            PlanarFrame frame = frames[index % 2 == 0 ? index / 2 % 2 : 2]; // even frames alternate; the dropped one in the third
            Fill(frame, bytes);
            if (index > 0 && index % 2 == 0)
            {
                interpolator.Interpolate(frames[(index / 2 - 1) % 2], frame, between);
                scores.Add(FrameScore.Of(ImageFile.ToImage(between), ImageFile.ToImage(frames[2])));
            }

            index++;
        }

        Array.ForEach(frames, frame => frame.Dispose());
        return scores.Count > 0 ? scores : throw new TrainingException($"{path} holds no frame between two others; a clip needs three frames.");
    }

    /// <summary>Scores the odd frames of a doubled clip against the true ones; the last frames that have no later neighbour are left out.</summary>
    /// <exception cref="TrainingException">The clips differ in size, or share no odd frame.</exception>
    public static IReadOnlyList<FrameScore> Compare(string truthPath, string doubledPath)
    {
        var (width, height) = ClipReader.ReadSize(truthPath);
        if (ClipReader.ReadSize(doubledPath) != (width, height))
        {
            throw new TrainingException($"{doubledPath} is not of the size of {truthPath}, {width}x{height}; its frames cannot be compared.");
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

    private static void Fill(PlanarFrame frame, byte[] planes)
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
