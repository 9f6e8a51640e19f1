using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Segments;

/// <summary>The packets of a finished segment, in the encoder's order.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly BinaryReader? _reader;
    private bool _ended;

    /// <summary>Opens a segment that was verified.</summary>
    public SegmentReader(string path, SegmentEnd end)
    {
        End = end;
        try
        {
            _reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20));
            Advance();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is known of it.</summary>
    public SegmentEnd End { get; }

    /// <summary>The next packet, which the caller may empty; null at the end.</summary>
    public Packet? Next => _ended ? null : Current;

    private Packet Current { get; } = new();

    /// <summary>Goes on to the packet after.</summary>
    public void Advance() => _ended = !SegmentFile.Read(_reader!, Current);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        Current.Dispose();
    }
}
