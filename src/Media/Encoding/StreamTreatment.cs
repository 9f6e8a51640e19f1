namespace AdaConv.Media.Encoding;

/// <summary>What becomes of a stream.</summary>
public enum StreamTreatment
{
    /// <summary>Not in the output.</summary>
    Drop,

    /// <summary>The video: decoded, interpolated, encoded.</summary>
    Convert,

    /// <summary>Packet by packet as it is.</summary>
    Copy,

    /// <summary>Sound that is made longer: decoded, stretched, encoded.</summary>
    Stretch,

    /// <summary>Text subtitles whose coding the container lacks: decoded, encoded in one that it holds; times stay.</summary>
    Rewrite,

    /// <summary>A cover picture that becomes an attachment, as Matroska keeps covers.</summary>
    Attach,
}
