using System.Diagnostics;
using Xunit;

namespace AdaConv.Tests.Support;

/// <summary>
/// A folder that is a disk of its own, in memory: it can be filled, and turned to one that can only be read. Skips where nobody may mount it.
/// </summary>
public sealed class SmallDisk : IDisposable
{
    private bool _isCovered;

    /// <summary>Mounts it.</summary>
    /// <param name="folder">The folder, which is made.</param>
    /// <param name="kibibytes">Its size.</param>
    public SmallDisk(string folder, int kibibytes)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/bin/mount"), "A small disk is mounted by Linux's administrator.");
        Directory.CreateDirectory(folder);
        Folder = folder;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", folder), "Mounting is not allowed here.");
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Gives it another size; what lies there stays.</summary>
    public void Resize(int kibibytes) => Assert.True(Run("mount", "-o", $"remount,size={kibibytes}k", Folder));

    /// <summary>From now on it can only be read, but for files that are open.</summary>
    public void Close()
    {
        // Linux refuses to change a disk of open files: the same one is laid over it.
        Assert.True(Run("mount", "--bind", Folder, Folder) && Run("mount", "-o", "remount,bind,ro", Folder));
        _isCovered = true;
    }

    /// <summary>It can be written again.</summary>
    public void Open()
    {
        Assert.True(Run("umount", Folder));
        _isCovered = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isCovered)
        {
            Open();
        }

        Run("umount", "-l", Folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo($"/bin/{program}", arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
