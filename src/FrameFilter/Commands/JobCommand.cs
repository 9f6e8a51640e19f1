using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter job</c>: divides work into numbered parts that any scheduler can run on any number of machines.</summary>
internal static class JobCommand
{
    public static Command Create(ApplicationFiles files) =>
        new Command("job", "Converts on several machines: plans numbered parts, makes them, and joins them.")
        {
            CreatePlan(files), CreateWork(files), CreateJoin(files), CreateStatus(), JobSubmitCommand.Create(files),
        }.WithExamples(
            "framefilter job plan film.mkv film-48.mkv /shared/film-job --part-length 120",
            "framefilter job submit /shared/film-job --engine slurm --limit 20 --cpus-per-task 8",
            "framefilter job status /shared/film-job --watch");

    /// <summary>The job's folder as an argument.</summary>
    public static Argument<string> JobArgument() =>
        new("JOB") { Description = "The job's folder, on storage that all machines see." };

    /// <summary>Joins a job and says what came of it.</summary>
    public static int Join(JobFolder job, ApplicationFiles files, bool overwrite, TimeSpan wait, ConversionDisplay display, CancellationToken cancellation)
    {
        JoinReport report = new JobJoin(job, files, overwrite).Run(wait, display, cancellation);
        foreach (string problem in report.Problems)
        {
            Console.Error.WriteLine($"framefilter: error: {problem}");
        }

        if (report.Missing.Count > 0)
        {
            Console.Error.WriteLine(
                $"framefilter: error: {Counted.Of(report.Missing.Count, "part is missing", "parts are missing")} of {job.Path}: "
                + $"{PartNumbers.Text(report.Missing)}; `framefilter job status` tells why, `framefilter job work` makes them.");
        }

        // What is joined of segments the display has told.
        if (report.Before > 0 || report.Files > 1 || (report.Joined > 0 && job.Plan.Files[0].SegmentsPerPart is null))
        {
            Console.Error.WriteLine(
                $"framefilter: {report.Joined} of {Counted.Of(report.Files, "file")} joined{(report.Before > 0 ? $", {report.Before} of them before" : "")}.");
        }

        return report.Joined == report.Files ? ExitCode.Success : ExitCode.Failure;
    }

