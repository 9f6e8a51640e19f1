namespace AdaConv.Conversion.Verification;

/// <summary>A frame that is promised.</summary>
/// <param name="Time">When, in nanoseconds.</param>
/// <param name="Length">How long it stands, in nanoseconds.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="Earlier">The original at or before it.</param>
/// <param name="Later">The next original; null behind the last.</param>
internal readonly record struct PromisedFrame(long Time, long Length, PromisedPicture Kind, FrameFingerprint Earlier, FrameFingerprint? Later);

/// <summary>What a promised frame shows.</summary>
internal enum PromisedPicture
{
    /// <summary>An original, which has this very time.</summary>
    Original,

    /// <summary>A new picture about the middle of the way between two originals.</summary>
    Between,

    /// <summary>Something near one of the originals around it, or a repetition of one, as at cuts and gaps.</summary>
    Near,
}

/// <summary>A frame of the output.</summary>
/// <param name="Time">When, in nanoseconds; null where it has no time.</param>
/// <param name="Picture">Its brightness.</param>
internal sealed record FoundFrame(long? Time, FrameFingerprint Picture);

/// <summary>
/// Holds the output's frames against those that are promised, both in order. Frames are matched by their times; an original must be the frame of
/// the output that looks most like it, as fingerprints say, which coding changes little.
/// </summary>
internal sealed class FrameCheck
{
    // The difference of an original from its frame of the output that no coding makes: root of the mean square over all places, of 255.
    private const double MostDifference = 16;

    // The same for a single place, by which a damaged block is seen: this much, and more than twice what it usually is in this output.
    private const double MostDifferenceOfPlace = 60, MostOfUsual = 2.5;

    // Frames of the output that are looked at before and after one.
    private const int MostReach = 17;

    // Originals whose coding loss is remembered.
    private const int Memory = 25;

    private const int MostMarks = 120;

    private readonly IEnumerator<FoundFrame> _found;
    private readonly long _rounding;
    private readonly int _reach;

    // Promised frames by which it is judged whether all is shifted.
    private readonly int _trials;
    private readonly BreakList _times = new("frames");
    private readonly BreakList _pictures = new("pictures");
    private readonly List<FoundFrame> _window = [];
    private readonly Queue<PromisedFrame> _trial = new();
    private readonly Queue<double> _losses = new();
    private readonly Queue<double> _largest = new();
    private readonly List<(double Seconds, PromisedPicture Kind)> _missing = [];
    private readonly List<FrameMark> _marks = [];
    private bool _isBegun;
    private bool _isEnded;
    private int _next;
    private long _lastLength;
    private long _lastTime = long.MinValue;
    private long _originals;
    private double _sumOfDifferences;

    /// <summary>A check.</summary>
    /// <param name="found">The output's frames.</param>
    /// <param name="rounding">Nanoseconds that the output's clock may be off.</param>
    /// <param name="multiple">About how many frames of the output there are for each of the input.</param>
    public FrameCheck(IEnumerable<FoundFrame> found, long rounding, int multiple)
    {
        _found = found.GetEnumerator();
        _rounding = rounding;
        _reach = Math.Clamp((2 * multiple) + 1, 3, MostReach);
        _trials = Math.Clamp(4 * multiple, 12, 40);
    }

    /// <summary>Nanoseconds that all of the output is later than promised.</summary>
    public long Shift { get; private set; }

    /// <summary>Frames promised.</summary>
    public long Promised { get; private set; }

    /// <summary>Frames found.</summary>
    public long Found { get; private set; }

    /// <summary>The first frames, for a picture.</summary>
    public IReadOnlyList<FrameMark> Marks => _marks;

    /// <summary>Takes the next promised frame.</summary>
    public void Expect(in PromisedFrame frame)
    {
        Promised++;
        Mark(frame.Time, frame.Kind == PromisedPicture.Original, isFound: false);
        if (_isBegun)
        {
            Match(frame);
            return;
        }

        _trial.Enqueue(frame);
        if (_trial.Count == _trials)
        {
            Begin();
        }
    }

