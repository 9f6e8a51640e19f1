using System.Diagnostics;
using AdaConv.FrameFilter.Watch;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

public sealed class ReadLeaseTests
{
    /// <remarks>The signal by which the kernel tells the lease's holder would end this process, and the test with it.</remarks>
    [Fact]
    public void Somebody_who_begins_to_write_meanwhile_does_not_end_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Leases are Linux's.");
        using var folder = new ClipFolder();
        string path = folder.Write("video.mkv", "whole");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Process writer;
        using (var lease = new ReadLease(file.SafeFileHandle))
        {
            Assert.False(lease.IsRefusedForWriters);
            writer = Process.Start("bash", ["-c", $"echo more >> {path}"]);

            // Held up by the lease until it is given back.
            Assert.False(writer.WaitForExit(TimeSpan.FromSeconds(1)));
        }

        using (writer)
        {
            writer.WaitForExit();
            Assert.Equal("wholemore\n", File.ReadAllText(path));
        }
    }

    [Fact]
    public void It_is_refused_while_somebody_writes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Leases are Linux's.");
        using var folder = new ClipFolder();
        string path = folder.Write("video.mkv", "whole");
        using var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var lease = new ReadLease(file.SafeFileHandle);
        Assert.True(lease.IsRefusedForWriters);
    }
}
