namespace AdaConv.Media.Decoding;

/// <summary>What becomes of interlaced video, whose frames hold two fields of different times.</summary>
public enum InterlacedHandling
{
    /// <summary>Each frame becomes one picture of one time, by libavfilter's bwdif.</summary>
    Deinterlace,

    /// <summary>An error.</summary>
    Refuse,

    /// <summary>Taken as whole pictures: what moves stays combed.</summary>
    Ignore,
}
