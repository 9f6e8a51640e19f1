using System.Text.Json;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary><c>verify</c>, and <c>--verify</c> of other commands, by the real command line.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public VerifyCommandTests() => FfmpegCommand.Run(
        "-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i anoisesrc=a=0.2:r=48000:seed=3 -t 3 -c:v libx264 -preset ultrafast -c:a flac "
        + _folder["in.mkv"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_output_exits_with_0_a_broken_one_with_1_and_both_have_a_page()
    {
        var converted = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", "--method", "average", "--verify"], _folder.Path);
        FfmpegCommand.Run($"-itsoffset 0.2 -i {_folder["out.mkv"]} -i {_folder["out.mkv"]} -map 1:v -map 0:a -c copy {_folder["late.mkv"]}");

        var whole = await ProcessRun.OfFilter(["verify", "in.mkv", "out.mkv", "--page", "whole.html"], _folder.Path);
        var broken = await ProcessRun.OfFilter(["verify", "in.mkv", "late.mkv", "--page", "late.html", "--json"], _folder.Path);

        Assert.Equal(0, converted.ExitCode);
        Assert.Contains("framefilter: Verified: 150 frames; reading, frames, pictures, streams, packets, sound", converted.Error, StringComparison.Ordinal);
        Assert.Equal(0, whole.ExitCode);
        Assert.Contains("2 times the frames, 25 to 50 frames per second (found from the output's rate and length", whole.Output, StringComparison.Ordinal);
        Assert.EndsWith("The output is as promised." + Environment.NewLine, whole.Output, StringComparison.Ordinal);
        Assert.Equal(1, broken.ExitCode);
        JsonElement report = JsonDocument.Parse(broken.Output).RootElement;
        Assert.False(report.GetProperty("held").GetBoolean());
        JsonElement sound = report.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "sound");
        Assert.Equal("broken", sound.GetProperty("state").GetString());
        Assert.Equal("soundOffset", sound.GetProperty("breaks")[0].GetProperty("kind").GetString());
        Assert.Equal(0.2, report.GetProperty("sound")[0].GetProperty("offset").GetDouble(), 0.001);
        foreach ((string page, string verdict) in new[] { ("whole.html", "out.mkv: as promised"), ("late.html", "late.mkv: not as promised") })
        {
            string html = File.ReadAllText(_folder[page]);
            Assert.Contains($"<h1>{verdict}</h1>", html, StringComparison.Ordinal);
            Assert.Equal(2, html.Split("<img ").Length - 1); // the frames' times, and both waveforms
        }
    }

    [Fact]
    public async Task What_cannot_be_verified_is_told()
    {
        var missing = await ProcessRun.OfFilter(["verify", "none.mkv", "in.mkv"], _folder.Path);
        var pipe = await ProcessRun.OfFilter(["convert", "in.mkv", "-", "--verify", "--method", "average"], _folder.Path);
        var page = await ProcessRun.OfFilter(["verify", "in.mkv", "in.mkv", "--page", "in.mkv", "-y"], _folder.Path);

        Assert.Equal((1, 2, 1), (missing.ExitCode, pipe.ExitCode, page.ExitCode));
        Assert.Contains("none.mkv: there is no such file", missing.Error, StringComparison.Ordinal);
        Assert.Contains("A pipe can be read only once", pipe.Error, StringComparison.Ordinal);
        Assert.Contains("that is one of the videos", page.Error, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], _folder.Names);
    }

    /// <remarks>The first run verifies nothing; the output is broken before the second one, which is to delete originals.</remarks>
    [Fact]
    public async Task A_batch_deletes_an_original_only_once_its_output_is_verified()
    {
        Directory.CreateDirectory(_folder["in"]);
        foreach (string name in (string[])["good.mkv", "bad.mkv", "new.mkv"])
        {
            File.Copy(_folder["in.mkv"], _folder[$"in/{name}"]);
        }

        File.CreateSymbolicLink(_folder["in/link.mkv"], _folder["in.mkv"]);
        var first = await ProcessRun.OfFilter(["batch", "in", "out", "--method", "average", "--exclude", "new.mkv"], _folder.Path);
        Damage(_folder["out/bad.mkv"]);

        var second = await ProcessRun.OfFilter(["batch", "in", "out", "--method", "average", "--delete-originals"], _folder.Path);

        Assert.Equal((0, 1), (first.ExitCode, second.ExitCode));
        Assert.Contains("1 done, 2 done before, 1 failed", second.Output, StringComparison.Ordinal);
        Assert.Matches(@"failed +bad\.mkv +bad\.mkv is not what was promised: .*; -y converts it again", second.Output);
        Assert.Contains("link.mkv is not deleted: it is a link.", second.Error, StringComparison.Ordinal);
        Assert.Equal(["bad.mkv", "link.mkv"], Directory.EnumerateFiles(_folder["in"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(_folder["in.mkv"]));
        Assert.Equal(["bad.mkv", "framefilter.jsonl", "good.mkv", "link.mkv", "new.mkv"],
            Directory.EnumerateFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        JsonElement[] log = [.. File.ReadLines(_folder["out/framefilter.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
        string[] deleted = [.. log.Where(entry => entry.TryGetProperty("originalDeleted", out _)).Select(entry => entry.GetProperty("input").GetString()!)];
        Assert.Equal(["good.mkv", "new.mkv"], deleted.Order(StringComparer.Ordinal));

        var third = await ProcessRun.OfFilter(["batch", "in", "out", "--method", "average", "--delete-originals", "-y"], _folder.Path);

        Assert.Equal(0, third.ExitCode);
        Assert.Equal(["link.mkv"], Directory.EnumerateFiles(_folder["in"]).Select(Path.GetFileName));

        // Nothing is left, and that is no mistake.
        File.Delete(_folder["in/link.mkv"]);
        var fourth = await ProcessRun.OfFilter(["batch", "in", "out", "--method", "average", "--delete-originals"], _folder.Path);
        var without = await ProcessRun.OfFilter(["batch", "in", "out", "--method", "average", "--progress", "json"], _folder.Path);
        var elsewhere = await ProcessRun.OfFilter(["batch", "in", "out2", "--method", "average"], _folder.Path);
        var inbox = await ProcessRun.OfFilter(["batch", "in", "out3", "--method", "average", "--delete-originals", "-q"], _folder.Path);

        Assert.Equal((0, 0, 2, 0), (fourth.ExitCode, without.ExitCode, elsewhere.ExitCode, inbox.ExitCode));
        Assert.Contains("Nothing to do: there is no video in ", fourth.Error, StringComparison.Ordinal);
        Assert.Contains("0 done, 0 done before, 0 failed", fourth.Output, StringComparison.Ordinal);
        Assert.Equal("summary", JsonDocument.Parse(without.Error).RootElement.GetProperty("event").GetString());
        Assert.Contains("There is no video in ", elsewhere.Error, StringComparison.Ordinal);
        Assert.Equal(("", ""), (inbox.Output, inbox.Error));
    }

    // Some bytes in the middle, so that the length stays what the log says.
    private static void Damage(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2, 2000).Clear();
        File.WriteAllBytes(path, bytes);
    }
}
