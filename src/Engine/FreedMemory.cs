using System.Runtime.InteropServices;

namespace AdaConv.Engine;

/// <summary>What becomes of native memory that was freed.</summary>
public static partial class FreedMemory
{
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD
    private const int LargeBlock = 1 << 20;

    /// <summary>
    /// Has the C library give blocks of a mebibyte and more back to the system as soon as they are freed, in the whole process and from now on. By itself,
    /// glibc keeps blocks of up to 32 MiB once one was freed, and they fall to pieces. Other C libraries give them back anyway, or cannot be told.
    /// </summary>
    public static void GiveBackLargeBlocks()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetOption(MapThreshold, LargeBlock);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has none.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
