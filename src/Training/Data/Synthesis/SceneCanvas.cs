using System.Runtime.Intrinsics;

namespace AdaConv.Training.Data.Synthesis;

/// <summary>Draws layers at twice the picture's size, bilinearly, and averages 2×2 samples: edges come out smooth and no phase blurs more
/// than another.</summary>
/// <remarks>Positions are rounded to 1/256 sample, colours to a byte at each step.</remarks>
internal sealed unsafe class SceneCanvas
{
    /// <summary>Samples a pixel, each way.</summary>
    public const int Samples = 2;

    /// <summary>Entries of a curve: the sums of 2×2 bytes.</summary>
    public const int CurveLength = Samples * Samples * 255 + 1;

    private const int Lanes = 8;
    private readonly int _width; // in samples
    private readonly byte* _samples; // [width, width] R, G, B, A
    private readonly byte* _row;
    private readonly int* _offsets;
    private readonly int* _weights;
    private readonly PinnedPixels _memory;

    /// <summary>A canvas for square pictures.</summary>
    /// <param name="size">Their width and height in pixels.</param>
    public SceneCanvas(int size)
    {
        Size = size;
        _width = Samples * size;
        int row = _width + Lanes; // positions are found that many at a time
        _memory = new PinnedPixels(_width * _width + 3 * row);
        _samples = _memory.Pointer;
        _row = _samples + (long)_width * _width * Texture.PixelLength;
        _offsets = (int*)_row + row;
        _weights = _offsets + row;
    }

    /// <summary>Width and height of the picture in pixels.</summary>
    public int Size { get; }

    /// <summary>Draws a layer over what is there.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="time">0 to 1.</param>
    /// <param name="covers">Whether it fills the picture, its edges repeated where it is too small; true for the first one drawn.</param>
    public void Draw(in SceneLayer layer, double time, bool covers)
    {
        Homography map = layer.ToTexture(time);
        var (left, top, right, bottom) = covers ? (0, 0, _width, _width) : Bounds(map.Inverse(), layer.Texture);
        for (int y = top; y < bottom; y++)
        {
            byte* target = _samples + ((long)y * _width + left) * Texture.PixelLength;
            int count = right - left;
            Locate(map, layer.Texture, left, y, count);
            if (covers)
            {
                Sample(layer.Texture, (uint*)target, count);
            }
            else
            {
                Sample(layer.Texture, (uint*)_row, count);
                PutOver(_row, target, count);
            }
        }
    }

    /// <summary>Averages the samples into planes.</summary>
    /// <param name="curve">What each sum of 2×2 samples becomes.</param>
    /// <param name="planes">[3, size, size]: R, G, B.</param>
    public void Resolve(ReadOnlySpan<byte> curve, Span<byte> planes)
    {
        int plane = Size * Size;
        for (int y = 0; y < Size; y++)
        {
            byte* upper = _samples + (long)Samples * y * _width * Texture.PixelLength, lower = upper + _width * Texture.PixelLength;
            Span<byte> red = planes.Slice(y * Size, Size), green = planes.Slice(plane + y * Size, Size), blue = planes.Slice(2 * plane + y * Size, Size);
            for (int x = 0; x < Size; x++)
            {
                Vector128<ushort> sums = Widen(upper + 8 * x) + Widen(lower + 8 * x);
                ulong sum = (sums + SwapHalves(sums)).AsUInt64().ToScalar();
                red[x] = curve[(ushort)sum];
                green[x] = curve[(ushort)(sum >> 16)];
                blue[x] = curve[(ushort)(sum >> 32)];
            }
        }
    }

    private (int Left, int Top, int Right, int Bottom) Bounds(in Homography toCanvas, Texture texture)
    {
        double left = _width, top = _width, right = 0, bottom = 0;
        for (int corner = 0; corner < 4; corner++)
        {
            var (x, y) = toCanvas.Map((corner & 1) * texture.Width, (corner >> 1) * texture.Height);
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }

        int first = Math.Clamp((int)Math.Floor(left), 0, _width), upper = Math.Clamp((int)Math.Floor(top), 0, _width);
        return (first, upper, Math.Clamp((int)Math.Ceiling(right), first, _width), Math.Clamp((int)Math.Ceiling(bottom), upper, _width));
    }

