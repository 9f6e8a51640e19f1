using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;
using k8s;
using k8s.Models;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>The manifests, read strictly by Kubernetes' own models: a key that they do not know is an error.</summary>
public sealed class KubernetesTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_manifests_are_an_indexed_job_of_the_parts_and_a_suspended_join()
    {
        KubernetesEngine engine = new(Plan(), Options() with { Namespace = "films", Limit = 2, Processors = 4, Memory = "8Gi", Gpus = 1 });
        string text = engine.Manifests();

        V1Job[] jobs = [.. KubernetesYaml.LoadAllFromString(text, strict: true).Cast<V1Job>()];

        Assert.Equal(["framefilter-job-work", "framefilter-job-join"], jobs.Select(job => job.Metadata.Name));
        Assert.All(jobs, job => Assert.Equal(("batch/v1", "Job", "films"), (job.ApiVersion, job.Kind, job.Metadata.NamespaceProperty)));
        V1JobSpec work = jobs[0].Spec, join = jobs[1].Spec;
        Assert.Equal(("Indexed", 3, 2, 3, 3), (work.CompletionMode, work.Completions, work.Parallelism, work.BackoffLimitPerIndex, work.MaxFailedIndexes));
        Assert.Equal(["Ignore", "FailIndex"], work.PodFailurePolicy.Rules.Select(rule => rule.Action));
        Assert.Equal([2], work.PodFailurePolicy.Rules[1].OnExitCodes.Values);
        Assert.True(join.Suspend);
        Assert.Null(work.Suspend);
        V1Container container = Assert.Single(work.Template.Spec.Containers);
        Assert.Equal(["job", "work", _folder["job"]], container.Args);
        Assert.Equal(("4", "8Gi", "1"), (Limit("cpu"), Limit("memory"), Limit("nvidia.com/gpu")));
        Assert.DoesNotContain("nvidia.com/gpu", join.Template.Spec.Containers[0].Resources.Limits.Keys);
        Assert.Equal((_folder.Path, "media"), (container.VolumeMounts[0].MountPath, work.Template.Spec.Volumes[0].PersistentVolumeClaim.ClaimName));
        Assert.True(work.Template.Spec.SecurityContext.RunAsNonRoot);
        Assert.Equal("Never", work.Template.Spec.RestartPolicy);

        await ReadWithKubectl(text);

        string Limit(string resource) => container.Resources.Limits[resource].ToString();
    }

    [Fact]
    public void Files_that_do_not_lie_on_the_volume_are_refused()
    {
        JobFolder job = Plan();

        var error = Assert.Throws<ConfigurationException>(() => new KubernetesEngine(job, Options() with { Mount = "/elsewhere" }).Manifests());

        Assert.Contains("does not lie below /elsewhere", error.Message, StringComparison.Ordinal);
    }

    // Without a cluster, kubectl reads manifests by the types that it knows.
    private async Task ReadWithKubectl(string manifests)
    {
        if (!File.Exists("/usr/bin/kubectl"))
        {
            TestContext.Current.TestOutputHelper!.WriteLine("kubectl is not installed: it has not read the manifests.");
            return;
        }

        var run = await ProcessRun.Of(
            "/usr/bin/kubectl", ["annotate", "--local", "--dry-run=client", "-f", _folder.Write("jobs.yaml", manifests), "read=yes", "-o", "name"]);

        Assert.Equal((0, "job.batch/framefilter-job-work\njob.batch/framefilter-job-join\n"), (run.ExitCode, run.Output));
    }

    private JobFolder Plan()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=32x32:rate=25 -t 3 -c:v libx264 -preset ultrafast {_folder["in.mkv"]}");
        return new TestJob(_folder, "in.mkv", "out.mkv", TestJob.Options("ffv1"), parts: 3).Folder;
    }

    private KubernetesOptions Options() => new() { Name = "framefilter-job", Image = "registry.example/framefilter:1", Claim = "media", Mount = _folder.Path };
}
