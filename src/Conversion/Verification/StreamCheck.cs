using AdaConv.Conversion.Planning;
using AdaConv.Media.Encoding;
using AdaConv.Media.Inspection;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Verification;

/// <summary>Finds every stream of the plan in the output, and holds the packets of copied ones against each other, by hash and by time.</summary>
/// <param name="plan">What is promised.</param>
/// <param name="input">The input.</param>
/// <param name="output">The output.</param>
/// <param name="pass">Has the packets of both, and how far all of the output is shifted.</param>
internal sealed class StreamCheck(ConversionPlan plan, FileDescription input, FileDescription output, FramePass pass)
{
    // Packets by which a stream is told from another of its kind, and those that are searched for one that is missing.
    private const int Sample = 32, Ahead = 256;

    // Containers count in milliseconds, and Opus is written to Matroska with a delay in them.
    internal const long Tolerance = 1_600_000;

    // Those that keep what the input's container says of a stream.
    private static readonly string[] KeepLanguages = ["matroska", "webm", "mp4", "mov", "ipod", "nut", "mpegts"];
    private static readonly string[] KeepTitles = ["matroska", "webm", "nut"];
    private static readonly string[] KeepDispositions = ["matroska"];

    // A text of mov_text whose length is 0.
    private static readonly UInt128 NoText = PacketFacts.HashOf([0, 0]);

    private readonly BreakList _streams = new("streams");
    private readonly BreakList _packets = new("packets");
    private long _compared;

    /// <summary>The streams of sound that are in both, by their numbers.</summary>
    public List<(StreamPlan Plan, int Output)> Sound { get; } = [];

    /// <summary>Nanoseconds that the first promised packet, or frame where it is earlier, is to be shown at.</summary>
    /// <param name="firstFrame">The first frame's promised time.</param>
    public long EarliestOf(long firstFrame) => plan.Streams
        .Where(stream => stream.Treatment is StreamTreatment.Copy or StreamTreatment.Stretch or StreamTreatment.Rewrite)
        .SelectMany(stream => pass.InputPackets.Of(stream.Index).Take(1))
        .Min(packet => packet.Time is { } time ? PromisedTime(time) : (long?)null) is { } earliest ? Math.Min(earliest, firstFrame) : firstFrame;

    /// <summary>Compares.</summary>
    public (VerificationCheck Streams, VerificationCheck Packets) Run()
    {
        HashSet<int> free = [.. Enumerable.Range(0, output.Streams.Count).Where(index => index != output.VideoIndex)];
        int expected = 0;
        foreach (StreamPlan stream in plan.Streams.Where(stream => stream.Treatment is not (null or StreamTreatment.Drop or StreamTreatment.Convert)))
        {
            expected++;
            if (Find(stream, free) is not { } found)
            {
                _streams.Add(BreakKind.StreamMissing, $"stream {stream.Index} of the input ({stream.Description}) is not in the output");
                continue;
            }

            free.Remove(found);
            CompareDescription(stream, output.Streams[found]);
            if (stream.Treatment != StreamTreatment.Stretch)
            {
                ComparePackets(stream, found);
            }

            if (stream.Kind == "audio")
            {
                Sound.Add((stream, found));
            }
        }

        // Containers keep time codes and chapters in tracks of their own.
        foreach (int index in free.Where(index => output.Streams[index].Kind is not ("data" or "unknown")).Order())
        {
            _streams.Add(BreakKind.StreamAdded, $"stream {index} of the output ({output.Streams[index].Words}) was not promised");
        }

        int dropped = plan.Streams.Count(stream => stream.Treatment == StreamTreatment.Drop);
        return (
            _streams.Finish($"{expected} besides the video{(dropped > 0 ? $", {dropped} left out as planned" : "")}"),
            _packets.Finish($"{_compared} packets have the same bytes, at their times to within {Tolerance / 1e6:0.0} ms", _compared > 0));
    }

    private long PromisedTime(long time) => (time * plan.Schedule!.Slowdown) - (plan.Schedule.Shift * 1000);

