using AdaConv.Pictures;

namespace AdaConv.Plugin;

/// <summary>What frames look like: a checked adaconv_format.</summary>
/// <param name="Layout">Where samples lie.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Matrix">The matrix of Y'CbCr.</param>
/// <param name="FullRange">Whether codes use the whole range.</param>
internal sealed record PictureKind(PictureLayout Layout, int Width, int Height, ColorMatrix Matrix, bool FullRange)
{
    private const uint LargestSide = 65536;
    private const int LastSiting = 6;
    /// <summary>Checks a caller's format.</summary>
    /// <exception cref="PluginException">A value is out of its range; the message names it.</exception>
    public static PictureKind Of(in NativeFormat format)
    {
        Require(format.Width is >= 1 and <= LargestSide, "width", format.Width, "1 to 65536");
        Require(format.Height is >= 1 and <= LargestSide, "height", format.Height, "1 to 65536");
        Require(format.Family is >= 0 and <= 2, "family", format.Family, "ADACONV_YCBCR, ADACONV_RGB or ADACONV_GREY");
        Require(format.HasAlpha <= 1, "has_alpha", format.HasAlpha, "0 or 1");
        Require(format.Range is >= 0 and <= 2, "range", format.Range, "one of ADACONV_RANGE_...");
        Require(format.Siting is >= 0 and <= LastSiting, "siting", format.Siting, "one of ADACONV_SITING_...");
        Require(format.Matrix == ColorMatrices.Unspecified || ColorMatrices.Of(format.Matrix) is not null, "matrix", format.Matrix,
            "one of ADACONV_MATRIX_...");
        Family family = (Family)format.Family;
        bool subsampled = family == Family.YCbCr;
        uint mostShift = subsampled ? 3u : 0;
        Require(format.ChromaShiftX <= mostShift, "chroma_shift_x", format.ChromaShiftX, subsampled ? "0 to 3" : "0, as there is no chroma");
        Require(format.ChromaShiftY <= mostShift, "chroma_shift_y", format.ChromaShiftY, subsampled ? "0 to 3" : "0, as there is no chroma");
        int count = Count(family, format.HasAlpha);
        SampleLayout[] components = new SampleLayout[count];
        for (int c = 0; c < count; c++)
        {
            components[c] = Check(format.Component[c], c);
            Require(components[c].Depth == components[0].Depth || IsAlpha(c, format, count), $"component[{c}].depth", format.Component[c].Depth,
                "that of the first component");
        }

        PictureLayout layout = new(components, family == Family.Rgb, format.HasAlpha == 1, (int)format.ChromaShiftX, (int)format.ChromaShiftY);
        bool fullRange = format.Range == 0 ? family != Family.YCbCr : format.Range == 2;
        return new(layout, (int)format.Width, (int)format.Height, ColorMatrices.Of(format.Matrix, (int)format.Height), fullRange);
    }

    /// <summary>Fills a format for planes of one component each; see the header.</summary>
    /// <exception cref="PluginException">A value is out of its range.</exception>
    public static NativeFormat Planar(uint size, Family family, uint width, uint height, uint depth, uint shiftX, uint shiftY, uint hasAlpha)
    {
        NativeFormat format = new()
        {
            Size = size,
            Width = width,
            Height = height,
            Family = (int)family,
            Matrix = ColorMatrices.Unspecified,
            HasAlpha = hasAlpha,
            ChromaShiftX = shiftX,
            ChromaShiftY = shiftY,
        };
        if (family is >= Family.YCbCr and <= Family.Grey && hasAlpha <= 1)
        {
            for (int c = 0; c < Count(family, hasAlpha); c++)
            {
                format.Component[c] = new()
                {
                    Plane = (uint)c,
                    Step = depth > 8 ? 2u : 1,
                    Depth = depth,
                    BigEndian = BitConverter.IsLittleEndian ? 0u : 1,
                };
            }
        }

        Of(format);
        return format;
    }

    /// <summary>Where a caller's frame lies.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="PluginException">A plane is missing, or its rows overlap.</exception>
    public PictureMemory MemoryOf(in NativeFrame frame, string name)
    {
        Require(frame.Reserved == 0, $"{name}.reserved", frame.Reserved, "0");
        PictureMemory memory = default;
        for (int plane = 0; plane < Layout.PlaneCount; plane++)
        {
            int bytes = Layout.RowBytes(plane, Width);
            if (bytes == 0)
            {
                continue; // no component lies there
            }

            if (frame.Data[plane] == 0)
            {
                throw new PluginException(Result.Argument, $"{name}.data[{plane}] is null.");
            }

            long stride = frame.Stride[plane];
            Require(stride is > int.MinValue and <= int.MaxValue && Math.Abs(stride) >= bytes, $"{name}.stride[{plane}]", stride,
                $"{bytes} or more bytes, or {-bytes} or less");
            unsafe
            {
                memory.Set(plane, (byte*)frame.Data[plane], stride);
            }
        }

        return memory;
    }

    private static int Count(Family family, uint hasAlpha) => (family == Family.Grey ? 1 : 3) + (int)hasAlpha;

    private static bool IsAlpha(int component, in NativeFormat format, int count) => format.HasAlpha == 1 && component == count - 1;

    private static SampleLayout Check(in NativeComponent component, int index)
    {
        string name = $"component[{index}]";
        Require(component.Plane <= 3, $"{name}.plane", component.Plane, "0 to 3");
        Require(component.Depth is >= 8 and <= 16, $"{name}.depth", component.Depth, "8 to 16");
        Require(component.BigEndian <= 1, $"{name}.big_endian", component.BigEndian, "0 or 1");
        Require(component.Shift <= 16 - component.Depth, $"{name}.shift", component.Shift, $"0 to {16 - component.Depth}");
        Require(component.Step is >= 1 and <= 8, $"{name}.step", component.Step, "1 to 8");
        uint bytes = component.Depth + component.Shift > 8 ? 2u : 1;
        Require(component.Step >= bytes && component.Offset <= component.Step - bytes, $"{name}.offset", component.Offset,
            $"such that {bytes} bytes fit in a step of {component.Step}");
        return new((int)component.Plane, (int)component.Step, (int)component.Offset, (int)component.Shift, (int)component.Depth,
            component.BigEndian == 1, SharesUnits: false);
    }

    private static void Require(bool holds, string name, long value, string allowed)
    {
        if (!holds)
        {
            throw new PluginException(Result.Argument, $"{(name.Contains('.') ? "" : "adaconv_format.")}{name} is {value}; it must be {allowed}.");
        }
    }
}
