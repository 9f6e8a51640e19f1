using FFmpeg.AutoGen;

namespace AdaConv.Media.Libav;

/// <summary>Pictures that are written over and over: one is free again when nobody else refers to it any more. Not thread-safe.</summary>
internal sealed class PicturePool : IDisposable
{
    private readonly List<VideoFrame> _pictures = [];

    /// <summary>A bare picture to write to, contents undefined. It stays the pool's: hand references on.</summary>
    public VideoFrame Rent(int width, int height, AVPixelFormat format)
    {
        foreach (VideoFrame picture in _pictures)
        {
            if (picture.HasOwnPicture(width, height, format))
            {
                return picture;
            }
        }

        // The pool's from the beginning, also where there is no memory for the picture.
        VideoFrame added = new();
        _pictures.Add(added);
        added.Allocate(width, height, format);
        return added;
    }

    /// <summary>The same, as large as a frame and of its pixel format.</summary>
    public VideoFrame RentLike(VideoFrame frame) => Rent(frame.Width, frame.Height, frame.Format);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (VideoFrame picture in _pictures)
        {
            picture.Dispose();
        }

        _pictures.Clear();
    }
}
