using System.Diagnostics;
using System.Text;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Storage.Tests;

public sealed class FileNameTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x", 251)]
    [InlineData("ü", 125)]
    [InlineData("👩‍🚀", 22)]
    public void The_longest_names_are_written_beside_their_place_like_others(string sign, int count)
    {
        string path = _folder[string.Concat(Enumerable.Repeat(sign, count)) + ".mkv"];
        string partial = PartialName.Of(path);

        DurableStore.Write(path, "first");
        DurableStore.Write(path, "second");

        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([Path.GetFileName(path)], _folder.Names);
        Assert.InRange(Encoding.UTF8.GetByteCount(Path.GetFileName(partial)), 1, 255);
        Assert.StartsWith("." + sign, Path.GetFileName(partial), StringComparison.Ordinal);
        Assert.EndsWith(".partial.mkv", partial, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_process_left_of_a_long_name_is_deleted_and_that_of_one_that_begins_alike_stays()
    {
        string path = _folder[new string('x', 250) + ".mkv"], other = _folder[new string('x', 249) + "y.mkv"];
        string own = Dead(path), others = Dead(other);
        File.WriteAllText(own, "");
        File.WriteAllText(others, "");

        PartialName.DeleteStale(path);

        Assert.NotEqual(own, others);
        Assert.Equal([Path.GetFileName(others)], _folder.Names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_living_process_writes_stays_though_the_clock_was_set_ahead_by_years(bool isOfThisKind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A process of another name is a copy of Linux's sleep.");
        using Process own = Process.GetCurrentProcess();
        string program = _folder[isOfThisKind ? own.ProcessName : "other"], path = _folder["a.mkv"];
        File.Copy("/bin/sleep", program);
        using Process writer = Process.Start(program, ["60"]);
        string partial = PartialName.Of(path).Replace($".{Environment.ProcessId}.", $".{writer.Id}.", StringComparison.Ordinal);
        try
        {
            SpinWait.SpinUntil(() => writer.ProcessName == Path.GetFileName(program), TimeSpan.FromSeconds(10));
            File.WriteAllText(partial, "half");
            File.SetLastWriteTimeUtc(partial, DateTime.UtcNow.AddYears(-10));

            PartialName.DeleteStale(path);

            Assert.Equal(isOfThisKind, File.Exists(partial));
        }
        finally
        {
            writer.Kill();
            writer.WaitForExit();
        }
    }

    [Fact]
    public void Names_that_fit_stay_as_they_are()
    {
        Assert.Equal("video", FileName.Fit("video", 30));
        Assert.Equal($"/a/.video.{Environment.ProcessId}.partial.mkv", PartialName.Of("/a/video.mkv").Replace('\\', '/'));
    }

    private static string Dead(string path) =>
        PartialName.Of(path).Replace($".{Environment.ProcessId}.", ".999999999.", StringComparison.Ordinal);
}
