using System.Text;
using AdaConv.Storage;

namespace AdaConv.CommandLine;

/// <summary>
/// What a program writes to its standard streams. Standard error carries progress and words, for which no work is given up: where it is closed or its
/// disk full, they are lost. A standard output that cannot be written is a failure like that of any file.
/// </summary>
public static class StandardStreams
{
    /// <summary>Makes <see cref="Console.Out"/> and <see cref="Console.Error"/> such streams; once, before anything is written.</summary>
    public static void Guard()
    {
        Console.SetOut(new Guarded(StandardStream.HasOutput ? Console.Out : null, isNeeded: true));
        Console.SetError(new Guarded(StandardStream.HasError ? Console.Error : null, isNeeded: false));
    }

    private sealed class Guarded(TextWriter? inner, bool isNeeded) : TextWriter
    {
        public override Encoding Encoding => inner?.Encoding ?? Encoding.UTF8;

        public override void Write(char value) => Try(to => to.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(to => to.Write(buffer, index, count));

        public override void Write(string? value) => Try(to => to.Write(value));

        // At once, so that lines of several processes do not mix.
        public override void WriteLine(string? value) => Try(to => to.WriteLine(value));

        public override void Flush() => inner?.Flush();

        private void Try(Action<TextWriter> write)
        {
            try
            {
                write(inner ?? throw new IOException("it is closed"));
            }
            catch (Exception error) when (StorageException.IsRefusal(error))
            {
                if (isNeeded)
                {
                    throw StorageException.Of("Writing", "standard output", error);
                }
            }
        }
    }
}
