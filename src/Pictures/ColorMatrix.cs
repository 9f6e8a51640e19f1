namespace AdaConv.Pictures;

/// <summary>How Y, U and V arise from R, G and B.</summary>
public enum ColorMatrix
{
    /// <summary>HD: ITU-R BT.709.</summary>
    Bt709,

    /// <summary>SD: ITU-R BT.601 (BT.470 B/G, SMPTE 170M).</summary>
    Bt601,

    /// <summary>UHD: ITU-R BT.2020, constant luminance treated alike.</summary>
    Bt2020,

    /// <summary>Early HD: SMPTE 240M.</summary>
    Smpte240M,

    /// <summary>FCC Title 47, 73.682.</summary>
    Fcc,

    /// <summary>Luma and the green and orange differences.</summary>
    YCgCo,

    /// <summary>G, B, R stand in the places of Y, U, V.</summary>
    Identity,
}
