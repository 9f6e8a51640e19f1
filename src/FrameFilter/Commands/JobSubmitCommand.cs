using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Jobs;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter job submit</c>: hands a job to a scheduler, or runs it here.</summary>
internal sealed class JobSubmitCommand
{
    private readonly Argument<string> _job = JobCommand.JobArgument();
    private readonly Option<string> _engine = new("--engine")
    {
        Description = "Who runs the parts: local as processes of this machine, slurm by sbatch, kubernetes by two Jobs, whose manifests are printed.",
        HelpName = "local|slurm|kubernetes",
        DefaultValueFactory = _ => "local",
    };

    private readonly Option<int> _jobs =
        new Option<int>("--jobs") { Description = "local: parts at a time.", HelpName = "N", DefaultValueFactory = _ => 1 }.Within(1, 1024);

    private readonly Option<int?> _limit = new Option<int?>("--limit")
    {
        Description = "slurm, kubernetes: parts at a time at most.",
        HelpName = "N",
    }.Within(1);
    private readonly Option<int?> _processors =
        new Option<int?>("--cpus-per-task") { Description = "slurm, kubernetes: processors of a part.", HelpName = "N" }.Within(1);

    private readonly Option<string?> _memory = new("--mem")
    {
        Description = "slurm, kubernetes: memory of a part, as the scheduler writes it (8G, 8Gi).",
        HelpName = "SIZE",
    };
    private readonly Option<string?> _partition = new("--partition") { Description = "slurm: the partition.", HelpName = "NAME" };
    private readonly Option<string?> _time = new("--time") { Description = "slurm: the time limit of a part, and of the join.", HelpName = "TIME" };
    private readonly Option<string?> _account = new("--account") { Description = "slurm: the account that is charged.", HelpName = "NAME" };
    private readonly Option<string?> _resources = new("--gres") { Description = "slurm: generic resources of a part, as gpu:1.", HelpName = "LIST" };
    private readonly Option<string[]> _other =
        new("--sbatch")
        {
            Description = "slurm: a further option of sbatch for the parts and the join, as qos=low. May be repeated.",
            HelpName = "NAME=VALUE",
        };

