using System.Globalization;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;

namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// Says where a video's pictures become others than the first: of another size, shape, range or colours, as in joined recordings, or have data of their own.
/// </summary>
/// <param name="first">The first decoded frame, turned as it is shown.</param>
/// <param name="hasDynamicRange">Whether the plan has told that data of single frames' brightness is dropped.</param>
internal sealed unsafe class PictureChanges(VideoFrame first, bool hasDynamicRange)
{
    private const double SmallestStretch = 0.02; // of the width; less is not seen, and broadcasts state 12:11 and 59:54 for the same picture

    private readonly Look _first = Look.Of(first);
    private readonly string? _colors = Named(ColorDescription.Of(first));
    private Look _last = Look.Of(first);
    private bool _hasDynamicRange = hasDynamicRange;

    /// <summary>Tells of a frame that differs from the one before.</summary>
    /// <param name="frame">The frame as decoded, turned as it is shown.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="message">Receives what there is to say.</param>
    public void Tell(VideoFrame frame, long number, Action<string> message)
    {
        if (!_hasDynamicRange && frame.HasDynamicRange)
        {
            _hasDynamicRange = true;
            message($"From frame {number} on, the video has HDR10+ or Dolby Vision data, which describes single frames; it is dropped.");
        }

        Look look = Look.Of(frame), last = _last;
        _last = look;
        if (look == last)
        {
            return;
        }

        if (look.Size != last.Size)
        {
            message(look.Size == _first.Size
                ? $"From frame {number} on, the picture has its first size again."
                : $"From frame {number} on, the picture is {look.Size.Width}×{look.Size.Height}; it is scaled to the first size, "
                    + $"{_first.Size.Width}×{_first.Size.Height}.");
        }

        if (Math.Abs(look.Aspect - last.Aspect) > SmallestStretch * last.Aspect && Math.Abs(look.Aspect - _first.Aspect) > SmallestStretch * _first.Aspect)
        {
            string shapes = string.Create(
                CultureInfo.InvariantCulture, $"{look.Aspect:0.00} times as wide as high, the first {_first.Aspect:0.00} times");
            message($"From frame {number} on, the picture is meant to be shown {shapes}. A file states one shape, so that it is stretched there; "
                + "convert the parts one by one to avoid that.");
        }

        if (look.IsFullRange != last.IsFullRange && look.IsFullRange != _first.IsFullRange)
        {
            string range = look.IsFullRange ? "the full range" : "video range";
            message($"From frame {number} on, colours use {range}; they are brought to that of the first frame.");
        }

        if (look.Colors != last.Colors && look.Colors != _first.Colors && Named(ColorDescription.Of(frame)) is { } colors && _colors is { } stated
            && colors != stated)
        {
            message($"From frame {number} on, the colours are {colors} instead of {stated}, which the output states of all: they look wrong there. "
                + "Convert the parts one by one to avoid that.");
        }
    }

    private static string? Named(ColorDescription colors)
    {
        string name = string.Join('/', new[] { colors.Primaries, colors.Transfer, colors.Matrix }.OfType<string>());
        return name.Length > 0 ? name : null;
    }

    // Of numbers alone, as it is made of every frame.
    private readonly record struct Look((int Width, int Height) Size, double Aspect, bool IsFullRange, (int Primaries, int Transfer, int Matrix) Colors)
    {
        public static Look Of(VideoFrame frame)
        {
            var picture = frame.Pointer;
            var shape = picture->sample_aspect_ratio;
            double pixel = shape is { num: > 0, den: > 0 } ? (double)shape.num / shape.den : 1;
            return new(
                (frame.Width, frame.Height),
                pixel * frame.Width / frame.Height,
                ColorTags.IsFullRange(frame),
                ((int)picture->color_primaries, (int)picture->color_trc, (int)picture->colorspace));
        }
    }
}
