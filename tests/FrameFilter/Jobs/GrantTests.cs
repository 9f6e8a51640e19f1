using System.Diagnostics;
using System.Globalization;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>A worker takes what schedulers grant, not the whole machine: Slurm's variables, and control groups of both versions.</summary>
public sealed class GrantTests : IDisposable
{
    private const long GiB = 1L << 30;
    private readonly ClipFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Of_nested_control_groups_of_version_2_the_least_counts()
    {
        const string Job = "sys/fs/cgroup/system.slice/slurmstepd.scope/job_7";
        System("0::/system.slice/slurmstepd.scope/job_7/step_batch/user/task_0", "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 none rw,nsdelegate");
        _root.Write(Job + "/memory.max", $"{4 * GiB}\n");
        _root.Write(Job + "/cpu.max", "250000 100000\n");
        _root.Write(Job + "/step_batch/memory.max", $"{3 * GiB}\n");
        _root.Write(Job + "/step_batch/cpu.max", "800000 100000\n");
        _root.Write(Job + "/step_batch/user/task_0/memory.max", "max\n");
        _root.Write(Job + "/step_batch/user/task_0/cpu.max", "max 100000\n");

        Assert.Equal(new Grant(3, 3 * GiB), ControlGroups.Read(_root.Path));
    }

    [Fact]
    public void Of_nested_control_groups_of_version_1_the_least_counts()
    {
        System(
            "9:name=systemd:/\n5:memory:/slurm/uid_0/job_7/step_batch\n4:cpu,cpuacct:/slurm/uid_0/job_7\n3:cpuset:/",
            "33 31 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n34 31 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
            + "35 31 0:32 / /sys/fs/cgroup/memory rw shared:4 - cgroup cgroup rw,memory");
        _root.Write("sys/fs/cgroup/memory/slurm/uid_0/job_7/step_batch/memory.limit_in_bytes", "9223372036854771712\n");
        _root.Write("sys/fs/cgroup/memory/slurm/uid_0/job_7/memory.limit_in_bytes", $"{2 * GiB}\n");
        _root.Write("sys/fs/cgroup/cpu/slurm/uid_0/job_7/cpu.cfs_quota_us", "-1\n");
        _root.Write("sys/fs/cgroup/cpu/slurm/uid_0/job_7/cpu.cfs_period_us", "100000\n");
        _root.Write("sys/fs/cgroup/cpu/slurm/uid_0/cpu.cfs_quota_us", "200000\n");
        _root.Write("sys/fs/cgroup/cpu/slurm/uid_0/cpu.cfs_period_us", "100000\n");

        Assert.Equal(new Grant(2, 2 * GiB), ControlGroups.Read(_root.Path));
    }

    [Theory]
    [InlineData("0::/", "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw")]
    [InlineData("0::/kubepods/pod1/a", "30 23 0:26 /kubepods/pod1/a /sys/fs/cgroup ro - cgroup2 cgroup rw")]
    [InlineData("0::/../../elsewhere", "30 23 0:26 /../.. /sys/fs/cgroup ro - cgroup2 cgroup rw")]
    public void A_container_sees_its_own_group_at_the_top(string group, string mount)
    {
        System(group, mount);
        _root.Write("sys/fs/cgroup/memory.max", $"{8 * GiB}\n");
        _root.Write("sys/fs/cgroup/cpu.max", "50000 100000\n");

        Assert.Equal(new Grant(1, 8 * GiB), ControlGroups.Read(_root.Path));
    }

