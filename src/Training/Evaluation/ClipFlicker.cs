using System.Globalization;
using AdaConv.Drawing;
using AdaConv.Reports;
using AdaConv.Storage;

namespace AdaConv.Training.Evaluation;

/// <summary>Brightness and sharpness along clips that were halved and doubled back, by each method and in truth.</summary>
public sealed class ClipFlicker
{
    /// <summary>What the clip's own dropped frames are called: how much they differ from their neighbours is no flicker.</summary>
    public const string Truth = "truth";

    private readonly List<(string Clip, string FileName, string Method, List<(PictureLook Before, PictureLook New, PictureLook Behind)> Frames)> _lines = [];

    /// <summary>Each clip's pulse by each method, truth first.</summary>
    public IEnumerable<(string Clip, string Method, Pulse Pulse)> Pulses => _lines.Select(line => (line.Clip, line.Method, Pulse.Of(line.Frames)));

    /// <summary>Looks at a frame; those of test sets of single pictures, and of clips with several frames between two, are passed over.</summary>
    public void Add(ScoredFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Item.Kind != TestSetKind.Clips || frame.Item.Every != 2)
        {
            return;
        }

        PictureLook before = PictureLook.Of(frame.First), behind = PictureLook.Of(frame.Second);
        Line(frame.Item, Truth).Add((before, PictureLook.Of(frame.Truth), behind));
        foreach (Prediction prediction in frame.Predictions)
        {
            Line(frame.Item, prediction.Method).Add((before, PictureLook.Of(prediction.Image), behind));
        }
    }

    /// <summary>The pulses in percent, and each method's mean over the clips; null without clips.</summary>
    public ReportTable? Table()
    {
        if (_lines.Count == 0)
        {
            return null;
        }

        var pulses = Pulses.ToList();
        return new ReportTable(
            ["clip", "method", "brightness, %", "sharpness, %", "sharpness with sign, %"],
            [
                .. pulses.Select(line => Row(line.Clip, line.Method, line.Pulse)),
                .. pulses.GroupBy(line => line.Method, line => line.Pulse).Select(each => Row(
                    string.Create(CultureInfo.InvariantCulture, $"mean of {each.Count()}"), each.Key,
                    new(each.Average(pulse => pulse.Brightness), each.Average(pulse => pulse.Sharpness), each.Average(pulse => pulse.SharpnessOffset)))),
            ]);
    }

    /// <summary>Writes CLIP-brightness.png and CLIP-sharpness.png for each clip: a saw-tooth is a pulse.</summary>
    public void WriteCurves(string folder)
    {
        foreach (var clip in _lines.GroupBy(line => (line.Clip, line.FileName)))
        {
            Write("brightness", "mean luma, of 255", look => look.Brightness);
            Write("sharpness", "mean gradient, codes a pixel", look => look.Sharpness);

            void Write(string name, string label, Func<PictureLook, double> value) => DurableStore.Write(
                Path.Combine(folder, $"{clip.Key.FileName}-{name}.png"),
                Curves.Png($"{clip.Key.Clip}, doubled: {name}", "frame (odd ones are new)", label,
                    [.. clip.Select(line => Series(line.Method, line.Frames, value))]));
        }
    }

    private static CurveSeries Series(
        string method, List<(PictureLook Before, PictureLook New, PictureLook Behind)> frames, Func<PictureLook, double> value)
    {
        double[] values = [.. frames.SelectMany(frame => (double[])[value(frame.Before), value(frame.New)]), value(frames[^1].Behind)];
        return new(method, [.. values.Select((_, index) => (double)index)], values);
    }

    private List<(PictureLook Before, PictureLook New, PictureLook Behind)> Line(TestItem item, string method)
    {
        if (_lines.FirstOrDefault(line => line.Clip == item.Name && line.Method == method).Frames is { } frames)
        {
            return frames;
        }

        _lines.Add((item.Name, item.FileName, method, []));
        return _lines[^1].Frames;
    }

    private static string[] Row(string clip, string method, Pulse pulse) =>
        [clip, method, Percent(pulse.Brightness, "F2"), Percent(pulse.Sharpness, "F1"), Percent(pulse.SharpnessOffset, "+0.0;-0.0;0.0")];

    private static string Percent(double share, string format) => (100 * share).ToString(format, CultureInfo.InvariantCulture);
}
