using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Segments;
using AdaConv.Media.Output;
using AdaConv.Model;
using AdaConv.Storage;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>What conversions leave behind a power cut, on a disk that forgets what was not flushed.</summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly ClipFolder _folder = new();
    private readonly int _seed = Random.Shared.Next();

    public PowerCutTests() => TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_conversion_ends_after_any_cut_with_the_frames_of_an_unbroken_one()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 4 -c:v ffv1 {_folder["in.mkv"]}");
        ConversionOptions options = Converter.Lossless with { SegmentLength = 1 };
        string work = Directory.CreateDirectory(_folder["work"]).FullName;
        PowerCut cut = new(work, _seed);

        cut.During(() =>
        {
            Convert(Path.Combine(work, "out.mkv"), options);
            cut.Promised = 1;
        });

        byte[] whole = File.ReadAllBytes(Path.Combine(work, "out.mkv"));
        string[] frames = FrameHashes.OfVideo(Path.Combine(work, "out.mkv"));
        Assert.Equal(200, frames.Length);
        Assert.All(cut.States,
            state => Assert.True(state.Files.TryGetValue("out.mkv", out byte[]? output) ? output.AsSpan().SequenceEqual(whole) : state.Promised == 0));
        Assert.Contains(cut.States, state => state.Files.Keys.Count(path => path.EndsWith(".segment", StringComparison.Ordinal)) == 3);

        // Every state would take long: some, in which it is not finished.
        CutState[] unfinished = [.. cut.States.Where(state => !state.Files.ContainsKey("out.mkv"))];
        new Random(_seed).Shuffle(unfinished);
        int resumed = 0;
        foreach (CutState state in unfinished.Take(15))
        {
            string folder = _folder["again"];
            state.Restore(folder);
            resumed += Convert(Path.Combine(folder, "out.mkv"), options).Messages.Count(message => message.Contains("Resuming", StringComparison.Ordinal));
            Assert.Equal(frames, FrameHashes.OfVideo(Path.Combine(folder, "out.mkv")));
            Assert.Equal(["out.mkv"], Names(folder));
            Directory.Delete(folder, recursive: true);
        }

        Assert.NotEqual(0, resumed);
    }

    [Fact]
    public void Finished_segments_are_there_after_any_cut()
    {
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() => Write(_folder["out.mkv"], "settings", 4, () => cut.Promised++));

        int most = 0;
        foreach ((CutState state, string folder) in Restored(cut))
        {
            using SegmentStore store = SegmentStore.Open(Path.Combine(folder, "out.mkv"), Key("settings"), segmentTicks: 100, _ => { });
            Assert.InRange(store.Count, state.Promised, 4);
            most = Math.Max(most, state.Promised);
        }

        Assert.Equal(4, most);
    }

    [Fact]
    public void Segments_of_other_work_are_never_taken_for_one_s_own()
    {
        Write(_folder["out.mkv"], "other settings", 3, () => { });
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() => Write(_folder["out.mkv"], "settings", 1, () => cut.Promised++));

        foreach ((CutState state, string folder) in Restored(cut))
        {
            using SegmentStore store = SegmentStore.Open(Path.Combine(folder, "out.mkv"), Key("settings"), segmentTicks: 100, _ => { });
            Assert.InRange(store.Count, state.Promised, 1);
        }
    }

    [Fact]
    public void Numbered_pictures_are_all_there_once_they_are_published_and_none_is_torn()
    {
        for (int i = 1; i <= 5; i++)
        {
            File.WriteAllText(_folder[$"p-{i}.png"], $"old {i}");
        }

        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            using OutputTarget output = OutputTarget.Create(_folder["p-%d.png"], [], overwrite: true);
            string partial = output.Url["file:".Length..].Replace("%d", "", StringComparison.Ordinal);
            for (int i = 1; i <= 3; i++)
            {
                File.WriteAllText(Path.Combine(Path.GetDirectoryName(partial)!, $"p-{i}.png"), $"the new {i}");
            }

            output.Complete();
            cut.Promised = 1;
        });

        foreach (CutState state in cut.States)
        {
            string?[] pictures = [.. Enumerable.Range(1, 5).Select(i => state.Text($"p-{i}.png"))];
            for (int i = 0; i < 5; i++)
            {
                Assert.Contains(pictures[i], i >= 3
                    ? [$"old {i + 1}"]
                    : state.Promised == 1
                    ? [$"the new {i + 1}"]
                    : new[] { $"old {i + 1}", $"the new {i + 1}" });
            }
        }
    }

    [Fact]
    public void A_disk_that_is_full_ends_a_segment_with_the_words_for_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full stands for a full disk.");
        using FullDevice full = FullDevice.At(_folder["00000.segment.partial"]);

        using SegmentWriter writer = new(_folder["00000.segment"]);
        var error = Assert.Throws<StorageException>(() => writer.Finish(0, 1));

        Assert.True(error.IsDiskFull);
        Assert.StartsWith($"Writing the segment {_folder["00000.segment"]}: the disk is full.", error.Message, StringComparison.Ordinal);
    }

    // Segments without packets: what counts is which files there are.
    private static void Write(string output, string settings, int count, Action finished)
    {
        using SegmentStore store = SegmentStore.Open(output, Key(settings), segmentTicks: 100, _ => { });
        for (long time = 0; time < 100 * count; time += 100)
        {
            long number = store.NumberOf(time);
            using SegmentWriter writer = store.Begin(number);
            writer.CountFrame();
            store.Add(number, writer.Finish(time, number + 1));
            finished();
        }
    }

    private IEnumerable<(CutState State, string Folder)> Restored(PowerCut cut)
    {
        for (int i = 0; i < cut.States.Count; i++)
        {
            string folder = Path.Combine(_folder.Path, $"state-{i}");
            cut.States[i].Restore(folder);
            yield return (cut.States[i], folder);
        }
    }

    private static SegmentKey Key(string settings) => new("input", settings, "program", "header");

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private ConversionResult Convert(string output, ConversionOptions options) =>
        new InterpolationPipeline(new AveragingInterpolator(), "settings").Run(_folder["in.mkv"], output, options);
}
