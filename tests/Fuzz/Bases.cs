using System.Diagnostics;
using AdaConv.Tests.Support;

namespace AdaConv.Fuzz;

/// <summary>Whole files that mutants of settings, weights, logs and segments are made of.</summary>
internal sealed class Bases
{
    /// <summary>The segments of the killed conversion.</summary>
    public const string Store = ".out.mkv.segments";

    /// <summary>The settings of the killed conversion.</summary>
    public static readonly string[] SegmentSettings = ["--method", "average", "--encoder", "ffv1", "--segment-length", "1"];

    /// <summary>Makes what is missing.</summary>
    /// <param name="folder">Where they are kept.</param>
    /// <param name="worker">Runs framefilter.</param>
    public Bases(string folder, WorkerProcess worker)
    {
        Directory.CreateDirectory(folder);
        Clip = Path.Combine(folder, "clip.mp4");
        _ = Ffmpeg.Run([.. "-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v mpeg4".Split(' '), Clip]);

        BatchFolder = Path.Combine(folder, "batch");
        if (!Directory.Exists(Path.Combine(BatchFolder, "done")))
        {
            Directory.CreateDirectory(Path.Combine(BatchFolder, "videos"));
            File.Copy(Clip, Path.Combine(BatchFolder, "videos", "a.mp4"), overwrite: true);
            _ = Ffmpeg.Run("-i", Clip, "-t", "0.2", "-c", "copy", Path.Combine(BatchFolder, "videos", "b.mp4"));
            _ = worker.Run(new(BatchFolder, ["batch", "videos", "done", "--method", "average"]));
        }

        SegmentFolder = Path.Combine(folder, "killed");
        if (!Directory.Exists(Path.Combine(SegmentFolder, Store)))
        {
            Directory.CreateDirectory(SegmentFolder);
            _ = Ffmpeg.Run([.. "-f lavfi -i testsrc2=size=192x144:rate=25 -t 8 -c:v mpeg4".Split(' '), Path.Combine(SegmentFolder, "in.mkv")]);
            Kill();
        }
    }

    /// <summary>A short whole clip.</summary>
    public string Clip { get; }

    /// <summary>A folder with videos/, and done/ with what a batch made of it.</summary>
    public string BatchFolder { get; }

    /// <summary>A folder with in.mkv and what a conversion left that was killed.</summary>
    public string SegmentFolder { get; }

    /// <summary>The text of a settings file.</summary>
    public static string Settings(Random random)
    {
        string presets = Path.Combine(RepositoryFiles.Root, "presets");
        string[] files = [Path.Combine(RepositoryFiles.Root, "filter.yaml"), .. Directory.GetFiles(presets, "*.yaml").Order(StringComparer.Ordinal)];
        return File.ReadAllText(files[random.Next(2) == 0 ? 0 : random.Next(files.Length)]);
    }

    /// <summary>A weight file.</summary>
    public static byte[] Weights() => File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "models", "fast.safetensors"));

    /// <summary>The log of the batch.</summary>
    public string Log() => File.ReadAllText(Path.Combine(BatchFolder, "done", "framefilter.jsonl"));

    /// <summary>The manifest of the segments.</summary>
    public string Manifest() => File.ReadAllText(Path.Combine(SegmentFolder, Store, "manifest.json"));

    private void Kill()
    {
        using Process process = ProcessRun.StartFilter(["convert", "in.mkv", "out.mkv", .. SegmentSettings], SegmentFolder);
        string store = Path.Combine(SegmentFolder, Store);
        while (!process.HasExited && (!Directory.Exists(store) || Directory.GetFiles(store, "*.segment").Length < 2))
        {
            Thread.Sleep(2);
        }

        process.Kill();
        process.WaitForExit();
    }
}
