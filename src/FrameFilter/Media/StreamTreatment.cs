namespace AdaConv.FrameFilter.Media;

/// <summary>What becomes of a stream.</summary>
internal enum StreamTreatment
{
    /// <summary>Not in the output.</summary>
    Drop,

    /// <summary>The video: decoded, doubled, encoded.</summary>
    Convert,

    /// <summary>Packet by packet as it is.</summary>
    Copy,

    /// <summary>A cover picture that becomes an attachment, as Matroska keeps covers.</summary>
    Attach,
}
