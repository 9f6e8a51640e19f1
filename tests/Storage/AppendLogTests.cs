using AdaConv.Tests.Support;

namespace AdaConv.Storage.Tests;

public sealed class AppendLogTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_added_behind_those_of_earlier_runs()
    {
        using (AppendLog log = AppendLog.Open(_folder["log"], out IReadOnlyList<string> lines))
        {
            Assert.Empty(lines);
            log.Add("one");
            Assert.Equal(["one"], AppendLog.ReadLines(_folder["log"]));
        }

        using (AppendLog log = AppendLog.Open(_folder["log"], out IReadOnlyList<string> lines))
        {
            Assert.Equal(["one"], lines);
            log.Add("two");
        }

        Assert.Equal("one\ntwo\n", File.ReadAllText(_folder["log"]));
    }

    [Fact]
    public void A_torn_line_stays_apart_from_what_is_added()
    {
        File.WriteAllText(_folder["log"], "one\ntw");

        using (AppendLog log = AppendLog.Open(_folder["log"], out _))
        {
            log.Add("three");
        }

        Assert.Equal(["one", "tw", "three"], AppendLog.ReadLines(_folder["log"]));
    }

    [Fact]
    public void A_missing_log_has_no_lines() => Assert.Empty(AppendLog.ReadLines(_folder["none"]));
}
