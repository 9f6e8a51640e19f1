using System.Globalization;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Pixels;

/// <summary>Lines of text on frames of rgb24, by libavfilter's drawtext; where that, or any font, is missing, frames stay as they are.</summary>
internal sealed unsafe class FrameCaptions : IDisposable
{
    private readonly FilterGraph? _filter;
    private long _frames;

    /// <summary>Captions of frames of one size.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="size">The letters' size in pixels.</param>
    /// <param name="captions">Letters and spaces, and the upper left corner of each line.</param>
    public FrameCaptions(int width, int height, int size, params IReadOnlyList<(string Text, int X, int Y)> captions)
    {
        string frames = string.Create(
            CultureInfo.InvariantCulture, $"video_size={width}x{height}:pix_fmt={RgbFrames.PixelFormat}:time_base=1/25:pixel_aspect=1/1");
        string lines = string.Join(',', captions.Select(line =>
            string.Create(CultureInfo.InvariantCulture, $"drawtext=text='{line.Text}':x={line.X}:y={line.Y}:fontsize={size}")));
        try
        {
            _filter = new("buffer", frames, $"{lines},format={RgbFrames.PixelFormat}", "Drawing captions", "");
        }
        catch (MediaException)
        {
            // Frames without captions are better than none.
        }
    }

    /// <summary>Draws them.</summary>
    public void Draw(VideoFrame frame)
    {
        if (_filter is not null)
        {
            frame.Pointer->pts = _frames++;
            _filter.Send(frame.Pointer);
            if (!_filter.Receive(frame.Pointer))
            {
                throw new MediaException("Drawing captions", "", "the filter kept a frame back");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _filter?.Dispose();
}
