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

    /// <summary>Plans the job, in its folder.</summary>
    public static readonly string[] PlanJob =
    [
        "job", "plan", "clips", "out", "job", "--method", "average", "--encoder", "ffv1", "--segment-length", "1", "--part-length", "1",
        "--divide-from", "8000B",
    ];

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

        JobFolder = Path.Combine(folder, "job");
        MakeJob(worker);
    }

    /// <summary>A short whole clip.</summary>
    public string Clip { get; }

    /// <summary>A folder with videos/, and done/ with what a batch made of it.</summary>
    public string BatchFolder { get; }

    /// <summary>A folder with in.mkv and what a conversion left that was killed.</summary>
    public string SegmentFolder { get; }

    /// <summary>
    /// A folder with clips/ of two videos, a job/ for them of which the second part of three is not made, and expected/ with their outputs.
    /// </summary>
    public string JobFolder { get; }

    /// <summary>The names of the job's outputs.</summary>
    public string[] JobOutputs { get; } = ["long.mkv", "short.mkv"];

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

    // Anew each time: a plan is for one version of the program.
    private void MakeJob(WorkerProcess worker)
    {
        string clips = Path.Combine(JobFolder, "clips"), job = Path.Combine(JobFolder, "job"), whole = Path.Combine(JobFolder, "whole");
        if (Directory.Exists(JobFolder))
        {
            Directory.Delete(JobFolder, recursive: true);
        }

        Directory.CreateDirectory(clips);
        _ = Ffmpeg.Run([.. "-f lavfi -i testsrc2=size=64x48:rate=25 -t 2 -g 10 -c:v mpeg4".Split(' '), Path.Combine(clips, JobOutputs[0])]);
        _ = Ffmpeg.Run([.. "-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v mpeg4".Split(' '), Path.Combine(clips, JobOutputs[1])]);
        Do(PlanJob);
        Do("job", "work", "job", "--index", "0");
        Do("job", "work", "job", "--index", "2");
        Trial.CopyFolder(job, whole);
        Do("job", "work", "job", "--index", "1");
        Do("job", "join", "job");
        Directory.Move(Path.Combine(JobFolder, "out"), Path.Combine(JobFolder, "expected"));
        Directory.Delete(job, recursive: true);
        Directory.Move(whole, job);

        void Do(params string[] arguments)
        {
            (Answer? answer, _) = worker.Run(new(JobFolder, arguments));
            if (answer is not { Code: 0 })
            {
                throw new InvalidOperationException($"framefilter {string.Join(' ', arguments)}: {answer?.Error}");
            }
        }
    }

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

        // It is cleared away unless its process lives: no process of a later run has this number.
        foreach (string partial in Directory.GetFiles(SegmentFolder, ".out.*.partial.mkv"))
        {
            File.Move(partial, Path.Combine(SegmentFolder, $".out.{int.MaxValue}.partial.mkv"));
        }
    }
}
