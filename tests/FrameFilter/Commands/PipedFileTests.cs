using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>Files that other programs send through pipes, which can be read once and from their beginning only.</summary>
public sealed class PipedFileTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <remarks>
    /// Noise, so that the pictures do not fit into what FFmpeg keeps of a pipe. Of MPEG-4's second part the index alone tells the size.
    /// </remarks>
    [Theory]
    [InlineData("mp4", "libx264 -preset ultrafast")]
    [InlineData("mov", "mpeg4")]
    [InlineData("mp4", "mpeg4")]
    public async Task A_file_whose_index_stands_behind_its_pictures_is_told_of(string extension, string encoder)
    {
        string clip = $"in.{extension}";
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x192:rate=25,noise=alls=60:allf=t -t 1 -c:v {encoder} -g 5 {_folder[clip]}");

        var piped = await Convert($"cat {clip} |", "-");
        var sent = await Convert($"ffmpeg -v error -i {clip} -c copy -f matroska - |", "-");

        Assert.Equal(1, piped.ExitCode);
        Assert.Contains("its index stands behind its pictures", piped.Error, StringComparison.Ordinal);
        Assert.Contains("ffmpeg -i FILE -c copy -f matroska -", piped.Error, StringComparison.Ordinal);
        Assert.True(sent.ExitCode == 0, sent.Error);
        Assert.Contains("50 frames at 50 per second from 25", sent.Error, StringComparison.Ordinal);
    }

    private Task<ProcessRun> Convert(string before, string input) => ProcessRun.Of(
        "bash", ["-c", $"{before} dotnet {ProcessRun.FilterAssembly} convert {input} out.mkv --method average --scene-cut off"], _folder.Path);
}
