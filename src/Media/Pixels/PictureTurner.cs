using System.Runtime.InteropServices;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>
/// Turns pictures upright: every sample is moved as it is. Where chroma is subsampled in one direction only, the other one takes its place
/// (4:2:2 becomes 4:4:0); formats whose pixels do not lie by themselves are first converted to the next one where they do.
/// </summary>
/// <param name="turn">How.</param>
internal sealed unsafe class PictureTurner(PictureTurn turn) : IDisposable
{
    // Rows and columns that are moved together: source and target both stay in the cache.
    private const int Tile = 32;

    private static readonly (AVChromaLocation Location, int X, int Y)[] ChromaPlaces =
    [
        (AVChromaLocation.AVCHROMA_LOC_LEFT, -1, 0), (AVChromaLocation.AVCHROMA_LOC_CENTER, 0, 0), (AVChromaLocation.AVCHROMA_LOC_TOPLEFT, -1, -1),
        (AVChromaLocation.AVCHROMA_LOC_TOP, 0, -1), (AVChromaLocation.AVCHROMA_LOC_BOTTOMLEFT, -1, 1), (AVChromaLocation.AVCHROMA_LOC_BOTTOM, 0, 1),
    ];

    private readonly PicturePool _pictures = new();
    private readonly VideoFrame _turned = new();
    private readonly VideoFrame _converted = new();
    private PixelConverter? _converter;
    private (AVPixelFormat Format, int Width, int Height) _kind;

    /// <summary>Puts the turned picture into the place of a frame's; all else of the frame stays, but what says that it is to be turned.</summary>
    /// <exception cref="MediaException">The pixel format cannot be converted to one that can be turned.</exception>
    public void Turn(VideoFrame frame)
    {
        PixelLayout source = Prepare(frame);
        PixelLayout target = TurnedLayout(source);
        (int width, int height) = turn.SwapsSides ? (frame.Height, frame.Width) : (frame.Width, frame.Height);
        VideoFrame picture = _pictures.Rent(width, height, target.Format);
        for (int plane = 0; plane < source.PlaneCount; plane++)
        {
            Move(frame, picture, source, plane);
        }

        _turned.ReferTo(picture);
        _turned.CopyPropertiesFrom(frame);
        AVFrame* turned = _turned.Pointer;
        av_frame_remove_side_data(turned, AVFrameSideDataType.AV_FRAME_DATA_DISPLAYMATRIX);
        turned->chroma_location = TurnedChroma(turned->chroma_location);
        if (turn.SwapsSides)
        {
            AVRational shape = turned->sample_aspect_ratio;
            turned->sample_aspect_ratio = shape.num > 0 ? new() { num = shape.den, den = shape.num } : shape;
        }

        frame.ReferTo(_turned);
        _turned.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _converter?.Dispose();
        _turned.Dispose();
        _converted.Dispose();
        _pictures.Dispose();
    }

    private static void Move<T>(byte* from, int fromRow, byte* to, long right, long down, int width, int height)
        where T : unmanaged
    {
        for (int top = 0; top < height; top += Tile)
        {
            int bottom = Math.Min(height, top + Tile);
            for (int left = 0; left < width; left += Tile)
            {
                int end = Math.Min(width, left + Tile);
                for (int y = top; y < bottom; y++)
                {
                    T* source = (T*)(from + ((long)y * fromRow));
                    byte* target = to + (left * right) + (y * down);
                    for (int x = left; x < end; x++, target += right)
                    {
                        *(T*)target = source[x];
                    }
                }
            }
        }
    }

