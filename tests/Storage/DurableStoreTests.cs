using AdaConv.Tests.Support;

namespace AdaConv.Storage.Tests;

public sealed class DurableStoreTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_replaces_the_one_before_and_leaves_nothing_beside_it()
    {
        DurableStore.Write(_folder["inner/report.md"], "one");
        DurableStore.Write(_folder["inner/report.md"], "two");
        DurableStore.Write(_folder["inner/data.bin"], stream => stream.Write([1, 2, 3]));

        Assert.Equal("two", File.ReadAllText(_folder["inner/report.md"]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["inner/data.bin"]));
        Assert.Equal(["data.bin", "report.md"], Names("inner"));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_stood_there()
    {
        DurableStore.Write(_folder["a/weights"], "old");

        Assert.Throws<InvalidOperationException>(() => DurableStore.Write(_folder["a/weights"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(_folder["a/weights"]));
        Assert.Equal(["weights"], Names("a"));
    }

    [Fact]
    public void What_a_killed_process_left_is_cleared_by_the_next_write()
    {
        Directory.CreateDirectory(_folder["b"]);
        string stale = _folder["b/.weights.999999999.partial.bin"];
        File.WriteAllText(stale, "half");

        DurableStore.Write(_folder["b/weights.bin"], "whole");

        Assert.Equal(["weights.bin"], Names("b"));
    }

    [Fact]
    public void A_name_that_is_taken_is_kept_where_it_must_not_be_replaced()
    {
        File.WriteAllText(_folder["partial"], "new");
        File.WriteAllText(_folder["taken"], "old");

        Assert.Throws<IOException>(() => DurableStore.Publish(_folder["partial"], _folder["taken"], overwrite: false));

        Assert.Equal(("new", "old"), (File.ReadAllText(_folder["partial"]), File.ReadAllText(_folder["taken"])));
    }

    [Fact]
    public void A_folder_is_published_with_all_that_is_in_it()
    {
        Directory.CreateDirectory(_folder["next/deep"]);
        File.WriteAllText(_folder["next/deep/file"], "content");

        DurableStore.Publish(_folder["next"], _folder["checkpoint"]);

        Assert.Equal("content", File.ReadAllText(_folder["checkpoint/deep/file"]));
        Assert.False(Directory.Exists(_folder["next"]));
        DurableStore.Remove(_folder["checkpoint"]);
        DurableStore.Remove(_folder["checkpoint"]);
        Assert.False(Directory.Exists(_folder["checkpoint"]));
    }

    [Fact]
    public void A_power_cut_at_any_moment_leaves_the_old_or_the_new_file_whole()
    {
        string path = _folder["c/weights"];
        Directory.CreateDirectory(_folder["c"]);
        File.WriteAllText(path, "old");
        PowerCuts cuts = new(_folder["c"]);

        cuts.During(() => DurableStore.Write(path, "new"));

        Assert.All(cuts.States, state => Assert.Contains(state.GetValueOrDefault("weights"), (string?[])["old", "new"]));
        Assert.Contains(cuts.States, state => state["weights"] == "old");
        Assert.Equal(["new"], cuts.StatesAtTheEnd.Select(state => state["weights"]).Distinct());
    }

    [Fact]
    public void A_power_cut_never_finds_the_needed_removed_and_the_new_missing()
    {
        string output = _folder["d/out.mkv"], segment = _folder["d/segment"];
        Directory.CreateDirectory(_folder["d"]);
        File.WriteAllText(segment, "kept");
        PowerCuts cuts = new(_folder["d"]);

        cuts.During(() =>
        {
            DurableStore.Write(output, "whole");
            DurableStore.Remove(segment);
        });

        Assert.All(cuts.States, state => Assert.True(state.GetValueOrDefault("out.mkv") == "whole" || state.GetValueOrDefault("segment") == "kept"));
        Assert.All(cuts.StatesAtTheEnd, state => Assert.Equal(["out.mkv"], state.Keys));
    }

    [Fact]
    public void A_disk_that_flushes_nothing_would_be_found_out()
    {
        string path = _folder["e/weights"];
        Directory.CreateDirectory(_folder["e"]);
        File.WriteAllText(path, "old");
        PowerCuts cuts = new(_folder["e"]);

        cuts.During(() =>
        {
            File.WriteAllText(_folder["e/partial"], "new");
            Disk.Current.Move(_folder["e/partial"], path, overwrite: true);
        });

        Assert.Contains(cuts.States, state => state["weights"] == PowerCuts.Torn);
    }

    private string[] Names(string folder) => [.. Directory.EnumerateFileSystemEntries(_folder[folder]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