    // Of several of one kind and coding, the one whose packets are the input's.
    private int? Find(StreamPlan stream, HashSet<int> free)
    {
        StreamFacts wanted = input.Streams[stream.Index];
        HashSet<UInt128> sample = [.. pass.InputPackets.Of(stream.Index).Take(Sample).Select(packet => packet.Hash)];
        return free.Where(index => IsLike(stream, wanted, output.Streams[index]))
            .OrderByDescending(index => Likeness(stream, wanted, index, sample)).ThenBy(index => index)
            .Select(index => (int?)index).FirstOrDefault();
    }

    private static bool IsLike(StreamPlan stream, StreamFacts wanted, StreamFacts found) => stream.Treatment switch
    {
        StreamTreatment.Stretch => found.Kind == wanted.Kind,
        StreamTreatment.Rewrite => found.Kind == wanted.Kind && found.Codec == stream.Encoder,
        StreamTreatment.Attach => found.IsCover || found.Kind == "attachment",
        _ => wanted.Kind == "attachment" ? found.Kind == "attachment" || found.IsCover
            : found.Kind == wanted.Kind && found.Codec == wanted.Codec && found.IsCover == wanted.IsCover,
    };

    private int Likeness(StreamPlan stream, StreamFacts wanted, int index, HashSet<UInt128> sample)
    {
        StreamFacts found = output.Streams[index];
        int alike = pass.OutputPackets.Of(index).Take(2 * Sample).Count(packet => sample.Contains(packet.Hash));
        bool isSameHeader = wanted.Header is not null && wanted.Header == found.Header;
        return (4 * alike) + (isSameHeader ? 2 : 0) + (found.Language == stream.Language ? 1 : 0);
    }

    private void CompareDescription(StreamPlan stream, StreamFacts found)
    {
        StreamFacts wanted = input.Streams[stream.Index];
        string container = plan.Container ?? "";
        bool isNumbered = container == "mov" && wanted.Language is { } name && QuickTimeLanguage.NameOf(name) != name;
        Compare("language", isNumbered ? found.Language : wanted.Language, found.Language, KeepLanguages);
        Compare("title", wanted.Title, found.Title, KeepTitles);
        if (stream.Treatment is StreamTreatment.Copy or StreamTreatment.Rewrite
            && KeepDispositions.Contains(container) && wanted.Disposition != found.Disposition)
        {
            _streams.Add(BreakKind.StreamTags, $"stream {stream.Index} ({stream.Description}) has other flags (default, forced …) in the output");
        }

        if (wanted.Kind == "attachment" && wanted.Header is { } file && found.Header != file && !found.IsCover)
        {
            _packets.Add(BreakKind.PacketChanged, $"the attached file of stream {stream.Index} has other bytes");
        }

        void Compare(string what, string? before, string? after, string[] keepers)
        {
            if (before is not null && before != after && keepers.Contains(container))
            {
                _streams.Add(
                    BreakKind.StreamTags,
                    $"the {what} of stream {stream.Index} ({stream.Description}) is {(after is null ? "missing" : $"“{after}”")} instead of “{before}”");
            }
        }
    }

    private void ComparePackets(StreamPlan stream, int index)
    {
        IReadOnlyList<PacketFacts> before = pass.InputPackets.Of(stream.Index), after = pass.OutputPackets.Of(index);
        if (stream is { Treatment: StreamTreatment.Rewrite, Encoder: "mov_text" })
        {
            // Between texts, players are told that nothing is shown.
            after = [.. after.Where(packet => packet.Hash != NoText)];
        }

        _compared += before.Count;
        bool isWhole = pass.InputPackets.WholeOf(stream.Index) == pass.OutputPackets.WholeOf(index);
        List<(PacketFacts Before, PacketFacts After)> pairs = [];

        // Some containers cut plain samples, and speech, into packets of their own.
        if (isWhole && before.Count != after.Count)
        {
            pairs.AddRange(before.Take(1).Zip(after));
        }
        else
        {
            Pair(stream, before, after, pairs);
        }

        if (stream.Treatment is StreamTreatment.Copy or StreamTreatment.Rewrite && !input.Streams[stream.Index].IsCover)
        {
            CompareTimes(stream, pairs);
        }
    }

