using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Pictures on a graphics card → the same in the machine's memory, so that everything behind the decoder knows one kind only.</summary>
/// <param name="path">The input, for messages.</param>
internal sealed unsafe class PictureDownload(string path) : IDisposable
{
    private readonly PicturePool _pictures = new();
    private readonly VideoFrame _taken = new();
    private byte* _source;
    private AVPixelFormat _format;

    /// <summary>Whether a frame's picture is on a device.</summary>
    public static bool IsNeededFor(VideoFrame frame) => frame.Pointer->hw_frames_ctx != null;

    /// <summary>Replaces a frame's picture by its copy in memory (of 4:2:0: nv12, p010, p016); times, tags and side data stay.</summary>
    /// <exception cref="MediaException">The card failed.</exception>
    public void Fetch(VideoFrame frame)
    {
        // A new pool of pictures on the card may have another format; the first picture from it is allocated by libav, which knows.
        byte* source = frame.Pointer->hw_frames_ctx->data;
        if (source == _source)
        {
            _taken.ReferTo(_pictures.Rent(frame.Width, frame.Height, _format));
        }

        // Not through the reference: libav writes to what it is given.
        LibavError.Check(av_hwframe_transfer_data(_taken.Pointer, frame.Pointer, 0), "Downloading a picture from the graphics card for", path);
        _source = source;
        _format = _taken.Format;
        _taken.CopyPropertiesFrom(frame);
        frame.Clear();
        av_frame_move_ref(frame.Pointer, _taken.Pointer);

        // On the card libav crops right and bottom only.
        LibavError.Check(av_frame_apply_cropping(frame.Pointer, AV_FRAME_CROP_UNALIGNED), "Cropping a picture of", path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _taken.Dispose();
        _pictures.Dispose();
    }
}
