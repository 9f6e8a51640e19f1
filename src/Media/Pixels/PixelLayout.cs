using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AdaConv.Media.Libav;
using AdaConv.Pictures;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>
/// The layout of one of libav's pixel formats of integers of 8 to 16 bits. Other formats (paletted, bit-packed, floating point, Bayer) have none.
/// </summary>
internal sealed unsafe class PixelLayout : PictureLayout
{
    private const ulong Unsupported =
        AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT;

    private static readonly ConcurrentDictionary<AVPixelFormat, PixelLayout?> Layouts = new();

    private PixelLayout(AVPixelFormat format, string name, AVPixFmtDescriptor* descriptor)
        : base(
            Components(descriptor),
            (descriptor->flags & AV_PIX_FMT_FLAG_RGB) != 0,
            (descriptor->flags & AV_PIX_FMT_FLAG_ALPHA) != 0,
            descriptor->log2_chroma_w,
            descriptor->log2_chroma_h)
    {
        Format = format;
        Name = name;
        IsFullRangeByName = name.StartsWith("yuvj", StringComparison.Ordinal);
    }

    /// <summary>libav's value.</summary>
    public AVPixelFormat Format { get; }

    /// <summary>FFmpeg's name.</summary>
    public string Name { get; }

    /// <summary>Whether the name says that codes use the whole range (yuvj…).</summary>
    public bool IsFullRangeByName { get; }

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
            if (alpha.IsWholeByte)
            {
                if (new ReadOnlySpan<byte>(row, frame.Width).ContainsAnyExcept(byte.MaxValue))
                {
                    return false;
                }

                continue;
            }

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

    /// <summary>Where the planes of a picture of this layout lie.</summary>
    public PictureMemory MemoryOf(VideoFrame frame)
    {
        PictureMemory memory = default;
        for (int plane = 0; plane < PlaneCount; plane++)
        {
            memory.Set(plane, frame.Pointer->data[(uint)plane], frame.Pointer->linesize[(uint)plane]);
        }

        return memory;
    }

    private static SampleLayout[] Components(AVPixFmtDescriptor* descriptor)
    {
        bool bigEndian = (descriptor->flags & AV_PIX_FMT_FLAG_BE) != 0;
        SampleLayout[] components = new SampleLayout[descriptor->nb_components];
        for (uint c = 0; c < components.Length; c++)
        {
            AVComponentDescriptor component = descriptor->comp[c];
            components[c] = new(component.plane, component.step, component.offset, component.shift, component.depth, bigEndian, SharesUnits: false);
        }

        return components;
    }

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