    private void Move(VideoFrame frame, VideoFrame picture, PixelLayout layout, int plane)
    {
        int component = Enumerable.Range(0, layout.ComponentCount).First(c => layout.Component(c).Plane == plane);
        int bytes = layout.Component(component).UnitBytes;
        (int shiftX, int shiftY) = layout.Shifts(component);
        int width = (frame.Width + (1 << shiftX) - 1) >> shiftX, height = (frame.Height + (1 << shiftY) - 1) >> shiftY;
        byte* from = frame.Pointer->data[(uint)plane];
        byte* to = picture.Pointer->data[(uint)plane];
        int fromRow = frame.Pointer->linesize[(uint)plane], row = picture.Pointer->linesize[(uint)plane];
        (int rightX, int rightY, int downX, int downY) = turn.Steps;
        long right = (rightX * bytes) + ((long)rightY * row), down = (downX * bytes) + ((long)downY * row);
        to += (right < 0 ? -right * (width - 1) : 0) + (down < 0 ? -down * (height - 1) : 0);
        switch (bytes)
        {
            case 1:
                Move<byte>(from, fromRow, to, right, down, width, height);
                break;
            case 2:
                Move<ushort>(from, fromRow, to, right, down, width, height);
                break;
            case 3:
                Move<ThreeBytes>(from, fromRow, to, right, down, width, height);
                break;
            case 4:
                Move<uint>(from, fromRow, to, right, down, width, height);
                break;
            case 6:
                Move<SixBytes>(from, fromRow, to, right, down, width, height);
                break;
            default:
                Move<ulong>(from, fromRow, to, right, down, width, height);
                break;
        }
    }

    // Brings a frame to a format whose pixels can be moved one by one.
    private PixelLayout Prepare(VideoFrame frame)
    {
        PixelLayout? own = PixelLayout.Of(frame.Format);
        if (own is not null && CanMove(own))
        {
            return own;
        }

        PixelLayout layout = NextMovable(frame, own);
        if (_converter is null || _kind != (frame.Format, frame.Width, frame.Height))
        {
            _kind = (frame.Format, frame.Width, frame.Height);
            _converter?.Dispose();
            _converter = new(layout, frame);
        }

        _converter.Convert(frame, _converted);
        frame.ReferTo(_converted);
        _converted.Clear();
        return layout;
    }

    // In packed 4:2:2, two pixels share their chroma.
    private bool CanMove(PixelLayout layout) =>
        (layout.PlaneCount > 1 || layout.ChromaShiftX == 0) && PixelLayout.Named(TurnedName(layout)) is { } turned && turned.Depth == layout.Depth;

    private PixelLayout NextMovable(VideoFrame frame, PixelLayout? own)
    {
        if (own is null)
        {
            AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(frame.Format);
            bool isDeep = descriptor->comp[0u].depth > 8;
            bool isTransparent = (descriptor->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
            return PixelLayout.Named(isTransparent ? isDeep ? "rgba64le" : "rgba" : isDeep ? "rgb48le" : "rgb24")!;
        }

        string depth = own.Depth > 8 ? $"{own.Depth}le" : "";
        string alpha = own.HasAlpha ? "a" : "";
        string[] planar = [$"yuv{alpha}422p{depth}", $"yuv{alpha}444p{depth}", $"yuv{alpha}444p16le"];
        return planar.Where(name => own.ChromaShiftX <= 1 || !name.Contains("422", StringComparison.Ordinal))
            .Select(PixelLayout.Named).First(layout => layout is not null && CanMove(layout))!;
    }

    private PixelLayout TurnedLayout(PixelLayout layout) => PixelLayout.Named(TurnedName(layout))!;

    // Empty where there is no such format.
    private string TurnedName(PixelLayout layout) =>
        !turn.SwapsSides || layout.ChromaShiftX == layout.ChromaShiftY ? layout.Name
        : layout.Name.Contains("422p", StringComparison.Ordinal) ? layout.Name.Replace("422p", "440p", StringComparison.Ordinal)
        : layout.Name.Contains("440p", StringComparison.Ordinal) ? layout.Name.Replace("440p", "422p", StringComparison.Ordinal)
        : "";

    // Where chroma samples lie among luma samples; places on the right have no name.
    private AVChromaLocation TurnedChroma(AVChromaLocation location)
    {
        int index = Array.FindIndex(ChromaPlaces, place => place.Location == location);
        if (index < 0)
        {
            return AVChromaLocation.AVCHROMA_LOC_UNSPECIFIED;
        }

        (_, int x, int y) = ChromaPlaces[index];
        (int rightX, int rightY, int downX, int downY) = turn.Steps;
        (int X, int Y) turned = ((x * rightX) + (y * downX), (x * rightY) + (y * downY));
        return Array.Find(ChromaPlaces, place => (place.X, place.Y) == turned).Location;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1, Size = 3)]
    private readonly struct ThreeBytes
    {
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1, Size = 6)]
    private readonly struct SixBytes
    {
    }
}
