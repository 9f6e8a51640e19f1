using AdaConv.Tests.Support;

namespace AdaConv.Storage.Tests;

/// <summary>What the store, its logs, and code that does without them leave behind a power cut.</summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly ClipFolder _folder = new();
    private readonly int _seed = Random.Shared.Next();

    public PowerCutTests() => TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_the_old_one_or_the_new_one_and_the_new_one_once_written()
    {
        File.WriteAllText(_folder["weights"], "old");
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            DurableStore.Write(_folder["weights"], "the new");
            cut.Promised++;
        });

        Assert.All(cut.States, state => Assert.Contains(state.Text("weights"), state.Promised == 0 ? ["old", "the new"] : (string?[])["the new"]));
        Assert.Contains(cut.States, state => state.Text("weights") == "old");
        Assert.Contains(cut.States, state => state.Promised == 1);
    }

    [Fact]
    public void A_file_in_a_new_folder_is_there_once_written()
    {
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            DurableStore.Write(_folder["a/b/weights"], "new");
            cut.Promised++;
        });

        Assert.All(cut.States, state => Assert.Contains(state.Text("a/b/weights"), state.Promised == 0 ? [null, "new"] : (string?[])["new"]));
    }

    [Fact]
    public void A_folder_is_there_with_all_that_is_in_it_or_not_at_all()
    {
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            DurableStore.CreateFolder(_folder["next/deep"]);
            File.WriteAllText(_folder["next/one"], "1");
            File.WriteAllText(_folder["next/deep/two"], "2");
            DurableStore.Publish(_folder["next"], _folder["checkpoint"]);
            cut.Promised++;
        });

        Assert.All(cut.States, state => Assert.True(state.Files.ContainsKey("checkpoint/")
            ? (state.Text("checkpoint/one"), state.Text("checkpoint/deep/two")) == ("1", "2")
            : state.Promised == 0));
    }

    [Fact]
    public void What_is_removed_after_it_was_replaced_is_never_missing_before()
    {
        File.WriteAllText(_folder["segment"], "kept");
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            DurableStore.Write(_folder["out.mkv"], "whole");
            DurableStore.Remove(_folder["segment"]);
            cut.Promised++;
        });

        Assert.All(cut.States, state => Assert.True(state.Text("out.mkv") == "whole" || state.Text("segment") == "kept"));
        Assert.All(cut.States, state => Assert.True(state.Promised == 0 || state.Text("segment") is null));
    }

    [Fact]
    public void A_log_keeps_every_line_that_was_added_and_reads_past_a_torn_one()
    {
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            using AppendLog log = AppendLog.Open(_folder["log"], out _);
            for (int i = 0; i < 5; i++)
            {
                log.Add($"line {i}");
                cut.Promised++;
            }
        });

        for (int i = 0; i < cut.States.Count; i++)
        {
            CutState state = cut.States[i];
            string folder = _folder[$"state-{i}"];
            state.Restore(folder);
            using (AppendLog log = AppendLog.Open(Path.Combine(folder, "log"), out IReadOnlyList<string> lines))
            {
                Assert.Equal(Enumerable.Range(0, state.Promised).Select(line => $"line {line}"), lines.Take(state.Promised));
                log.Add("after");
            }

            Assert.Equal("after", AppendLog.ReadLines(Path.Combine(folder, "log"))[^1]);
        }
    }

    [Fact]
    public void Files_that_are_written_past_the_store_are_found_torn_or_missing()
    {
        File.WriteAllText(_folder["weights"], "old");
        PowerCut cut = new(_folder.Path, _seed);

        cut.During(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                File.WriteAllText(_folder["partial"], $"the new {i}");
                DurableStore.Rename(_folder["partial"], _folder["weights"]); // without a flush
                cut.Promised++;
            }
        });

        Assert.Contains(cut.States, state => state.Text("weights") is { } text && text != "old" && !text.StartsWith("the new", StringComparison.Ordinal));
    }
}