    private readonly Option<string?> _program = new("--program")
    {
        Description = "slurm: the program as the nodes see it. Default: this one's path.",
        HelpName = "PATH",
    };
    private readonly Option<string?> _image = new("--image") { Description = "kubernetes: the container image.", HelpName = "IMAGE" };
    private readonly Option<string?> _claim = new("--claim")
    {
        Description = "kubernetes: the volume claim that holds inputs, outputs and the job.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _mount =
        new("--mount")
        {
            Description = "kubernetes: where the volume is mounted, in the containers as here. Default: the folder above the job's.",
            HelpName = "DIR",
        };

    private readonly Option<string?> _namespace = new("--namespace") { Description = "kubernetes: the namespace.", HelpName = "NAME" };
    private readonly Option<int?> _gpus = new Option<int?>("--gpus") { Description = "kubernetes: NVIDIA GPUs of a part.", HelpName = "N" }.Within(1);
    private readonly Option<bool> _apply = new("--apply") { Description = "kubernetes: hand the manifests to kubectl instead of printing them." };

    private JobSubmitCommand() => _engine.AcceptOnlyFromAmong("local", "slurm", "kubernetes");

    /// <summary>The command.</summary>
    public static Command Create(ApplicationFiles files)
    {
        JobSubmitCommand own = new();
        Command command = new("submit", "Runs all parts that are not finished, and the join: here, or by a scheduler. Submitting twice does nothing twice.")
        {
            own._job, own._engine, own._jobs, own._limit, own._processors, own._memory, own._partition, own._time, own._account, own._resources,
            own._other, own._program, own._image, own._claim, own._mount, own._namespace, own._gpus, own._apply,
        };
        command.SetAction(result =>
        {
            JobFolder job = JobFolder.Open(result.GetRequiredValue(own._job));
            return result.GetValue(own._engine) switch
            {
                "slurm" => own.SubmitToSlurm(job, result),
                "kubernetes" => own.SubmitToKubernetes(job, result),
                _ => RunHere(job, files, result.GetValue(own._jobs)),
            };
        });
        return command.WithExamples(
            "framefilter job submit /shared/film-job --jobs 2                                 two parts at a time on this machine",
            "framefilter job submit /shared/film-job --engine slurm --limit 20 --cpus-per-task 8 --time 2:00:00",
            "framefilter job submit /shared/film-job --engine kubernetes --image registry.example/framefilter:1 --claim media > job.yaml");
    }

    private static int RunHere(JobFolder job, ApplicationFiles files, int jobs) => Interruption.Run(cancellation =>
    {
        IReadOnlyList<int> failed = new LocalEngine(job, jobs).Run(
            (done, all) => Console.Error.WriteLine($"framefilter: {done} of {Counted.Of(all, "part")} done."), cancellation);
        foreach (int part in failed)
        {
            Console.Error.WriteLine(
                $"framefilter: error: part {part} failed: {job.FindFailure(part)?.Error ?? $"its process was killed; {job.Logs} holds its log"}");
        }

        // Of a folder all the others are joined.
        if (failed.Count > 0 && job.Plan.Files.Count == 1)
        {
            return ExitCode.Failure;
        }

        using ConversionDisplay display = ConversionDisplay.Create(Verbosity.Normal, ProgressFormat.Auto);
        TimeSpan wait = failed.Count > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(5);
        return JobCommand.Join(job, files, overwrite: false, wait, display, cancellation);
    });

    private int SubmitToSlurm(JobFolder job, ParseResult result)
    {
        IEnumerable<string> Named(string option, string? value) => value is null ? [] : [$"--{option}={value}"];
        SlurmOptions options = new(
            result.GetValue(_limit),
            [
                .. Named("partition", result.GetValue(_partition)), .. Named("time", result.GetValue(_time)), .. Named("account", result.GetValue(_account)),
                .. (result.GetValue(_other) ?? []).Select(option => "--" + option.TrimStart('-')),
            ],
            [
                .. Named("cpus-per-task", result.GetValue(_processors)?.ToString(CultureInfo.InvariantCulture)),
                .. Named("mem", result.GetValue(_memory)), .. Named("gres", result.GetValue(_resources)),
            ],
            result.GetValue(_program));
        (Submission submission, bool isNew) = new SlurmEngine(job, options).Submit();
        TextWriter output = result.InvocationConfiguration.Output;
        output.WriteLine(isNew
            ? $"{Counted.Of(submission.Parts, "part")} submitted{(submission.Arrays.Count > 0 ? $" as {string.Join(", ", submission.Arrays)}" : "")}, "
                + $"the join as {submission.Join}; logs in {job.Logs}."
            : $"Nothing is submitted: {string.Join(", ", submission.Arrays.Append(submission.Join))} of before are still in Slurm's queue.");
        return ExitCode.Success;
    }

    private int SubmitToKubernetes(JobFolder job, ParseResult result)
    {
        string Needed(Option<string?> option) =>
            result.GetValue(option) ?? throw new ConfigurationException($"--engine kubernetes needs {option.Name} {option.HelpName}.");

        KubernetesEngine engine = new(job, new()
        {
            Name = NameOf(job),
            Image = Needed(_image),
            Claim = Needed(_claim),
            Mount = Path.GetFullPath(result.GetValue(_mount) ?? Path.GetDirectoryName(job.Path)!),
            Namespace = result.GetValue(_namespace),
            Limit = result.GetValue(_limit),
            Processors = result.GetValue(_processors),
            Memory = result.GetValue(_memory),
            Gpus = result.GetValue(_gpus),
        });
        TextWriter output = result.InvocationConfiguration.Output;
        if (result.GetValue(_apply))
        {
            output.WriteLine(engine.Apply());
            output.WriteLine(
                $"When the parts are complete (kubectl wait --for=condition=complete --timeout=-1s job/{engine.NameOf("work")}), start the join: "
                + $"kubectl patch job {engine.NameOf("join")} --patch '{{\"spec\":{{\"suspend\":false}}}}'");
        }
        else
        {
            output.Write(engine.Manifests());
        }

        return ExitCode.Success;
    }

    // What Kubernetes takes as a name: small letters, digits and dashes.
    private static string NameOf(JobFolder job)
    {
        string name = new([.. Path.GetFileName(job.Path).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        return $"framefilter-{name.Trim('-')}"[..Math.Min(52, 12 + name.Trim('-').Length)].TrimEnd('-');
    }
}
