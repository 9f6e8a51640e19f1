using System.Collections.Immutable;
using System.Numerics.Tensors;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using NAudio.Wave;

namespace AdaConv.Conversion.Verification;

/// <summary>Decodes the sound of both files and finds, piece by piece, where the input's stands in the output.</summary>
/// <param name="plan">What is promised.</param>
/// <param name="input">The input's path.</param>
/// <param name="output">The output's path.</param>
/// <param name="rounding">Seconds that the times of the output's frames may be off.</param>
internal sealed class SoundCheck(ConversionPlan plan, string input, string output, double rounding)
{
    // Columns of a picture of the waveforms.
    private const int Columns = 1000;

    // Samples a second that are compared: speech and music keep their shape, and a place is found to a tenth of a millisecond.
    private const int Rate = 8000;

    // Of sound that was stretched only the loudness is compared, every 5 ms of the input.
    private const int Hop = Rate / 200;

    // Seconds that an offset may be; sound that was stretched stands some hundredths of a second from its place (docs/timing.md).
    private const double Tolerance = 0.002, ToleranceOfStretched = 0.06;

    // Seconds of a piece, and that it is searched for to either side.
    private const double PieceSeconds = 2, ReachSeconds = 1;

    // Long files are looked at in so many pieces, evenly apart.
    private const int MostPieces = 240;

    // Seconds of sound that may be missing at the end: what a decoder holds back, and stretching takes.
    private const double MostMissing = 0.25;

    // Of stretched sound, whose loudness alone is compared: below this share of its mean it is steady and fits anywhere. A tone's own waves make half of it.
    private const float LeastVariation = 0.2f;

    // Loudness that is none, of 1.
    private const float Silence = 0.001f;

    private const double LeastLikeness = 0.8, LeastLikenessOfStretched = 0.5, LeastLikenessOfDrifting = 0.3;

    private readonly BreakList _breaks = new("sound");
    private readonly List<SoundComparison> _comparisons = [];

    private int Slowdown => plan.Schedule!.Slowdown;

    /// <summary>Compares streams of sound.</summary>
    /// <param name="streams">Those that are in both.</param>
    /// <param name="start">The earliest moment of the input that counts, in seconds.</param>
    /// <param name="end">The last one.</param>
    /// <param name="shift">Seconds that the output's picture is later than promised.</param>
    /// <param name="cancellation">Ends the work.</param>
    public (VerificationCheck Check, ImmutableArray<SoundComparison> Comparisons) Run(
        IReadOnlyList<(StreamPlan Plan, int Output)> streams, double start, double end, double shift, CancellationToken cancellation)
    {
        int silent = 0;
        foreach ((StreamPlan stream, int found) in streams)
        {
            try
            {
                SoundComparison comparison = Compare(stream, found, start, Math.Max(1, end - start), shift, cancellation);
                _comparisons.Add(comparison);
                silent += comparison.Places == 0 ? 1 : 0;
                Judge(stream, comparison);
            }
            catch (MediaException error) when (error.Path == input)
            {
                // What cannot be decoded was copied all the same, and its packets are compared.
                silent++;
            }
            catch (MediaException error)
            {
                _breaks.Add(BreakKind.SoundDifferent, $"stream {stream.Index} ({stream.Description}): {error.Problem}");
            }
        }

        int heard = streams.Count - silent;
        string quiet = silent > 0 ? FormattableString.Invariant($"; {silent} silent or too steady") : "";
        double most = _comparisons.Max(comparison => Math.Abs(comparison.Offset ?? 0) as double?) ?? 0;
        return (
            _breaks.Finish(
                heard == 0 ? (FormattableString)$"{(streams.Count == 0 ? "there is none" : "all of it is silent or too steady, or cannot be decoded")}"
                    : $"{Counted.Of(heard, "stream")} where the picture is, by correlation: at most {most * 1000:0.0} ms off{quiet}",
                heard > 0),
            [.. _comparisons]);
    }

    private void Judge(StreamPlan stream, SoundComparison comparison)
    {
        bool isStretched = stream.Treatment == StreamTreatment.Stretch;
        if (comparison.Missing > MostMissing)
        {
            _breaks.Add(BreakKind.SoundMissing, $"stream {stream.Index} ({stream.Description}) ends {comparison.Missing:0.000} s too early");
        }

        if (comparison is not { Offset: { } offset, OffsetAtStart: { } first, OffsetAtEnd: { } last, Likeness: { } likeness })
        {
            return;
        }

        // A container of one rate puts the picture on a grid that begins at 0, and some codings count frames.
        double tolerance = (isStretched ? ToleranceOfStretched + (Slowdown * Hop / (2.0 * Rate)) : Tolerance) + rounding
            + (plan.Schedule!.LeadFrames is null ? 0 : Planner.NoticeableDelay);
        if (Math.Abs(last - first) > tolerance && likeness >= LeastLikenessOfDrifting)
        {
            _breaks.Add(
                BreakKind.SoundDrift, $"stream {stream.Index} ({stream.Description}) is {Words(first)} at the beginning and {Words(last)} at the end");
        }
        else if (likeness < (isStretched ? LeastLikenessOfStretched : LeastLikeness))
        {
            _breaks.Add(BreakKind.SoundDifferent, $"stream {stream.Index} ({stream.Description}) is another sound (likeness {likeness:0.00} of 1)");
        }
        else if (Math.Abs(offset) > tolerance)
        {
            _breaks.Add(BreakKind.SoundOffset, $"stream {stream.Index} ({stream.Description}) is {Words(offset)} against the picture");
        }

        static string Words(double seconds) => FormattableString.Invariant($"{Math.Abs(seconds) * 1000:0.0} ms {(seconds >= 0 ? "late" : "early")}");
    }

