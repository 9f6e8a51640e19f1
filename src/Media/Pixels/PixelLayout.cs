using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>
/// How the samples of a pixel format lie in memory: planar, semi-planar or packed integers of 8 to 16 bits, Y U V (A), R G B (A) or
/// grey (and alpha). Other formats (paletted, bit-packed, floating point, Bayer) have no layout here.
/// </summary>
internal sealed unsafe class PixelLayout
{
    private const ulong Unsupported =
        AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT;

    private static readonly ConcurrentDictionary<AVPixelFormat, PixelLayout?> Layouts = new();
    private readonly SampleLayout[] _components;

    private PixelLayout(AVPixelFormat format, string name, AVPixFmtDescriptor* descriptor)
    {
        Format = format;
        Name = name;
        IsRgb = (descriptor->flags & AV_PIX_FMT_FLAG_RGB) != 0;
        HasAlpha = (descriptor->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
        IsGray = descriptor->nb_components < 3;
        IsFullRangeByName = name.StartsWith("yuvj", StringComparison.Ordinal);
        ChromaShiftX = descriptor->log2_chroma_w;
        ChromaShiftY = descriptor->log2_chroma_h;
        Depth = descriptor->comp[0u].depth;
        bool bigEndian = (descriptor->flags & AV_PIX_FMT_FLAG_BE) != 0;
        Span<int> perPlane = stackalloc int[4];
        for (uint c = 0; c < descriptor->nb_components; c++)
        {
            perPlane[descriptor->comp[c].plane]++;
            PlaneCount = Math.Max(PlaneCount, descriptor->comp[c].plane + 1);
        }

        _components = new SampleLayout[descriptor->nb_components];
        for (uint c = 0; c < descriptor->nb_components; c++)
        {
            AVComponentDescriptor component = descriptor->comp[c];
            int bytes = component.depth + component.shift > 8 ? 2 : 1;
            bool shared = perPlane[component.plane] > 1 || component.step > bytes;
            _components[c] = new(component.plane, component.step, component.offset, component.shift, component.depth, bigEndian, shared);
        }
    }

    /// <summary>libav's value.</summary>
    public AVPixelFormat Format { get; }

    /// <summary>FFmpeg's name.</summary>
    public string Name { get; }

    /// <summary>Whether the components are R, G, B.</summary>
    public bool IsRgb { get; }

    /// <summary>Whether the last component is opacity.</summary>
    public bool HasAlpha { get; }

    /// <summary>Whether there is no colour: one component, or two with alpha.</summary>
    public bool IsGray { get; }

    /// <summary>Whether the name says that codes use the whole range (yuvj…).</summary>
    public bool IsFullRangeByName { get; }

    /// <summary>Components: 1 to 4.</summary>
    public int ComponentCount => _components.Length;

    /// <summary>Planes: 1 to 4.</summary>
    public int PlaneCount { get; }

    /// <summary>Bits of a sample of the first component.</summary>
    public int Depth { get; }

    /// <summary>Logarithm of the luma columns per chroma column.</summary>
    public int ChromaShiftX { get; }

    /// <summary>Logarithm of the luma rows per chroma row.</summary>
    public int ChromaShiftY { get; }

    /// <summary>The layout of a pixel format, null where it has none here.</summary>
    public static PixelLayout? Of(AVPixelFormat format) => Layouts.GetOrAdd(format, static key => Describe(key));

    /// <summary>The layout of a pixel format by FFmpeg's name, null where it has none here.</summary>
    public static PixelLayout? Named(string name) => Of(av_get_pix_fmt(name));

    /// <summary>FFmpeg's name of a frame's pixel format.</summary>
    public static string NameOf(VideoFrame frame) => av_get_pix_fmt_name(frame.Format) ?? "unknown";

    /// <summary>The format of frames that are not encoded: the wanted one, or the frame's own where it has a layout, else rgb24.</summary>
    /// <param name="frame">The first decoded frame.</param>
    /// <param name="wanted">FFmpeg's name, or null.</param>
    /// <param name="path">The input, for messages.</param>
    /// <exception cref="MediaException">The wanted format does not exist or has no layout.</exception>
    public static PixelLayout Choose(VideoFrame frame, string? wanted, string path)
    {
        PixelLayout? layout = wanted is not null ? Named(wanted) : Of(frame.Format) ?? Of(AVPixelFormat.AV_PIX_FMT_RGB24);
        return layout ?? throw new MediaException(
            "Reading", path, $"{wanted} is not supported as the format of frames", "Choose rgb24, rgba, yuv420p, yuv444p16le or another integer format.");
    }

    /// <summary>Where a component's samples lie.</summary>
    public ref readonly SampleLayout Component(int index) => ref _components[index];

    /// <summary>Logarithms of the luma columns and rows per sample of a component.</summary>
    public (int X, int Y) Shifts(int component) =>
        !IsRgb && !IsGray && component is 1 or 2 ? (ChromaShiftX, ChromaShiftY) : (0, 0);

    /// <summary>Bytes of a plane's row that hold samples.</summary>
    public int RowBytes(int plane, int width)
    {
        int bytes = 0;
        for (int c = 0; c < _components.Length; c++)
        {
            if (_components[c].Plane == plane)
            {
                bytes = Math.Max(bytes, Ceil(width, Shifts(c).X) * _components[c].UnitBytes);
            }
        }

        return bytes;
    }

    /// <summary>Rows of a plane.</summary>
    public int Rows(int plane, int height)
    {
        int rows = 0;
        for (int c = 0; c < _components.Length; c++)
        {
            if (_components[c].Plane == plane)
            {
                rows = Math.Max(rows, Ceil(height, Shifts(c).Y));
            }
        }

        return rows;
    }

    /// <summary>A hash of a picture's samples, as hexadecimal digits: equal for pictures that are equal bit for bit, and for hardly any others.</summary>
    public string Hash(VideoFrame frame)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int plane = 0; plane < PlaneCount; plane++)
        {
            int bytes = RowBytes(plane, frame.Width), rows = Rows(plane, frame.Height);
            for (int y = 0; y < rows; y++)
            {
                hash.AppendData(new ReadOnlySpan<byte>(frame.Pointer->data[(uint)plane] + ((long)y * frame.Pointer->linesize[(uint)plane]), bytes));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Whether two pictures of this layout are equal bit for bit; false where size or format differ.</summary>
    public bool HoldsSamePicture(VideoFrame one, VideoFrame other)
    {
        if (one.Width != other.Width || one.Height != other.Height || one.Format != other.Format)
        {
            return false;
        }

        for (uint plane = 0; plane < PlaneCount; plane++)
        {
            byte* a = one.Pointer->data[plane], b = other.Pointer->data[plane];
            if (a == b)
            {
                continue;
            }

            int bytes = RowBytes((int)plane, one.Width);
            int rows = Rows((int)plane, one.Height);
            for (int y = 0; y < rows; y++)
            {
                ReadOnlySpan<byte> first = new(a + ((long)y * one.Pointer->linesize[plane]), bytes);
                if (!first.SequenceEqual(new ReadOnlySpan<byte>(b + ((long)y * other.Pointer->linesize[plane]), bytes)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether nothing shines through a picture of this layout; true where the layout has no alpha.</summary>
    public bool IsOpaque(VideoFrame frame)
    {
        if (!HasAlpha)
        {
            return true;
        }

        ref readonly SampleLayout alpha = ref Component(ComponentCount - 1);
        for (int y = 0; y < frame.Height; y++)
        {
            byte* row = frame.Pointer->data[(uint)alpha.Plane] + ((long)y * frame.Pointer->linesize[(uint)alpha.Plane]);
            for (int x = 0; x < frame.Width; x++)
            {
                if (alpha.Read(row, x) != alpha.Mask)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static int Ceil(int length, int shift) => (length + (1 << shift) - 1) >> shift;

    private static PixelLayout? Describe(AVPixelFormat format)
    {
        AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
        if (descriptor == null || descriptor->nb_components == 0 || (descriptor->flags & Unsupported) != 0)
        {
            return null;
        }

        for (uint c = 0; c < descriptor->nb_components; c++)
        {
            if (descriptor->comp[c].depth is < 8 or > 16)
            {
                return null;
            }
        }

        string name = Marshal.PtrToStringUTF8((nint)descriptor->name)!;
        // CIE XYZ is no picture in R'G'B' terms; in uyyvyy411 luma samples are not evenly spaced.
        return name.StartsWith("xyz", StringComparison.Ordinal) || name == "uyyvyy411" ? null : new(format, name, descriptor);
    }
}