    [Fact]
    public void Without_limits_or_control_groups_nothing_is_granted_less()
    {
        Assert.Equal(new Grant(null, null), ControlGroups.Read(_root.Path));
        System("0::/user.slice", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n31 23 0:27 / /tmp rw - tmpfs tmpfs rw");
        _root.Write("sys/fs/cgroup/user.slice/memory.max", $"{64 * GiB}\n"); // more than the machine has
        _root.Write("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
        Assert.Equal(new Grant(null, null), ControlGroups.Read(_root.Path));
    }

    [Fact]
    public void Slurms_variables_and_control_groups_limit_threads_and_memory()
    {
        Grant Of(string variables, Grant groups) =>
            Grant.Of(name => variables.Split(' ').Select(one => one.Split('=')).FirstOrDefault(one => one[0] == name)?[1], groups);

        Assert.Equal(new Grant(4, 8 * GiB), Of("SLURM_CPUS_ON_NODE=4 SLURM_MEM_PER_CPU=2048", new(null, null)));
        Assert.Equal(new Grant(4, 2 * GiB), Of("SLURM_CPUS_ON_NODE=4 SLURM_MEM_PER_NODE=2048", new(8, 3 * GiB)));
        Assert.Equal(new Grant(2, 1 * GiB), Of("SLURM_CPUS_ON_NODE=4 SLURM_MEM_PER_NODE=2048", new(2, 1 * GiB)));
        Assert.Equal(new Grant(null, 2 * GiB), Of("SLURM_MEM_PER_NODE=2048 SLURM_MEM_PER_CPU=1", new(null, null)));
        Assert.Equal(new Grant(2, null), Of("A=1", new(2, null)));

        FilterOptions limited = new Grant(1, 2 * GiB).Limit(new() { Interpolation = new() { Network = new() { Threads = 3 } } });
        Assert.Equal(3 * GiB / 2, limited.Interpolation.Network.MemoryLimit);
        Assert.Equal(Environment.ProcessorCount > 1 ? 1 : 3, limited.Interpolation.Network.Threads);
        Assert.Equal(Environment.ProcessorCount > 1 ? (1, 1) : (0, 0), (limited.Conversion.DecoderThreads, limited.Conversion.EncoderThreads));
    }

    /// <remarks>The kernel's own groups: the outer one limits, and the process is in the inner one.</remarks>
    [Fact]
    public void Real_control_groups_are_read_as_the_kernel_shows_them()
    {
        string name = $"framefilter-{Environment.ProcessId}-{Guid.NewGuid():n}";
        string[] groups = [.. new[] { "memory", "cpu" }.Select(kind => Path.Combine("/sys/fs/cgroup", kind, name))];
        string unified = Path.Combine("/sys/fs/cgroup", name);
        bool is2 = File.Exists("/sys/fs/cgroup/cgroup.controllers");
        string[] made = is2 ? [unified] : groups;
        try
        {
            Assert.SkipUnless(TryLimit(is2, unified, groups), "Control groups cannot be made here.");
            using Process sleeper = Process.Start("/bin/sleep", "60");
            try
            {
                string number = sleeper.Id.ToString(CultureInfo.InvariantCulture);
                foreach (string group in made)
                {
                    Directory.CreateDirectory(group + "/inner");
                    Join(group + "/inner", number);
                }

                Assert.Equal(new Grant(1, GiB), ControlGroups.Read("/", number));
            }
            finally
            {
                sleeper.Kill();
                sleeper.WaitForExit();
            }
        }
        finally
        {
            foreach (string group in made.SelectMany(group => new[] { group + "/inner", group }).Where(Directory.Exists))
            {
                Directory.Delete(group);
            }
        }
    }

    // On a busy machine the kernel once refused a process that had just begun (EINVAL).
    private static void Join(string group, string process)
    {
        for (int left = 50; ; left--)
        {
            try
            {
                File.WriteAllText(group + "/cgroup.procs", process);
                return;
            }
            catch (IOException) when (left > 0)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static bool TryLimit(bool is2, string unified, string[] groups)
    {
        try
        {
            foreach (string group in is2 ? [unified] : groups)
            {
                Directory.CreateDirectory(group);
            }

            File.WriteAllText(is2 ? unified + "/memory.max" : groups[0] + "/memory.limit_in_bytes", $"{GiB}");
            File.WriteAllText(is2 ? unified + "/cpu.max" : groups[1] + "/cpu.cfs_quota_us", is2 ? "100000 100000" : "100000");
            if (is2)
            {
                File.WriteAllText(unified + "/cgroup.subtree_control", "+cpu +memory");
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // not root, or without these controllers
        }
    }

    private void System(string cgroup, string mounts)
    {
        _root.Write("proc/self/cgroup", cgroup + "\n");
        _root.Write("proc/self/mountinfo", mounts + "\n");
        _root.Write("proc/meminfo", "MemTotal:       33554432 kB\nMemFree:        1 kB\n");
    }
}
