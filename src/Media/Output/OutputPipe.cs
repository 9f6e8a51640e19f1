using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.Media.Output;

/// <summary>Standard output. What a reader has taken cannot be called back, so nothing is discarded.</summary>
internal sealed class OutputPipe : OutputTarget
{
    private OutputPipe()
        : base(StandardOutput)
    {
    }

    // libav's pipe protocol sets binary mode on Windows by itself.
    internal override string Url => "pipe:1";

    public override string? Folder => null;

    internal override string? PartialPath => null;

    /// <summary>Checks that there is one.</summary>
    /// <exception cref="MediaException">It is closed.</exception>
    public static OutputPipe Create() => StandardStream.HasOutput
        ? new()
        : throw new MediaException("Writing", StandardOutput, "standard output is closed", "Name a file, or put a program behind a pipe.");

    private protected override void Publish()
    {
    }

    private protected override void Discard()
    {
    }
}
