namespace AdaConv.Pictures;

/// <summary>Matrices by their numbers in ISO/IEC 23091-2, which libav and other hosts use.</summary>
internal static class ColorMatrices
{
    /// <summary>The number that says nothing.</summary>
    public const int Unspecified = 2;

    /// <summary>Lines from which a picture without a matrix is taken for HD.</summary>
    private const int HdLines = 720;

    /// <summary>The matrix of a number, null where it has none here.</summary>
    public static ColorMatrix? Of(int number) => number switch
    {
        0 => ColorMatrix.Identity,
        1 => ColorMatrix.Bt709,
        4 => ColorMatrix.Fcc,
        5 or 6 => ColorMatrix.Bt601,
        7 => ColorMatrix.Smpte240M,
        8 => ColorMatrix.YCgCo,
        9 or 10 or 14 => ColorMatrix.Bt2020,
        _ => null,
    };

    /// <summary>The matrix of a picture; unspecified or unknown: BT.709 from 720 lines up, else BT.601.</summary>
    public static ColorMatrix Of(int number, int height) => Of(number) ?? (height >= HdLines ? ColorMatrix.Bt709 : ColorMatrix.Bt601);
}
