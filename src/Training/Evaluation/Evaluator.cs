using AdaConv.Model;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>Scores methods on test items, each decoded once.</summary>
/// <param name="methods">Names and methods, the baseline first.</param>
public sealed class Evaluator(IReadOnlyList<(string Name, IFrameInterpolator Method)> methods)
{
    /// <summary>The baseline's name in tables.</summary>
    public const string Averaging = "averaging";

    /// <summary>The examined network's name in tables.</summary>
    public const string Ours = "ours";

    /// <summary>Averaging, and a network where there is one.</summary>
    public static Evaluator Against(IFrameInterpolator? network) =>
        new(network is null ? [(Averaging, new AveragingInterpolator())] : [(Averaging, new AveragingInterpolator()), (Ours, network)]);

    /// <summary>Predicts and scores every frame of an item.</summary>
    /// <exception cref="TrainingException">An image or clip cannot be read.</exception>
    public IEnumerable<ScoredFrame> Frames(TestItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        int index = 0;
        foreach (FrameTriplet triplet in item.Read())
        {
            yield return Predict(methods, item, index++, triplet);
        }
    }

    /// <summary>The scores of an item, one a method.</summary>
    /// <param name="item">The item.</param>
    /// <param name="frame">Told of every frame.</param>
    /// <exception cref="TrainingException">An image or clip cannot be read.</exception>
    public IReadOnlyList<ScoredItem> Score(TestItem item, Action<ScoredFrame>? frame = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        List<FrameScore>[] scores = [.. methods.Select(_ => new List<FrameScore>())];
        foreach (ScoredFrame scored in Frames(item))
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i].Add(scored.Predictions[i].Score);
            }

            frame?.Invoke(scored);
        }

        return [.. methods.Zip(scores, (method, each) => new ScoredItem(item.Set, item.Kind, item.Name, method.Name, each.Count, FrameScore.Mean(each)))];
    }

    /// <summary>Predicts and scores one frame.</summary>
    internal static ScoredFrame Predict(IReadOnlyList<(string Name, IFrameInterpolator Method)> methods, TestItem item, int index, FrameTriplet triplet)
    {
        RgbImage truth = ImageFile.ToImage(triplet.Truth);
        return new ScoredFrame(item, index, truth, [.. methods.Select(method => Predict(method.Name, method.Method, triplet, truth))]);
    }

    private static Prediction Predict(string name, IFrameInterpolator method, FrameTriplet triplet, RgbImage truth)
    {
        using PlanarFrame between = triplet.Predict(method);
        RgbImage image = ImageFile.ToImage(between);
        return new Prediction(name, image, FrameScore.Of(image, truth));
    }
}
