using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>Scores methods on test items, each decoded once.</summary>
/// <param name="methods">Names and methods, the baseline first.</param>
/// <param name="withMinterpolate">FFmpeg's filter too, as the second.</param>
public sealed class Evaluator(IReadOnlyList<(string Name, IFrameInterpolator Method)> methods, bool withMinterpolate = false)
{
    /// <summary>The baseline's name in tables.</summary>
    public const string Averaging = "averaging";

    /// <summary>The examined network's name in tables.</summary>
    public const string Ours = "ours";

    /// <summary>Predicts and scores every frame of an item.</summary>
    /// <exception cref="TrainingException">An image or clip cannot be read.</exception>
    public IEnumerable<ScoredFrame> Frames(TestItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        int index = 0;
        using IEnumerator<RgbImage>? filtered = withMinterpolate ? Minterpolate.Predict(item).GetEnumerator() : null;
        foreach (FrameTriplet triplet in item.Read())
        {
            ScoredFrame frame = Predict(methods, item, index++, triplet);
            if (filtered is not null)
            {
                filtered.MoveNext();
                var prediction = new Prediction(Minterpolate.Name, filtered.Current, FrameScore.Of(filtered.Current, frame.Truth));
                frame = frame with { Predictions = [frame.Predictions[0], prediction, .. frame.Predictions.Skip(1)] };
            }

            yield return frame;
        }
    }

    /// <summary>The scores of an item, one for each method and, where its frames lie at several times, for each time.</summary>
    /// <param name="item">The item.</param>
    /// <param name="frame">Told of every frame.</param>
    /// <exception cref="TrainingException">An image or clip cannot be read.</exception>
    public IReadOnlyList<ScoredItem> Score(TestItem item, Action<ScoredFrame>? frame = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        List<(string Set, string Method, FrameScore Score)> scores = [];
        foreach (ScoredFrame scored in Frames(item))
        {
            scores.AddRange(scored.Predictions.Select(prediction => (item.SetAt(scored.Time), prediction.Method, prediction.Score)));
            frame?.Invoke(scored);
        }

        return
        [
            .. scores.GroupBy(score => (score.Set, score.Method), score => score.Score)
                .Select(each => new ScoredItem(each.Key.Set, item.Kind, item.Name, each.Key.Method, each.Count(), FrameScore.Mean([.. each]))),
        ];
    }

    /// <summary>Predicts and scores one frame.</summary>
    internal static ScoredFrame Predict(IReadOnlyList<(string Name, IFrameInterpolator Method)> methods, TestItem item, int index, FrameTriplet triplet)
    {
        RgbImage truth = ImageFile.ToImage(triplet.Truth);
        return new ScoredFrame(item, index, ImageFile.ToImage(triplet.First), truth, ImageFile.ToImage(triplet.Second),
            [.. methods.Select(method => Predict(method.Name, method.Method, triplet, truth))])
        {
            Time = triplet.Time,
        };
    }

    private static Prediction Predict(string name, IFrameInterpolator method, FrameTriplet triplet, RgbImage truth)
    {
        using PlanarFrame between = triplet.Predict(method);
        RgbImage image = ImageFile.ToImage(between);
        return new Prediction(name, image, FrameScore.Of(image, truth));
    }
}