    /// <summary>After the last promised frame: the results.</summary>
    public (VerificationCheck Times, VerificationCheck Pictures) Finish()
    {
        if (!_isBegun)
        {
            Begin();
        }

        for (Pull(); _next < _window.Count; Pull())
        {
            TooMany(_window[_next++]);
        }

        if (_missing is [var first, ..])
        {
            _times.Add(
                BreakKind.CutShort,
                $"the output ends before {first.Seconds:0.000000} s: the last {Counted.Of(_missing.Count, "frame")} of {Promised} are missing",
                first.Seconds);
        }

        double mean = _originals == 0 ? 0 : _sumOfDifferences / _originals;
        return (
            _times.Finish($"{Found} frames, each at its time to within {(double)_rounding / 1_000_000:0.###} ms"),
            _pictures.Finish(
                $"{_originals} originals, each at its time; the fingerprints differ by {mean:0.00} of 255 on the mean (up to {MostDifference} is coding)",
                _originals > 0));
    }

    private void Begin()
    {
        _isBegun = true;
        Pull();
        Shift = TimeShift.Find([.. _trial], _window, _rounding);
        while (_trial.TryDequeue(out PromisedFrame frame))
        {
            Match(frame);
        }
    }

    private void Match(in PromisedFrame frame)
    {
        long half = Math.Max(1, (_lastLength == 0 ? frame.Length : Math.Min(_lastLength, frame.Length)) / 2);
        _lastLength = frame.Length;
        double seconds = Seconds(frame.Time);
        for (Pull(); _next < _window.Count; Pull())
        {
            FoundFrame found = _window[_next];
            if (found.Time is { } at && at - Shift - frame.Time > half)
            {
                break;
            }

            _next++;
            if (found.Time is { } time && time - Shift - frame.Time >= -half)
            {
                ReportMissing();
                CountFound(found, frame.Kind == PromisedPicture.Original);
                double late = (time - Shift - frame.Time) / 1e6;
                if (Math.Abs(time - Shift - frame.Time) > _rounding)
                {
                    _times.Add(BreakKind.FrameTime, $"the frame promised at {seconds:0.000000} s is {Math.Abs(late):0.000} ms too {Late(late)}", seconds);
                }

                Look(frame, _next - 1, seconds);
                return;
            }

            TooMany(found);
        }

        _missing.Add((seconds, frame.Kind));
    }

    // Once a later frame is found: what is missing at the end is told otherwise.
    private void ReportMissing()
    {
        foreach ((double seconds, PromisedPicture kind) in _missing)
        {
            string words = kind == PromisedPicture.Original ? "an original" : "a new frame";
            _times.Add(BreakKind.FrameMissing, $"there is no frame at {seconds:0.000000} s, where {words} is promised", seconds);
        }

        _missing.Clear();
    }

    private void Look(in PromisedFrame frame, int index, double seconds)
    {
        FrameFingerprint picture = _window[index].Picture;
        if (frame.Kind == PromisedPicture.Original)
        {
            LookAtOriginal(frame, index, seconds);
        }
        else if (frame.Later is { } later)
        {
            LookAtNew(picture, frame, later, index, seconds);
        }
    }

