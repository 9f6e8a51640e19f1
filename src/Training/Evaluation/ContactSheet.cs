using System.Globalization;
using AdaConv.Drawing;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>A picture of predicted frames: truth, each method's frame, and each one's error four times enlarged; a row an item.</summary>
/// <remarks>Of a clip it shows the frame that the first method, averaging, misses most: where it moves. At most <see cref="MostRows"/> items are
/// shown, evenly spread.</remarks>
/// <param name="items">Number of items that will come.</param>
public sealed class ContactSheet(int items)
{
    /// <summary>Rows at most.</summary>
    public const int MostRows = 24;

    private const int CellWidth = 320;
    private readonly List<ScoredFrame> _rows = [];
    private TestItem? _current;
    private int _seen;
    private bool _taken;

    /// <summary>Looks at a frame; those of an item come one after the other.</summary>
    public void Add(ScoredFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!ReferenceEquals(frame.Item, _current))
        {
            _current = frame.Item;
            int rows = Math.Min(items, MostRows);
            _taken = (long)(_seen + 1) * rows / items > (long)_seen * rows / items;
            _seen++;
            if (_taken)
            {
                _rows.Add(frame);
            }
        }
        else if (_taken && frame.Predictions[0].Score.Rmse > _rows[^1].Predictions[0].Score.Rmse)
        {
            _rows[^1] = frame;
        }
    }

    /// <summary>The sheet; null when nothing was added.</summary>
    public RgbImage? Draw() => _rows.Count == 0 ? null : PictureSheet.Draw([.. _rows.Select(Row)], CellWidth);

    private static SheetCell[] Row(ScoredFrame frame) =>
    [
        new(frame.Item.Kind == TestSetKind.Clips
            ? string.Create(CultureInfo.InvariantCulture, $"{frame.Item.Name}, frame {2 * frame.Index + 1}") : frame.Item.Name, frame.Truth),
        .. frame.Predictions.Select(prediction => new SheetCell(
            string.Create(CultureInfo.InvariantCulture, $"{prediction.Method} {prediction.Score.Psnr:F2} dB"), prediction.Image)),
        .. frame.Predictions.Select(prediction => new SheetCell($"{prediction.Method}: error ×4", PictureSheet.Difference(prediction.Image, frame.Truth))),
    ];
}