    // Where each sample of a row lies in the texture: the offset of the upper left of four pixels, and the weights of the right and the lower ones.
    private void Locate(in Homography map, Texture texture, int x, int y, int count)
    {
        const float One = 256;
        Vector256<float> column = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        double across = x + 0.5, down = y + 0.5;
        Vector256<float> u = Vector256.Create((float)(map.A * across + map.B * down + map.C)) + (float)map.A * column;
        Vector256<float> v = Vector256.Create((float)(map.D * across + map.E * down + map.F)) + (float)map.D * column;
        Vector256<float> w = Vector256.Create((float)(map.G * across + map.H * down + map.I)) + (float)map.G * column;
        Vector256<float> stepU = Vector256.Create((float)map.A * Lanes), stepV = Vector256.Create((float)map.D * Lanes),
            stepW = Vector256.Create((float)map.G * Lanes);
        Vector256<float> lastU = Vector256.Create((texture.Width - 1) * One - 1), lastV = Vector256.Create((texture.Height - 1) * One - 1);
        for (int i = 0; i < count; i += Lanes)
        {
            Vector256<float> scale = Vector256.Create(One) / Vector256.Max(w, Vector256.Create(1e-3f));
            // Less half a pixel, to its middle; plus half a unit, to round.
            Vector256<float> half = Vector256.Create(One / 2 - 0.5f);
            Vector256<int> right = Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(u * scale - half, Vector256<float>.Zero), lastU));
            Vector256<int> lower = Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(v * scale - half, Vector256<float>.Zero), lastV));
            ((lower >> 8) * texture.Stride + (right >> 8) * Texture.PixelLength).Store(_offsets + i);
            ((right & Vector256.Create(255)) | ((lower & Vector256.Create(255)) << 16)).Store(_weights + i);
            u += stepU;
            v += stepV;
            w += stepW;
        }
    }

    private void Sample(Texture texture, uint* target, int count)
    {
        Vector128<ushort> left = Vector128.Create(ulong.MaxValue, 0).AsUInt16();
        for (int i = 0; i < count; i++)
        {
            byte* upper = texture.Pixels + _offsets[i];
            ushort right = (ushort)_weights[i], lower = (ushort)(_weights[i] >> 16);
            Vector128<ushort> mixed = Mix(Widen(upper), Widen(upper + texture.Stride), Vector128.Create(lower));
            Vector128<ushort> both = mixed * Vector128.ConditionalSelect(left, Vector128.Create((ushort)(256 - right)), Vector128.Create(right));
            Vector128<ushort> one = (both + SwapHalves(both) + Vector128.Create((ushort)128)) >>> 8;
            target[i] = Vector128.Narrow(one, one).AsUInt32().ToScalar();
        }
    }

    // target = source + target · (255 − alpha) / 255, four pixels at a time; both rows are that much longer or go on in the picture.
    private static void PutOver(byte* source, byte* target, int count)
    {
        Vector128<byte> alphas = Vector128.Create((byte)3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            Vector128<byte> above = Vector128.Load(source + 4 * i);
            if (above == Vector128<byte>.Zero)
            {
                continue;
            }

            Over(above, Vector128.Load(target + 4 * i)).Store(target + 4 * i);
        }

        for (; i < count; i++)
        {
            Vector128<byte> above = Vector128.CreateScalar(((uint*)source)[i]).AsByte(), below = Vector128.CreateScalar(((uint*)target)[i]).AsByte();
            ((uint*)target)[i] = Over(above, below).AsUInt32().ToScalar();
        }

        Vector128<byte> Over(Vector128<byte> above, Vector128<byte> below)
        {
            Vector128<byte> rest = ~Vector128.Shuffle(above, alphas);
            return above + Vector128.Narrow(
                Divide(Vector128.WidenLower(below) * Vector128.WidenLower(rest)), Divide(Vector128.WidenUpper(below) * Vector128.WidenUpper(rest)));
        }

        // By 255, rounded.
        static Vector128<ushort> Divide(Vector128<ushort> value)
        {
            Vector128<ushort> rounded = value + Vector128.Create((ushort)128);
            return (rounded + (rounded >>> 8)) >>> 8;
        }
    }

    private static Vector128<ushort> SwapHalves(Vector128<ushort> value) => Vector128.Shuffle(value.AsUInt64(), Vector128.Create(1ul, 0)).AsUInt16();

    private static Vector128<ushort> Widen(byte* twoPixels) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)twoPixels).AsByte());

    private static Vector128<ushort> Mix(Vector128<ushort> first, Vector128<ushort> second, Vector128<ushort> weight) =>
        (first * (Vector128.Create((ushort)256) - weight) + second * weight + Vector128.Create((ushort)128)) >>> 8;
}
