namespace AdaConv.Media.Output;

/// <summary>Standard output. What a reader has taken cannot be called back, so nothing is discarded.</summary>
internal sealed class OutputPipe() : OutputTarget(StandardOutput)
{
    // libav's pipe protocol sets binary mode on Windows by itself.
    internal override string Url => "pipe:1";

    public override string? Folder => null;

    internal override string? PartialPath => null;

    private protected override void Publish()
    {
    }

    private protected override void Discard()
    {
    }
}