    private void LookAtOriginal(in PromisedFrame frame, int index, double seconds)
    {
        double own = _window[index].Picture.DifferenceFrom(frame.Earlier);
        (int nearest, double least) = (index, own);
        for (int i = Math.Max(0, index - _reach); i < Math.Min(_window.Count, index + _reach + 1); i++)
        {
            if (_window[i].Picture.DifferenceFrom(frame.Earlier) is var difference && difference < least)
            {
                (nearest, least) = (i, difference);
            }
        }

        _originals++;
        _sumOfDifferences += own;
        Remember(_losses, least);
        double place = _window[index].Picture.LargestDifferenceFrom(frame.Earlier);
        bool isBlock = place > MostDifferenceOfPlace && place > MostOfUsual * (_largest.Count == 0 ? 0 : _largest.Order().ElementAt(_largest.Count / 2));
        Remember(_largest, place);

        double loss = _losses.Max(), motion = frame.Later?.DifferenceFrom(frame.Earlier) ?? 0;
        bool isMoving = motion >= (4 * loss) + 0.5;
        if (isMoving && nearest != index && own >= (3 * loss) + 0.3 && own >= 0.3 * motion && least <= 0.5 * own)
        {
            int places = nearest - index;
            _pictures.Add(
                BreakKind.PictureMoved,
                $"the original of {seconds:0.000000} s is shown {Counted.Of(Math.Abs(places), "frame")} too {Late(places)}",
                seconds);
        }
        else if (own > MostDifference || isBlock)
        {
            _pictures.Add(BreakKind.PictureWrong, $"the frame at {seconds:0.000000} s is not the input's, or damaged (difference {own:0.0} of 255)", seconds);
        }
    }

    private static void Remember(Queue<double> values, double value)
    {
        values.Enqueue(value);
        if (values.Count > Memory)
        {
            values.Dequeue();
        }
    }

    private void LookAtNew(FrameFingerprint picture, in PromisedFrame frame, FrameFingerprint later, int index, double seconds)
    {
        double motion = later.DifferenceFrom(frame.Earlier), loss = _losses.Count == 0 ? 0 : _losses.Max();
        double fromEarlier = picture.DifferenceFrom(frame.Earlier), fromLater = picture.DifferenceFrom(later);
        double most = (1.2 * motion) + MostDifference + loss;
        if (fromEarlier > most && fromLater > most)
        {
            _pictures.Add(BreakKind.PictureForeign, $"the new frame at {seconds:0.000000} s looks like neither of the originals around it", seconds);
        }
        else if (frame.Kind == PromisedPicture.Between && motion >= (8 * loss) + 2 && (IsSame(index - 1) || IsSame(index + 1)))
        {
            _pictures.Add(BreakKind.PictureRepeated, $"the new frame at {seconds:0.000000} s repeats its neighbour although the picture moves", seconds);
        }

        bool IsSame(int other) => other >= 0 && other < _window.Count && _window[other].Picture.DifferenceFrom(picture) <= 0.03 * motion;
    }

    private void TooMany(FoundFrame frame)
    {
        CountFound(frame, isOriginal: false);
        if (frame.Time is { } time)
        {
            double seconds = Seconds(time);
            _times.Add(BreakKind.FrameAdded, $"there is a frame at {seconds:0.000000} s, where none is promised", seconds);
        }
        else
        {
            _times.Add(BreakKind.FrameAdded, $"frame {Found} has no time");
        }
    }

    private void CountFound(FoundFrame frame, bool isOriginal)
    {
        Found++;
        if (frame.Time is not { } time)
        {
            return;
        }

        Mark(time, isOriginal, isFound: true);
        if (time <= _lastTime)
        {
            _times.Add(BreakKind.FrameTime, $"the frame at {Seconds(time):0.000000} s does not come after the one before it", Seconds(time));
        }

        _lastTime = time;
    }

    // Keeps as many frames of the output before and after the next one as are looked at.
    private void Pull()
    {
        while (!_isEnded && _window.Count <= _next + Math.Max(_reach, _trial.Count > 0 ? 2 * _trials : 0))
        {
            if (_found.MoveNext())
            {
                _window.Add(_found.Current);
            }
            else
            {
                _isEnded = true;
            }
        }

        int unneeded = _next - _reach - 1;
        if (unneeded > 0)
        {
            _window.RemoveRange(0, unneeded);
            _next -= unneeded;
        }
    }

    private void Mark(long time, bool isOriginal, bool isFound)
    {
        if ((isFound ? Found : Promised) <= MostMarks)
        {
            _marks.Add(new(Seconds(time), isOriginal, isFound));
        }
    }

    private static string Late(double difference) => difference > 0 ? "late" : "early";

    private static double Seconds(long time) => time / 1e9;
}