    // Both in order; what is missing on one side is looked for further on.
    private void Pair(
        StreamPlan stream, IReadOnlyList<PacketFacts> before, IReadOnlyList<PacketFacts> after, List<(PacketFacts Before, PacketFacts After)> pairs)
    {
        int i = 0, j = 0;
        while (i < before.Count && j < after.Count)
        {
            if (before[i].Hash == after[j].Hash)
            {
                pairs.Add((before[i++], after[j++]));
                continue;
            }

            int inAfter = IndexOf(after, j, before[i].Hash), inBefore = IndexOf(before, i, after[j].Hash);
            if (inAfter >= 0 && (inBefore < 0 || inAfter - j <= inBefore - i))
            {
                Report(BreakKind.PacketAdded, inAfter - j, after[j]);
                j = inAfter;
            }
            else if (inBefore >= 0)
            {
                Report(BreakKind.PacketMissing, inBefore - i, before[i]);
                i = inBefore;
            }
            else
            {
                Report(BreakKind.PacketChanged, 1, before[i]);
                (i, j) = (i + 1, j + 1);
            }
        }

        if (i < before.Count)
        {
            Report(BreakKind.PacketMissing, before.Count - i, before[i]);
        }
        else if (j < after.Count)
        {
            Report(BreakKind.PacketAdded, after.Count - j, after[j]);
        }

        void Report(BreakKind kind, int count, PacketFacts packet)
        {
            string place = packet.Time is { } time ? FormattableString.Invariant($" from {time / 1e9:0.000} s on") : "";
            string what = kind switch { BreakKind.PacketMissing => "missing", BreakKind.PacketAdded => "too many", _ => "changed" };
            _packets.Add(kind, $"stream {stream.Index} ({stream.Description}): {Counted.Of(count, "packet")} {what}{place}", packet.Time / 1e9);
        }
    }

    private static int IndexOf(IReadOnlyList<PacketFacts> packets, int from, UInt128 hash)
    {
        for (int i = from + 1; i < Math.Min(packets.Count, from + Ahead); i++)
        {
            if (packets[i].Hash == hash)
            {
                return i;
            }
        }

        return -1;
    }

    private void CompareTimes(StreamPlan stream, List<(PacketFacts Before, PacketFacts After)> pairs)
    {
        // Where all begins at 0, sound stays within what nobody notices.
        long slack = Tolerance + pass.Rounding + (plan.Schedule!.LeadFrames is null ? 0 : (long)(Planner.NoticeableDelay * 1e9));
        (PacketFacts Before, long Late)[] timed = [.. pairs.Where(pair => pair is { Before: { Time: not null, IsLate: false }, After.Time: not null })
            .Select(pair => (pair.Before, pair.After.Time!.Value - PromisedTime(pair.Before.Time!.Value) - pass.Frames.Shift))];
        if (timed.Length == 0)
        {
            return;
        }

        long typical = timed.Select(packet => packet.Late).Order().ElementAt(timed.Length / 2);
        if (Math.Abs(typical) > slack)
        {
            _packets.Add(BreakKind.SoundOffset, $"stream {stream.Index} ({stream.Description}) is {Words(typical)} against the picture");
        }

        foreach ((PacketFacts packet, long late) in timed.Where(packet => Math.Abs(packet.Late - typical) > slack))
        {
            _packets.Add(
                BreakKind.PacketTime,
                $"stream {stream.Index} ({stream.Description}): the packet of {packet.Time / 1e9:0.000} s is {Words(late - typical)}",
                packet.Time / 1e9);
        }

        static string Words(long late) => FormattableString.Invariant($"{Math.Abs(late) / 1e6:0.0} ms too {(late > 0 ? "late" : "early")}");
    }
}
