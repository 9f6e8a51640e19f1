namespace AdaConv.Tests.Support;

/// <summary>A name that leads to /dev/full, where every write says that the disk is full.</summary>
/// <remarks>
/// What writes there holds the device for itself, as it holds files: of tests in several processes, one has it at a time.
/// </remarks>
public sealed class FullDevice : IDisposable
{
    private readonly FileStream _turn;

    private FullDevice(FileStream turn) => _turn = turn;

    /// <summary>Waits until no other test has the device, and puts the name there.</summary>
    public static FullDevice At(string path)
    {
        string turns = Path.Combine(Path.GetTempPath(), "adaconv-test-full-device");
        for (int i = 0; ; i++)
        {
            try
            {
                FullDevice device = new(new(turns, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
                File.CreateSymbolicLink(path, "/dev/full");
                return device;
            }
            catch (IOException) when (i < 1200 && !Path.Exists(path))
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
