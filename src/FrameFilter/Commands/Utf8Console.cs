using System.Text;

namespace AdaConv.FrameFilter.Commands;

/// <summary>On Windows, output as UTF-8 instead of the console's code page, which lacks most file names; the console gets its own back at the end.</summary>
internal sealed class Utf8Console : IDisposable
{
    private readonly Encoding? _before;

    /// <summary>Sets it, where the system is Windows.</summary>
    public Utf8Console()
    {
        if (OperatingSystem.IsWindows() && Console.OutputEncoding is { CodePage: not 65001 } before
            && TrySet(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            _before = before;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_before is not null)
        {
            TrySet(_before);
        }
    }

    // A service has no console.
    private static bool TrySet(Encoding encoding)
    {
        try
        {
            Console.OutputEncoding = encoding;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
