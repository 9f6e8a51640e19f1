using System.Diagnostics;
using Xunit;

namespace AdaConv.Training.Tests;

/// <summary>A folder of small clips made with the ffmpeg program, and a cache of them.</summary>
public sealed class TrainingClips : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adaconv-training-");

    /// <summary>The clips' folder.</summary>
    public string Clips => Directory.CreateDirectory(Path.Combine(_folder.FullName, "clips")).FullName;

    /// <summary>A folder for whatever a test writes.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Makes a clip of a lavfi source; lossless.</summary>
    public string Add(string name, string source, int frames)
    {
        string path = Path.Combine(Clips, name);
        var start = new ProcessStartInfo("ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", source, "-frames:v", $"{frames}", "-c:v", "ffv1", "-pix_fmt", "gbrp", path]);
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("The ffmpeg program is not installed; clips cannot be made.");
        }

        return path;
    }

    /// <summary>A picture that moves right by 3 pixels a frame.</summary>
    public string AddMoving(string name = "moving.mkv", int frames = 12) =>
        Add(name, "testsrc2=size=320x192:rate=25,scroll=horizontal=0.009375", frames);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
