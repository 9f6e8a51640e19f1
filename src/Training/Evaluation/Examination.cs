using System.Globalization;
using System.Text.Json;
using AdaConv.Drawing;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Evaluation;

/// <summary>The examination of a network in training: test pictures scored and kept, validation clips scored.</summary>
/// <remarks>
/// In the run's folder: examinations/STEP/NAME.png and scores.json; beside them examinations/truth and examinations/averaging, once, so that a
/// run can be looked at without its test set.
/// </remarks>
public sealed class Examination
{
    /// <summary>Frames of each validation clip that are predicted, from its start.</summary>
    public const int FramesPerClip = 6;

    /// <summary>The folder of examinations in a run's.</summary>
    public const string FolderName = "examinations";

    /// <summary>The folder of true pictures in it.</summary>
    public const string TruthName = "truth";

    /// <summary>The folder of averaged pictures in it.</summary>
    public const string AveragingName = "averaging";

    /// <summary>The file of scores in each of them but the truth's.</summary>
    public const string ScoresName = "scores.json";

    private readonly string _folder;
    private readonly IReadOnlyList<TripletFolder> _pictures;
    private readonly IReadOnlyList<ValidationItem> _validation;
    private readonly Func<Tensor, Tensor, Tensor> _loss;

    /// <summary>Finds the test pictures and clips.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="middlebury">Folder of the test pictures; null = none.</param>
    /// <param name="validation">Folder of validation clips, or a Vimeo90K layout; null = none.</param>
    /// <param name="loss">The run's loss: predicted and true frame, both [1, 3, H, W] in 0..1, give a scalar.</param>
    /// <param name="heldOut">Frames kept aside of a clip that is trained on; null = none.</param>
    /// <exception cref="TrainingException">A folder is missing or empty.</exception>
    internal Examination(string runFolder, string? middlebury, string? validation, Func<Tensor, Tensor, Tensor> loss, ValidationItem? heldOut = null)
    {
        _folder = Path.Combine(runFolder, FolderName);
        _pictures = middlebury is null ? [] : TripletFolder.Find(middlebury);
        _validation = [.. validation is null ? [] : ValidationItem.Find(validation), .. heldOut is null ? (ValidationItem[])[] : [heldOut]];
        _loss = loss;
    }

    /// <summary>Examines a network.</summary>
    /// <param name="interpolator">The network, ready to predict.</param>
    /// <param name="step">Steps that it has learnt.</param>
    /// <exception cref="TrainingException">A test picture or clip cannot be read, or a result cannot be written.</exception>
    public ExaminationResult Run(IFrameInterpolator interpolator, long step)
    {
        Dictionary<string, FrameScore> validation = [];
        List<(double Loss, double Baseline)> losses = [];
        var averaging = new AveragingInterpolator();
        foreach (ValidationItem item in _validation)
        {
            List<FrameScore> scores = [];
            foreach (FrameTriplet triplet in item.Read())
            {
                using PlanarFrame predicted = triplet.Predict(interpolator), average = triplet.Predict(averaging);
                scores.Add(FrameScore.Of(ImageFile.ToImage(predicted), ImageFile.ToImage(triplet.Truth)));
                losses.Add((Loss(predicted, triplet.Truth), Loss(average, triplet.Truth)));
            }

            validation[item.Name] = FrameScore.Mean(scores);
        }

        var result = new ExaminationResult(
            Pictures(interpolator, step), validation,
            losses.Count > 0 ? losses.Average(pair => pair.Loss) : null, losses.Count > 0 ? losses.Average(pair => pair.Baseline) : null);
        return result;
    }

    private Dictionary<string, FrameScore> Pictures(IFrameInterpolator interpolator, long step)
    {
        if (_pictures.Count == 0)
        {
            return [];
        }

        if (!Directory.Exists(Path.Combine(_folder, AveragingName)))
        {
            Keep(new AveragingInterpolator(), AveragingName);
        }

        if (!Directory.Exists(Path.Combine(_folder, TruthName)))
        {
            string partial = Emptied(TruthName);
            foreach (TripletFolder picture in _pictures)
            {
                using FrameTriplet triplet = picture.Read();
                ImageFile.WritePng(Path.Combine(partial, FileName(picture)), triplet.Truth);
            }

            DurableStore.Publish(partial, Path.Combine(_folder, TruthName));
        }

        return Keep(interpolator, step.ToString(CultureInfo.InvariantCulture));
    }

    // Predicts, scores and writes all pictures to a folder, which appears under its name when whole.
    private Dictionary<string, FrameScore> Keep(IFrameInterpolator interpolator, string name)
    {
        string partial = Emptied(name), whole = Path.Combine(_folder, name);
        Dictionary<string, FrameScore> scores = [];
        foreach (TripletFolder picture in _pictures)
        {
            using FrameTriplet triplet = picture.Read();
            using PlanarFrame predicted = triplet.Predict(interpolator);
            RgbImage image = ImageFile.ToImage(predicted);
            scores[picture.Name] = FrameScore.Of(image, ImageFile.ToImage(triplet.Truth));
            image.WritePng(Path.Combine(partial, FileName(picture)));
        }

        DurableStore.Write(Path.Combine(partial, ScoresName), JsonSerializer.Serialize(new KeptScores(_pictures[0].Kind, scores), RunJson.Options));
        DurableStore.Remove(whole); // examined before, and gone on from an earlier checkpoint since
        DurableStore.Publish(partial, whole);
        return scores;
    }

    private string Emptied(string name)
    {
        string partial = Path.Combine(_folder, name + ".partial");
        DurableStore.Remove(partial);
        DurableStore.CreateFolder(partial);
        return partial;
    }

    private static string FileName(TripletFolder picture) => picture.FileName + ".png";

    private unsafe double Loss(PlanarFrame predicted, PlanarFrame truth)
    {
        using IDisposable noGradient = no_grad();
        using IDisposable scope = NewDisposeScope();
        return _loss(Tensor(predicted), Tensor(truth)).ToDouble();

        static Tensor Tensor(PlanarFrame frame) =>
            tensor(new ReadOnlySpan<float>(frame.Rgb, checked((int)(3 * frame.PlaneLength))).ToArray()).view(1, 3, frame.Height, frame.Width);
    }
}