    private SoundComparison Compare(StreamPlan stream, int found, double start, double seconds, double shift, CancellationToken cancellation)
    {
        bool isStretched = stream.Treatment == StreamTreatment.Stretch;
        double outputStart = (start * Slowdown) - (plan.Schedule!.Shift / 1e6) + shift;
        using SoundTrack before = new(input, stream.Index, start, cancellation), after = new(output, found, outputStart, cancellation);

        // The input's samples, or loudnesses, and those of the output that stand for the same moments.
        Samples a = new(before.At(Rate), isStretched ? Hop : 1), b = new(after.At(Rate), isStretched ? Hop * Slowdown : 1);
        double rate = isStretched ? Rate / Hop : Rate;
        int length = (int)(PieceSeconds * rate), reach = (int)(ReachSeconds * rate);
        SoundOffset offset = new(length, reach);
        Waveform wave = new(seconds * rate), otherWave = new(seconds * rate);
        int every = Math.Max(1, (int)Math.Ceiling(seconds / PieceSeconds / MostPieces));
        List<(double Offset, double Likeness)> places = [];
        int steady = 0;
        float[] piece = new float[length], around = new float[length + (2 * reach)];
        b.Read(around.AsSpan(reach, length + reach), otherWave);
        for (int i = 0; a.Read(piece, wave) > 0; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isThere = b.Count >= a.Count || i == 0;
            if (i % every != 0 || !isThere)
            {
                // Not looked at.
            }
            else if (isStretched && IsSteady(piece))
            {
                steady++;
            }
            else if (offset.Find(isStretched ? Centred(piece) : piece, isStretched ? Centred(around) : around) is { } place)
            {
                places.Add(place);
            }

            around.AsSpan(length).CopyTo(around);
            b.Read(around.AsSpan(^length..), otherWave);
        }

        if (places.Count < steady / 3)
        {
            // The few edges of a steady sound prove nothing.
            places.Clear();
        }

        // In a stretched piece the output's loudness stands for as many input seconds.
        double unit = (isStretched ? Slowdown : 1) / rate;
        int quarter = Math.Max(1, places.Count / 4);
        return new()
        {
            Stream = stream.Index,
            Offset = Median(places) * unit,
            OffsetAtStart = Median(places.Take(quarter)) * unit,
            OffsetAtEnd = Median(places.TakeLast(quarter)) * unit,
            Likeness = places.Count == 0 ? null : places.Select(place => place.Likeness).Order().ElementAt(places.Count / 2),
            Missing = Math.Max(0, a.Count - b.Count) * unit,
            Places = places.Count,
            Start = outputStart,
            Column = seconds * Slowdown / Columns,
            InputPeaks = wave.Peaks,
            OutputPeaks = otherWave.Peaks,
        };
    }

    private static bool IsSteady(float[] loudness)
    {
        float mean = TensorPrimitives.Average<float>(loudness);
        return mean > Silence && TensorPrimitives.StdDev<float>(loudness) <= LeastVariation * mean;
    }

    // Loudness about its mean: what does not change has no place.
    private static float[] Centred(float[] values)
    {
        float[] centred = new float[values.Length];
        TensorPrimitives.Subtract(values, TensorPrimitives.Sum<float>(values) / values.Length, centred);
        return centred;
    }

    private static double? Median(IEnumerable<(double Offset, double Likeness)> places)
    {
        double[] sorted = [.. places.Select(place => place.Offset).Order()];
        return sorted.Length == 0 ? null : sorted[sorted.Length / 2];
    }

    // Samples, or the loudness of so many at a time without its mean of the piece.
    private sealed class Samples(ISampleProvider source, int hop)
    {
        private readonly float[] _hop = new float[hop];

        // Samples read so far.
        public long Count { get; private set; }

        // Fills a part, with silence behind the end; how much was there.
        public int Read(Span<float> part, Waveform wave)
        {
            int count = hop == 1 ? ReadFully(part) : ReadLoudness(part);
            part[count..].Clear();
            wave.Add(part[..count]);
            Count += count;
            return count;
        }

        private int ReadFully(Span<float> part)
        {
            int count = 0, read;
            while (count < part.Length && (read = source.Read(part[count..])) > 0)
            {
                count += read;
            }

            return count;
        }

        private int ReadLoudness(Span<float> part)
        {
            for (int i = 0; i < part.Length; i++)
            {
                int count = ReadFully(_hop);
                if (count == 0)
                {
                    return i;
                }

                part[i] = MathF.Sqrt(TensorPrimitives.SumOfSquares(_hop.AsSpan(0, count)) / count);
            }

            return part.Length;
        }
    }

    // The largest value of each column.
    private sealed class Waveform(double samples)
    {
        private readonly float[] _peaks = new float[Columns];
        private long _position;

        public ImmutableArray<float> Peaks => [.. _peaks];

        public void Add(ReadOnlySpan<float> values)
        {
            foreach (float value in values)
            {
                int column = (int)(_position++ * Columns / Math.Max(1, samples));
                if (column < Columns)
                {
                    _peaks[column] = Math.Max(_peaks[column], Math.Abs(value));
                }
            }
        }
    }
}
