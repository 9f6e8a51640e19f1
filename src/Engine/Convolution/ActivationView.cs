namespace AdaConv.Engine.Convolution;

/// <summary>Activations in memory that somebody else owns: [pictures, height, width, channels], channels last.</summary>
/// <remarks>
/// Each pixel takes <see cref="PixelStride"/> floats, a multiple of 16 that holds all channels; kernels may write zeros behind the last
/// channel and never use what they read there. Pixels outside the picture count as zeros and need no memory.
/// Where only some rows are there at a time, row y lies where row y mod <see cref="Rows"/> does.
/// </remarks>
public readonly unsafe struct ActivationView
{
    /// <summary>Floats that a pixel's channels are rounded up to.</summary>
    public const int Granularity = 16;

    /// <summary>Describes memory.</summary>
    /// <param name="data">The first channel of the pixel at the top left.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="channels">Channels, 1 or more.</param>
    /// <param name="pixelStride">Floats from a pixel to the next; 0: the channels rounded up.</param>
    /// <param name="pictures">Pictures, one right behind the other; 1 or more.</param>
    /// <param name="rows">Rows of a single picture that are there at a time; 0: all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the stride does not hold the channels.</exception>
    /// <exception cref="ArgumentNullException">There is no memory.</exception>
    public ActivationView(float* data, int height, int width, int channels, int pixelStride = 0, int pictures = 1, int rows = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pictures);
        if (pixelStride == 0)
            pixelStride = Rounded(channels);
        if (pixelStride < Rounded(channels) || pixelStride % Granularity != 0)
            throw new ArgumentOutOfRangeException(nameof(pixelStride), pixelStride,
                $"A pixel of {channels} channels takes a multiple of {Granularity} floats that holds them.");
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (pictures > 1)
            ArgumentOutOfRangeException.ThrowIfNotEqual(rows, 0);
        Data = data;
        (Pictures, Height, Width, Channels, PixelStride) = (pictures, height, width, channels, pixelStride);
        Rows = rows == 0 ? height : Math.Min(rows, height);
    }

    /// <summary>The first channel of the pixel at the top left.</summary>
    public float* Data { get; }

    /// <summary>Pictures of the same size.</summary>
    public int Pictures { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Rows that are there at a time.</summary>
    public int Rows { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Channels in use.</summary>
    public int Channels { get; }

    /// <summary>Floats from a pixel to the next.</summary>
    public int PixelStride { get; }

    /// <summary>Floats from a row to the next.</summary>
    public nint RowStride => (nint)Width * PixelStride;

    /// <summary>Floats from a picture to the next.</summary>
    public nint PictureStride => Height * RowStride;

    /// <summary>Floats that a picture takes.</summary>
    public static long Floats(int height, int width, int channels) => (long)height * width * Rounded(channels);

    /// <summary>Channels rounded up to whole vectors of the widest level.</summary>
    public static int Rounded(int channels) => (channels + Granularity - 1) / Granularity * Granularity;

    /// <summary>Whether there are as many pictures of the same size; channels may differ.</summary>
    internal bool HasSizeOf(ActivationView other) => Pictures == other.Pictures && Height == other.Height && Width == other.Width;

    /// <summary>Pictures, height, width and channels.</summary>
    public override string ToString() => $"{Pictures}×{Height}×{Width}×{Channels}";

    /// <summary>One of the pictures.</summary>
    internal ActivationView Picture(int picture) => Pictures == 1 ? this : new(Data + picture * PictureStride, Height, Width, Channels, PixelStride);

    /// <summary>Whether neighbouring rows lie one behind the other, and in the picture.</summary>
    internal bool AreTogether(int first, int count) => first >= 0 && first + count <= Height && (Rows == Height || first % Rows + count <= Rows);

    /// <summary>The first channel of a pixel of the first picture.</summary>
    public float* Pixel(int y, int x) => Data + (y < Rows ? y : y % Rows) * RowStride + (nint)x * PixelStride;
}
