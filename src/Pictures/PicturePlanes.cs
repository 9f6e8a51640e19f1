using System.Runtime.InteropServices;
using AdaConv.Engine;

namespace AdaConv.Pictures;

/// <summary>The one conversion between a picture and float planes, both ways, for one layout, size and set of colour tags.</summary>
/// <remarks>
/// Samples are the picture's own components. Chroma is brought to full size by replication and back by the mean of each block, so that
/// there and back gives every code again; Y, U, V and grey keep their code values, R, G, B (and their alpha) are divided by the
/// largest code. Values are rounded once, halves to even, and clipped only to what the code width holds. See docs/numerics.md.
/// </remarks>
internal sealed unsafe class PicturePlanes : IDisposable
{
    private readonly PictureLayout _layout;
    private readonly ColorTransform _toRgb;
    private readonly int _width;
    private readonly int _height;
    private readonly float _scale;
    private float* _row;
    private float* _sum;

    /// <summary>A converter for pictures of one kind.</summary>
    /// <param name="layout">Where the samples lie.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="matrix">The matrix of Y, U, V; unused for RGB.</param>
    /// <param name="fullRange">Whether codes use the whole range.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public PicturePlanes(PictureLayout layout, int width, int height, ColorMatrix matrix, bool fullRange)
    {
        _layout = layout;
        _width = width;
        _height = height;
        _scale = layout.IsRgb ? 1f / layout.Component(0).Mask : 1f;
        _toRgb = ColorTransform.Create(matrix, fullRange, layout.Depth);
        try
        {
            _row = NativeFloats.Allocate(width + 64);
            _sum = NativeFloats.Allocate(width + 64);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    ~PicturePlanes() => Free();

    /// <summary>Planes of the size and kind that these pictures need.</summary>
    public PlanarFrame CreatePlanes() => new(_width, _height, _layout.ComponentCount, _layout.IsRgb, _layout.Depth)
    {
        Colouring = FillColours,
        IsSubsampled = _layout.ComponentCount > 2 && _layout.Shifts(1) != (0, 0),
    };

    /// <summary>Picture → planes: the samples, and R, G, B for the network.</summary>
    /// <exception cref="ArgumentException">The planes are of another size or kind.</exception>
    public void Read(in PictureMemory picture, PlanarFrame planes)
    {
        CheckMatch(planes);
        for (int y = 0; y < _height; y++)
        {
            for (int c = 0; c < _layout.ComponentCount; c++)
            {
                ReadRow(in picture, c, y, SampleRowOf(planes, c, y));
            }

            if (!_layout.IsRgb)
            {
                FillRgb(planes, y);
            }
        }

        planes.NumberPicture();
    }

    /// <summary>One row of a picture → floats; the same as in <see cref="Read"/>.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="y">The row.</param>
    /// <param name="samples">Receives the samples [P, W].</param>
    /// <param name="colours">Receives R, G, B [3, W]; left alone where they are the samples.</param>
    public void ReadRow(in PictureMemory picture, int y, float* samples, float* colours)
    {
        for (int c = 0; c < _layout.ComponentCount; c++)
        {
            LoadRow(in picture, c, y, samples + ((long)c * _width));
        }

        if (!_layout.IsRgb)
        {
            FillRgb(samples, _width, colours, _width);
        }
    }

    // Makes R, G, B of the samples anew.
    private void FillColours(PlanarFrame planes)
    {
        for (int y = 0; y < _height; y++)
        {
            FillRgb(planes, y);
        }
    }

    /// <summary>Sample planes → picture. Planes may have an alpha that the picture has not.</summary>
    /// <exception cref="ArgumentException">The planes are of another size or kind.</exception>
    public void Write(PlanarFrame planes, in PictureMemory picture)
    {
        CheckMatch(planes);
        ClearSharedPlanes(in picture);
        for (int c = 0; c < _layout.ComponentCount; c++)
        {
            ref readonly SampleLayout component = ref _layout.Component(c);
            (int shiftX, int shiftY) = _layout.Shifts(c);
            float scale = _layout.IsRgb ? component.Mask : 1f;
            int rows = (_height + (1 << shiftY) - 1) >> shiftY;
            int columns = (_width + (1 << shiftX) - 1) >> shiftX;
            for (int y = 0; y < rows; y++)
            {
                float* samples = shiftX == 0 && shiftY == 0 ? SampleRowOf(planes, c, y) : Reduce(planes, c, y, shiftX, shiftY);
                SampleRow.Store(samples, scale, picture.Row(component.Plane, y), component, columns);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private float* SampleRowOf(PlanarFrame planes, int component, int y) =>
        planes.Samples + (component * planes.PlaneLength) + ((long)y * _width);

    private void ReadRow(in PictureMemory picture, int c, int y, float* target)
    {
        (_, int shiftY) = _layout.Shifts(c);
        if ((y & ((1 << shiftY) - 1)) != 0)
        {
            NativeMemory.Copy(target - _width, target, (nuint)_width * sizeof(float));
            return;
        }

        LoadRow(in picture, c, y, target);
    }

    private void LoadRow(in PictureMemory picture, int c, int y, float* target)
    {
        ref readonly SampleLayout component = ref _layout.Component(c);
        (int shiftX, int shiftY) = _layout.Shifts(c);
        byte* source = picture.Row(component.Plane, y >> shiftY);
        if (shiftX == 0)
        {
            SampleRow.Load(source, component, _scale, target, _width);
            return;
        }

        SampleRow.Load(source, component, _scale, _row, (_width + (1 << shiftX) - 1) >> shiftX);
        SampleRow.Replicate(_row, target, shiftX, _width);
    }

    private void FillRgb(PlanarFrame planes, int y) =>
        FillRgb(SampleRowOf(planes, 0, y), planes.PlaneLength, planes.Rgb + ((long)y * _width), planes.PlaneLength);

    // A row of samples → R, G, B; both with a number of floats from one plane to the next.
    private void FillRgb(float* samples, long samplePlane, float* red, long colourPlane)
    {
        bool gray = _layout.IsGray;

        // Grey runs through the same map with neutral chroma: the row of zeros stands for code values of the zero of chroma.
        float* u = gray ? NeutralRow() : samples + samplePlane;
        float* v = gray ? u : samples + (2 * samplePlane);
        SampleRow.Transform(_toRgb, samples, u, v, red, red + colourPlane, red + (2 * colourPlane), _width);
    }

    private float* NeutralRow()
    {
        new Span<float>(_row, _width).Fill(128f * (1 << (_layout.Depth - 8)));
        return _row;
    }

    private float* Reduce(PlanarFrame planes, int component, int y, int shiftX, int shiftY)
    {
        int first = y << shiftY;
        int rows = Math.Min(1 << shiftY, _height - first);
        float* source = SampleRowOf(planes, component, first);
        float* sum = source;
        if (rows > 1)
        {
            sum = _sum;
            NativeMemory.Copy(source, sum, (nuint)_width * sizeof(float));
            for (int row = 1; row < rows; row++)
            {
                SampleRow.Add(sum, source + ((long)row * _width), _width);
            }
        }

        SampleRow.BlockMeans(sum, rows, _row, shiftX, _width);
        return _row;
    }

    private void ClearSharedPlanes(in PictureMemory picture)
    {
        int cleared = 0;
        for (int c = 0; c < _layout.ComponentCount; c++)
        {
            ref readonly SampleLayout component = ref _layout.Component(c);
            if (!component.SharesUnits || (cleared & (1 << component.Plane)) != 0)
            {
                continue;
            }

            cleared |= 1 << component.Plane;
            int bytes = _layout.RowBytes(component.Plane, _width);
            for (int y = 0; y < _layout.Rows(component.Plane, _height); y++)
            {
                NativeMemory.Clear(picture.Row(component.Plane, y), (nuint)bytes);
            }
        }
    }

    private void CheckMatch(PlanarFrame planes)
    {
        if (planes.Width != _width || planes.Height != _height || planes.SampleCount < _layout.ComponentCount)
        {
            throw new ArgumentException("The planes were made for other pictures.", nameof(planes));
        }
    }

    private void Free()
    {
        NativeFloats.Free(_row);
        NativeFloats.Free(_sum);
        _row = _sum = null;
    }
}
