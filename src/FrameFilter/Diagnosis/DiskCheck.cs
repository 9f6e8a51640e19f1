namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>Where files are written: the temporary folder and the current one.</summary>
internal sealed class DiskCheck : Check
{
    private const long Little = 1L << 30;

    public override string Topic => "disk";

    public override IEnumerable<Finding> Look()
    {
        string temporary = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        yield return Look("temporary folder", temporary,
            OperatingSystem.IsWindows() ? "set TEMP=D:\\folder" : "export TMPDIR=/folder/that/can/be/written", needed: true);
        yield return Look("current folder", Environment.CurrentDirectory, "write outputs to a folder that is writable", needed: false);
    }

    private Finding Look(string what, string folder, string remedy, bool needed)
    {
        try
        {
            string probe = Path.Combine(folder, $".adaconv-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string text = $"{what} {folder} cannot be written to: {e.Message}";
            return needed ? Missing(text, remedy) : Note(text, remedy);
        }

        if (FreeSpace(folder) is not { } free)
        {
            return Fine($"{what} {folder} can be written to");
        }

        string found = $"{what} {folder}: {Machine.Size(free)} free";
        return free < Little ? Note($"{found}, which is little", remedy) : Fine(found);
    }

    // Null where the system does not tell, as of Windows' network folders.
    private static long? FreeSpace(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