    private static Command CreatePlan(ApplicationFiles files)
    {
        Argument<string> input = new("INPUT") { Description = "The video file, or the folder of videos, to convert." };
        Argument<string> output = new("OUTPUT") { Description = "The output: a video file, or a folder where the input is one." };
        Argument<string> folder = new("JOB") { Description = "The job's folder, which is made; on storage that all machines see." };
        Option<int?> parts = new Option<int?>("--parts")
        {
            Description = "Divides long files into about this many parts in all. A part is a whole number of segments (--segment-length).",
            HelpName = "N",
        }.Within(1);
        Option<int?> length = new Option<int?>("--part-length")
        {
            Description = "Divides long files into parts of this many seconds of output, rounded up to whole segments. Without it, a part is one segment.",
            HelpName = "SECONDS",
        }.Within(1);
        Option<string[]> include = new("--include")
        {
            Description = "Of a folder, takes files that match a pattern (*.mp4, 2024/**): * is any part of a name, ** any folders. May be repeated.",
            HelpName = "PATTERN",
        };
        Option<string[]> exclude = new("--exclude") { Description = "Of a folder, skips files that match a pattern. May be repeated.", HelpName = "PATTERN" };
        Option<string?> extension = new("--extension")
        {
            Description = "The extension of a folder's outputs, which decides their container.",
            HelpName = "EXT",
        };
        ValueSyntax<long> size = Syntax.Size(1);
        Option<long> divideFrom = new("--divide-from")
        {
            Description = "Of a folder, opens and divides files of at least this size (default: 64MiB). A smaller one is one part, which tells what is wrong "
                + "with it; 1B opens all now, and leaves out what cannot be converted.",
            HelpName = size.Placeholder,
            DefaultValueFactory = _ => JobDivision.UsualDivideFrom,
            CustomParser = result => Parse(result, size, "--divide-from"),
        };
        Command command = new("plan", "Looks at the input, divides the work into parts, and writes JOB/plan.json.")
        {
            input, output, folder, parts, length, divideFrom, include, exclude, extension,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(parts) is not null && result.GetValue(length) is not null)
            {
                result.AddError("--parts and --part-length exclude each other.");
            }
        });
        ConversionArguments shared = new(files);
        shared.AddTo(command);
        command.SetAction(result =>
        {
            FilterOptions options = shared.Read(result);
            string from = result.GetRequiredValue(input), to = result.GetRequiredValue(output), job = result.GetRequiredValue(folder);
            JobPlanner planner = new(options, files);
            JobDivision division = new(result.GetValue(parts), result.GetValue(length)) { DivideFrom = result.GetValue(divideFrom) };
            return Interruption.Run(cancellation =>
            {
                JobPlan plan = Directory.Exists(from) ? PlanFolder() : planner.PlanFile(from, to, job, division, cancellation);
                JobFolder made = JobFolder.Create(job, plan, out bool isNew);
                if (shared.Verbosity(result) != Verbosity.Quiet)
                {
                    Tell(made, isNew, division, options, result.InvocationConfiguration.Output);
                }

                return ExitCode.Success;

                // Whether device and model are there is for the machines that work.
                JobPlan PlanFolder()
                {
                    BatchOptions batch =
                        FolderArguments.Of(from, to, result.GetValue(include) ?? [], result.GetValue(exclude) ?? [], result.GetValue(extension));
                    BatchStart.CheckOutputs(batch.Extension, options.Conversion);
                    return planner.PlanFolder(
                        batch, job, division, problem => Console.Error.WriteLine($"framefilter: left out: {Printable.Of(problem)}"), cancellation);
                }
            });
        });
        return command.WithExamples(
            "framefilter job plan film.mkv film-48.mkv /shared/film-job --part-length 120",
            "framefilter job plan clips clips-60 /shared/clips-job --preset fast");
    }

    private static void Tell(JobFolder job, bool isNew, JobDivision division, FilterOptions options, TextWriter output)
    {
        JobPlan plan = job.Plan;
        output.WriteLine(
            $"{job.PlanPath}: {Counted.Of(plan.Files.Count, "file")}, {Counted.Of(plan.Parts, "part")} (0 to {plan.Parts - 1})"
            + $"{(isNew ? "" : "; it was there already")}.");
        int unopened = plan.Files.Count(file => file.Division is null);
        if (unopened > 0)
        {
            output.WriteLine(
                $"{Counted.Of(unopened, "file is", "files are")} smaller than {Syntax.Size(1).Format(division.DivideFrom)} and not opened yet: what cannot be "
                + "converted of them is told by its part. --divide-from 1B opens all files.");
        }

        if (plan.Files is not [{ Division: { } divided }])
        {
            return;
        }

        if (divided.Reason is { } reason)
        {
            output.WriteLine($"It is converted as a whole: {reason}.");
        }
        else if (divided.SeekRefusal is { } refusal && plan.Parts > 1)
        {
            output.WriteLine($"Each part decodes from the beginning: {refusal}.");
        }

        long most = divided.Segments ?? 1, seconds = options.Conversion.SegmentLength;
        if (division.Parts > most || division.Seconds < seconds)
        {
            output.WriteLine(
                $"A part is one segment of {seconds} s or more, so that there are {Counted.Of(most, "part")} at most; a smaller --segment-length may make "
                + "more.");
        }
    }

    private static long Parse(ArgumentResult result, ValueSyntax<long> size, string option)
    {
        try
        {
            return size.Parse(result.Tokens[0].Value, "");
        }
        catch (FormatException error)
        {
            result.AddError($"{option}: {error.Message}; allowed: {size.Allowed}");
            return 0;
        }
    }

    private static Command CreateWork(ApplicationFiles files)
    {
        Argument<string> folder = JobArgument();
        Option<int?> index = new Option<int?>("--index")
        {
            Description = "The part's number, from 0. Without it: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX or PBS_ARRAY_INDEX.",
            HelpName = "I",
        }.Within(0);
        Option<int> offset = new Option<int>("--offset") { Description = "Added to the number that a scheduler says.", HelpName = "N" }.Within(0);
        Option<int?> threads = new Option<int?>("--threads")
        {
            Description = "Threads of the network and the decoder; default: all that the scheduler grants.",
            HelpName = "N",
        }.Within(1, 1024);
        ValueSyntax<long> size = Syntax.Size(256L << 20);
        Option<long?> memory = new("--memory-limit")
        {
            Description = "Memory that the program may use; default: three quarters of what the scheduler grants, or half of the machine's.",
            HelpName = size.Placeholder,
            CustomParser = result => Parse(result, size, "--memory-limit"),
        };
        DisplayOptions shown = new();
        Command command = new("work", "Makes one part, from any machine; a part that is finished is passed over.")
        {
            folder, index, offset, threads, memory,
        };
        shown.AddTo(command);
        command.SetAction(result =>
        {
            JobFolder job = JobFolder.Open(result.GetRequiredValue(folder));
            int part = result.GetValue(index) ?? Grant.IndexFromEnvironment() + result.GetValue(offset)
                ?? throw new ConfigurationException($"Which part? --index names it, or a scheduler does in {string.Join(", ", Grant.IndexVariables)}.");
            Grant grant = Grant.OfThisProcess() with { Threads = result.GetValue(threads), MemoryLimit = result.GetValue(memory) };
            using ConversionDisplay display = shown.Create(result);
            return Interruption.Run(cancellation =>
            {
                FileDisplay? file = null;
                PartRecord? made = display.Run(() => new JobWorker(job, files, grant).Make(
                    part, found => file = display.Begin(job.Resolve(found.Input), job.FolderOf(part)), cancellation));
                if (shown.Verbosity(result) != Verbosity.Quiet)
                {
                    Console.Error.WriteLine(made is null
                        ? $"framefilter: part {part} of {job.Path} is finished."
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $"framefilter: part {part} of {job.Path}: {Counted.Of(made.Counts.FramesOut, "frame")} in {made.Seconds:0.0} s."));
                }

                return ExitCode.Success;
            });
        });
        return command.WithExamples("framefilter job work /shared/film-job --index 0");
    }

    private static Command CreateJoin(ApplicationFiles files)
    {
        Argument<string> folder = JobArgument();
        Option<int> wait = new Option<int>("--wait")
        {
            Description = "Seconds to wait for parts that are not seen; a network file system may show them late.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 5,
        }.Within(0);
        Option<bool> overwrite = new("--overwrite", "-y") { Description = "Replace existing outputs." };
        DisplayOptions shown = new();
        Command command = new("join", "Checks all parts, writes the outputs with all other streams, and removes the parts.") { folder, wait, overwrite };
        shown.AddTo(command);
        command.SetAction(result =>
        {
            JobFolder job = JobFolder.Open(result.GetRequiredValue(folder));
            using ConversionDisplay display = shown.Create(result);
            return Interruption.Run(cancellation => display.Run(() => Join(
                job, files, result.GetValue(overwrite), TimeSpan.FromSeconds(result.GetValue(wait)), display, cancellation)));
        });
        return command.WithExamples("framefilter job join /shared/film-job");
    }

    private static Command CreateStatus()
    {
        Argument<string> folder = JobArgument();
        Option<bool> json = JsonOutput.CreateOption();
        Option<bool> watch = new("--watch") { Description = "Show a bar until all parts are finished." };
        Command command = new("status", "Shows which parts are finished, failed (with the last error) and missing.") { folder, json, watch };
        command.SetAction(result =>
        {
            JobFolder job = JobFolder.Open(result.GetRequiredValue(folder));
            if (result.GetValue(watch))
            {
                int code = Interruption.Run(cancellation =>
                {
                    PartsBar.Watch(job, cancellation);
                    return ExitCode.Success;
                });
                if (code != ExitCode.Success)
                {
                    return code;
                }
            }

            JobStatus status = JobStatus.Of(job);
            JsonOutput.Write(result.InvocationConfiguration.Output, status, result.GetValue(json), Print);
            return ExitCode.Success;
        });
        return command.WithExamples("framefilter job status /shared/film-job", "framefilter job status /shared/film-job --json");
    }

    private static void Print(TextWriter output, JobStatus status)
    {
        string rate = status.FramesPerSecond is { } frames
            ? string.Create(CultureInfo.InvariantCulture, $"; {status.Frames} frames, {frames:0.0} a second over all machines") : "";
        output.WriteLine(
            $"{status.Done} of {Counted.Of(status.Parts, "part")} done, {status.Failed.Count} failed, "
            + $"{status.Parts - status.Done - status.Failed.Count} missing{(status.Begun > 0 ? $" ({status.Begun} begun)" : "")}{rate}.");
        foreach (PartFailure failure in status.Failed)
        {
            output.WriteLine($"failed   {failure.Part} on {failure.Host}: {failure.Error}");
        }

        if (status.Missing.Length > 0)
        {
            output.WriteLine($"missing  {status.Missing}");
        }

        output.WriteLine(status.IsComplete ? "Joined." : $"{status.Joined} of {Counted.Of(status.Files, "file")} joined.");
    }
}
