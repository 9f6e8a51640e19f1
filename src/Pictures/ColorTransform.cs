namespace AdaConv.Pictures;

/// <summary>
/// The affine map from a picture's code values (Y, U, V) to gamma-encoded R, G, B, nominally 0..1: R = RedY·Y + RedU·U + RedV·V + RedOffset,
/// and so on. Nothing is clipped.
/// </summary>
/// <remarks>
/// Luma weights: ITU-R BT.601-7, BT.709-6 and BT.2020-2, SMPTE 240M, FCC 73.682; code ranges: the same standards (limited:
/// luma 16..235, chroma 16..240 times 2^(bits−8)) and, full, ISO/IEC 23091-2. Equations and tolerances: docs/numerics.md.
/// </remarks>
internal readonly record struct ColorTransform
{
    public float RedY { get; private init; }

    public float RedU { get; private init; }

    public float RedV { get; private init; }

    public float RedOffset { get; private init; }

    public float GreenY { get; private init; }

    public float GreenU { get; private init; }

    public float GreenV { get; private init; }

    public float GreenOffset { get; private init; }

    public float BlueY { get; private init; }

    public float BlueU { get; private init; }

    public float BlueV { get; private init; }

    public float BlueOffset { get; private init; }

    /// <summary>The map for a matrix, range and code width.</summary>
    /// <param name="matrix">How Y, U and V arise from R, G and B.</param>
    /// <param name="fullRange">Codes from 0 to the top instead of the video range.</param>
    /// <param name="depth">Bits of a sample, 8..16.</param>
    public static ColorTransform Create(ColorMatrix matrix, bool fullRange, int depth)
    {
        double unit = Math.Pow(2, depth - 8);
        double top = Math.Pow(2, depth) - 1;
        double lumaScale = fullRange ? 1 / top : 1 / (219 * unit);
        double lumaZero = fullRange ? 0 : 16 * unit;
        if (matrix == ColorMatrix.Identity)
        {
            // G, B, R in the places of Y, U, V; in video range all three have luma's.
            return FromRows([0, 0, 1], [1, 0, 0], [0, 1, 0], lumaScale, lumaZero, lumaScale, lumaZero);
        }

        double chromaScale = fullRange ? 1 / top : 1 / (224 * unit);
        double chromaZero = 128 * unit;
        if (matrix == ColorMatrix.YCgCo)
        {
            return FromRows([1, -1, 1], [1, 1, 0], [1, -1, -1], lumaScale, lumaZero, chromaScale, chromaZero);
        }

        (double kr, double kb) = LumaWeights(matrix);
        double kg = 1 - kr - kb;
        return FromRows(
            [1, 0, 2 * (1 - kr)],
            [1, -2 * (1 - kb) * kb / kg, -2 * (1 - kr) * kr / kg],
            [1, 2 * (1 - kb), 0],
            lumaScale,
            lumaZero,
            chromaScale,
            chromaZero);
    }

    /// <summary>The weights of red and blue in luma.</summary>
    public static (double Red, double Blue) LumaWeights(ColorMatrix matrix) => matrix switch
    {
        ColorMatrix.Bt709 => (0.2126, 0.0722),
        ColorMatrix.Bt601 => (0.299, 0.114),
        ColorMatrix.Bt2020 => (0.2627, 0.0593),
        ColorMatrix.Smpte240M => (0.212, 0.087),
        ColorMatrix.Fcc => (0.30, 0.11),
        _ => throw new ArgumentOutOfRangeException(nameof(matrix), matrix, "This matrix has no luma weights."),
    };

    private static ColorTransform FromRows(
        ReadOnlySpan<double> red,
        ReadOnlySpan<double> green,
        ReadOnlySpan<double> blue,
        double lumaScale,
        double lumaZero,
        double chromaScale,
        double chromaZero)
    {
        double Offset(ReadOnlySpan<double> row) =>
            -((row[0] * lumaScale * lumaZero) + ((row[1] + row[2]) * chromaScale * chromaZero));
        return new()
        {
            RedY = (float)(red[0] * lumaScale),
            RedU = (float)(red[1] * chromaScale),
            RedV = (float)(red[2] * chromaScale),
            RedOffset = (float)Offset(red),
            GreenY = (float)(green[0] * lumaScale),
            GreenU = (float)(green[1] * chromaScale),
            GreenV = (float)(green[2] * chromaScale),
            GreenOffset = (float)Offset(green),
            BlueY = (float)(blue[0] * lumaScale),
            BlueU = (float)(blue[1] * chromaScale),
            BlueV = (float)(blue[2] * chromaScale),
            BlueOffset = (float)Offset(blue),
        };
    }
}
