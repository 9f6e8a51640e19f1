using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter batch</c>: converts a folder of videos.</summary>
internal static class BatchCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var folders = new FolderArguments();
        var jobs = new Option<int>("--jobs")
        {
            Description =
                "Videos to convert at a time. 0 chooses: one with the network, which uses every core for one frame; with --method average, half as "
                + "many as there are cores, at 1 GiB of memory each.",
            HelpName = "N",
        }.Within(0, 64);
        var delete = new Option<bool>("--delete-originals")
        {
            Description = "Delete each original once its output is complete and verified; implies --verify. Links, and files that changed meanwhile, stay.",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be done with every file, and do nothing." };
        var command = new Command("batch", "Converts every video of a folder into another folder; a second run does what is left.");
        folders.AddTo(command);
        command.Add(jobs);
        command.Add(delete);
        command.Add(dryRun);
        var shared = new ConversionArguments(files);
        shared.AddTo(command);
        command.SetAction(result =>
        {
            var options = shared.Read(result);
            var batch = folders.Read(result) with { Jobs = result.GetValue(jobs), DeletesOriginals = result.GetValue(delete) };
            if (batch.DeletesOriginals)
            {
                options = options with { Conversion = options.Conversion with { Verify = true } };
            }

            BatchStart.CheckOutputs(batch.Extension, options.Conversion);
            if (result.GetValue(dryRun))
            {
                BatchStart.CheckMachine(options, files);
                return Interruption.Run(cancellation => ShowPlans(batch, options, files, result.InvocationConfiguration.Output, cancellation));
            }

            using var display = shared.CreateDisplay(result);
            return Run(batch, options, files, display, result.InvocationConfiguration.Output, shared.Verbosity(result));
        });
        return command.WithExamples(
            "framefilter batch videos videos-60                            every video of the folder and its subfolders",
            "framefilter batch videos out --preset 15to30 --extension mp4  all outputs as mp4",
            "framefilter batch . ../out --include '*.mkv' --exclude 'raw/**'",
            "framefilter batch videos out --dry-run                        show what would be done");
    }

    private static int ShowPlans(BatchOptions batch, FilterOptions options, ApplicationFiles files, TextWriter output, CancellationToken cancellation)
    {
        var scan = BatchScan.Of(batch);
        using var log = BatchLog.Open(batch.Output, write: false);
        var work = new BatchWork(options, options, files, log);
        foreach (var item in BatchNames.Assign(scan, batch, log))
        {
            (BatchResult? settled, ConversionPlan? plan) = work.Plan(item, cancellation);
            output.WriteLine(settled switch
            {
                null => $"convert  {Printable.Of(item.Name)} -> {Printable.Of(item.OutputName)}",
                { Outcome: BatchOutcome.Skipped } => $"done     {Printable.Of(item.Name)} -> {Printable.Of(item.OutputName)}",
                var refused => $"fail     {Printable.Of(item.Name)}: {Printable.Of(refused.Error ?? "")}",
            });
            if (plan is not null)
            {
                PlanText.Write(output, plan, "  ");
            }
        }

        foreach (string other in scan.Others)
        {
            output.WriteLine($"ignore   {Printable.Of(other)}");
        }

        foreach (string problem in scan.Problems)
        {
            output.WriteLine($"fail     {Printable.Of(problem)}");
        }

        return ExitCode.Success;
    }

    private static int Run(
        BatchOptions batch, FilterOptions options, ApplicationFiles files, ConversionDisplay display, TextWriter output, Verbosity verbosity)
    {
        var scan = BatchScan.Of(batch);
        using var interruption = new Interruption();
        if (scan.Videos.Count == 0 && scan.Problems.Count == 0)
        {
            bool takesAll = batch.Include.Count == 0 && batch.Exclude.Count == 0;
            if (!batch.DeletesOriginals && !(takesAll && File.Exists(Path.Combine(batch.Output, BatchLog.FileName))))
            {
                throw new ConfigurationException(
                    $"There is no video in {batch.Input} ({Counted.Of(scan.Others.Count, "other file")}). --include names the files to take.");
            }

            if (verbosity != Verbosity.Quiet && display is not JsonDisplay)
            {
                Console.Error.WriteLine($"framefilter: Nothing to do: there is no video in {Printable.Of(batch.Input)}.");
            }

            return Summarize([], scan, display, output, verbosity, interruption);
        }

        BatchStart.CheckMachine(options, files);
        DurableStore.CreateFolder(batch.Output);
        using var log = BatchLog.Open(batch.Output, write: true);
        var items = BatchNames.Assign(scan, batch, log);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        int jobs = BatchPace.Jobs(options, batch.Jobs, Environment.ProcessorCount, memory);
        var work = new BatchWork(options, BatchPace.Share(options, jobs, Environment.ProcessorCount, memory), files, log, batch.DeletesOriginals);
        var results = new BatchResult[items.Count];
        display.Run(() =>
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = jobs };
            Parallel.For(0, items.Count, parallel, (i, state) =>
            {
                results[i] = interruption.Token.IsCancellationRequested
                    ? new(items[i], BatchOutcome.Unfinished, null, null)
                    : Convert(work, items[i], i + 1, items.Count, display, interruption.Token);
            });
            return true;
        });
        return Summarize(results, scan, display, output, verbosity, interruption);
    }

    private static BatchResult Convert(BatchWork work, BatchItem item, int number, int count, ConversionDisplay display, CancellationToken cancellation)
    {
        FileDisplay? file = null;
        var result = work.Process(item, retry: true, () => file = display.Begin(item.Name, item.OutputName, number, count), cancellation);
        if (result.Outcome == BatchOutcome.Done)
        {
            display.Finish(file!, result.Conversion!);
        }
        else if (result.Outcome == BatchOutcome.Failed)
        {
            display.Fail(file ?? display.Begin(item.Name, item.OutputName, number, count), $"{item.Name}: {result.Error}");
        }

        return result;
    }

    private static int Summarize(
        BatchResult[] results, BatchScan scan, ConversionDisplay display, TextWriter output, Verbosity verbosity, Interruption interruption)
    {
        int done = results.Count(result => result.Outcome == BatchOutcome.Done), skipped = results.Count(result => result.Outcome == BatchOutcome.Skipped);
        int failed = results.Count(result => result.Outcome == BatchOutcome.Failed) + scan.Problems.Count;
        int unfinished = results.Count(result => result.Outcome == BatchOutcome.Unfinished);
        if (display is JsonDisplay json)
        {
            json.Write(new { Event = "summary", done, skipped, failed, unfinished, Ignored = scan.Others.Count });
        }
        else if (verbosity != Verbosity.Quiet)
        {
            int width = results.Select(result => Math.Min(60, Printable.Of(result.Item.Name).Length)).DefaultIfEmpty().Max();
            foreach (var result in results)
            {
                string remark = result.Outcome switch
                {
                    BatchOutcome.Done => string.Create(
                        CultureInfo.InvariantCulture,
                        $"{result.Item.OutputName}, {Counted.Of(result.Conversion!.FramesOut, "frame")} in "
                        + $"{ConversionDisplay.Time(result.Conversion.Elapsed)}"),
                    BatchOutcome.Skipped => $"{result.Item.OutputName}, done before",
                    _ => result.Error ?? "",
                };
                string name = Printable.Of(result.Item.Name).PadRight(width);
                output.WriteLine($"{result.Outcome.ToString().ToLowerInvariant(),-10}  {name}  {Printable.Of(remark)}".TrimEnd());
            }

            foreach (string problem in scan.Problems)
            {
                output.WriteLine($"failed      {Printable.Of(problem)}");
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{done} done, {skipped} done before, {failed} failed{(unfinished > 0 ? $", {unfinished} not finished" : "")}; "
                + $"{Counted.Of(scan.Others.Count, "other file")} ignored."));
        }

        if (interruption.Token.IsCancellationRequested)
        {
            display.Interrupt();
            return interruption.Code;
        }

        return failed > 0 ? ExitCode.Failure : ExitCode.Success;
    }
}
