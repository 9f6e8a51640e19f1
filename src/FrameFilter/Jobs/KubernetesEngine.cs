using System.Globalization;
using System.Text;
using System.Text.Json;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Writes a job as two Jobs of Kubernetes: an indexed one of the parts, and a join that is suspended until they are complete.</summary>
/// <param name="job">The job.</param>
/// <param name="options">What is asked of the cluster.</param>
internal sealed class KubernetesEngine(JobFolder job, KubernetesOptions options)
{
    // Kubernetes' own limit for jobs with retries of single indexes.
    private const int MostParts = 100_000;

    /// <summary>Both manifests as YAML.</summary>
    /// <exception cref="ConfigurationException">The files do not lie on the volume, or there are too many parts.</exception>
    public string Manifests()
    {
        if (job.Plan.Parts > MostParts)
        {
            throw new ConfigurationException($"A Job of Kubernetes takes {MostParts} parts; this one has {job.Plan.Parts}. Plan longer parts.");
        }

        foreach (string path in job.Plan.Files.SelectMany(file => new[] { file.Input, file.Output }).Select(job.Resolve).Append(job.Path))
        {
            if (!path.StartsWith(options.Mount.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                throw new ConfigurationException($"{path} does not lie below {options.Mount}, where the volume is mounted; --mount names another folder.");
            }
        }

        int parallel = Math.Min(options.Limit ?? job.Plan.Parts, job.Plan.Parts);
        string parts = Manifest(
            "work",
            $"""
              completionMode: Indexed
              completions: {job.Plan.Parts}
              parallelism: {parallel}
              backoffLimitPerIndex: 3
              maxFailedIndexes: {job.Plan.Parts}
              podFailurePolicy:
                rules:
                - action: Ignore
                  onPodConditions:
                  - type: DisruptionTarget
                    status: "True"
                - action: FailIndex
                  onExitCodes:
                    containerName: framefilter
                    operator: In
                    values: [2]
            """,
            ["job", "work", job.Path]);
        string join = Manifest(
            "join",
            """
              backoffLimit: 3
              suspend: true
            """,
            ["job", "join", job.Path, "--wait", "120"]);
        return $"{parts}---\n{join}";
    }

    /// <summary>Hands the manifests to kubectl.</summary>
    /// <returns>What kubectl said.</returns>
    /// <exception cref="JobException">It refuses.</exception>
    public string Apply()
    {
        string[] place = options.Namespace is { } name ? ["--namespace", name] : [];
        (int code, string output, string error) = OwnProgram.Run("kubectl", [.. place, "apply", "-f", "-"], Manifests());
        return code == 0 ? output : throw new JobException($"kubectl refuses the job {job.Path}: {error.ReplaceLineEndings(" ")}.");
    }

    /// <summary>The name of a step's Job.</summary>
    public string NameOf(string step) => $"{options.Name}-{step}";

    private string Manifest(string step, string spec, string[] arguments)
    {
        StringBuilder resources = new();
        foreach ((string resource, string? amount) in Resources(step))
        {
            resources.Append(CultureInfo.InvariantCulture, $"\n            {resource}: {Text(amount!)}");
        }

        string requests = resources.Length == 0 ? " {}" : $"\n          requests:{resources}\n          limits:{resources}";
        string place = options.Namespace is { } name ? $"\n  namespace: {Text(name)}" : "";
        return $"""
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {Text(NameOf(step))}{place}
            spec:
            {spec}
              template:
                spec:
                  restartPolicy: Never
                  securityContext:
                    runAsNonRoot: true
                  containers:
                  - name: framefilter
                    image: {Text(options.Image)}
                    args: [{string.Join(", ", arguments.Select(Text))}]
                    resources:{requests}
                    securityContext:
                      allowPrivilegeEscalation: false
                    volumeMounts:
                    - name: media
                      mountPath: {Text(options.Mount)}
                  volumes:
                  - name: media
                    persistentVolumeClaim:
                      claimName: {Text(options.Claim)}

            """.ReplaceLineEndings("\n");
    }

    private IEnumerable<(string Resource, string? Amount)> Resources(string step) => new (string, string?)[]
    {
        ("cpu", options.Processors?.ToString(CultureInfo.InvariantCulture)),
        ("memory", options.Memory),
        ("nvidia.com/gpu", step == "work" && options.Gpus is { } gpus ? gpus.ToString(CultureInfo.InvariantCulture) : null),
    }.Where(resource => resource.Item2 is not null);

    // YAML in double quotes is JSON's.
    private static string Text(string value) => JsonSerializer.Serialize(value);
}

/// <summary>What is asked of a cluster.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>What the Jobs' names begin with.</summary>
    public required string Name { get; init; }

    /// <summary>The container image.</summary>
    public required string Image { get; init; }

    /// <summary>The volume claim.</summary>
    public required string Claim { get; init; }

    /// <summary>Where the volume is mounted: in the containers, and here.</summary>
    public required string Mount { get; init; }

    /// <summary>The namespace; null: the current one.</summary>
    public string? Namespace { get; init; }

    /// <summary>Parts at a time; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Processors of a part; null: not limited.</summary>
    public int? Processors { get; init; }

    /// <summary>Memory of a part, as Kubernetes writes it (8Gi); null: not limited.</summary>
    public string? Memory { get; init; }

    /// <summary>NVIDIA GPUs of a part; null: none.</summary>
    public int? Gpus { get; init; }
}
