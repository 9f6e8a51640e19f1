namespace AdaConv.Media.Libav;

/// <summary>What a decoder has for its caller.</summary>
public enum DecodeResult
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>Nothing until it is given another packet.</summary>
    NeedsPacket,

    /// <summary>Nothing any more: it is drained.</summary>
    End,
}
