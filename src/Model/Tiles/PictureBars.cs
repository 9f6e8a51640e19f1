using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Bars around a picture: rows and columns at its sides that hold one colour.</summary>
/// <param name="Left">Columns.</param>
/// <param name="Top">Rows.</param>
/// <param name="Right">Columns.</param>
/// <param name="Bottom">Rows.</param>
internal readonly record struct PictureBars(int Left, int Top, int Right, int Bottom)
{
    // The network looks at so much of a bar at least: what moves beside it goes under it.
    private const int Seen = 8;

    // Below this share of the picture, leaving bars out is not worth a size of its own.
    private const double LeastShare = 1.0 / 16;

    /// <summary>The bars of a frame; none where all of it is of one colour.</summary>
    /// <param name="frame">The frame.</param>
    public static PictureBars Of(PlanarFrame frame)
    {
        using ColourRows rows = new(frame);
        Span<float> colour = stackalloc float[4];
        for (int plane = 0; plane < frame.SampleCount; plane++)
        {
            colour[plane] = rows.Sample(plane, 0)[0];
        }

        int top = 0, bottom = 0;
        while (top < frame.Height && LeadingColumns(rows, frame, top, colour) == frame.Width)
        {
            top++;
        }

        if (top == frame.Height)
        {
            return default;
        }

        while (LeadingColumns(rows, frame, frame.Height - 1 - bottom, colour) == frame.Width)
        {
            bottom++;
        }

        int left = frame.Width, right = frame.Width;
        for (int y = top; y < frame.Height - bottom && left + right > 0; y++)
        {
            left = left == 0 ? 0 : Math.Min(left, LeadingColumns(rows, frame, y, colour));
            right = right == 0 ? 0 : Math.Min(right, TrailingColumns(rows, frame, y, colour));
        }

        return new(left, top, right, bottom);
    }

    /// <summary>The part of both frames between bars that both have in one colour; null where that is hardly less than the whole.</summary>
    /// <param name="first">The earlier frame, whose bars these are.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="others">The later frame's bars.</param>
    /// <param name="multiple">The network's size multiple: the part begins on it, so that its coarse grids fall as on the whole frame.</param>
    public Tile? Inside(PlanarFrame first, PlanarFrame second, PictureBars others, int multiple)
    {
        PictureBars common = new(Math.Min(Left, others.Left), Math.Min(Top, others.Top), Math.Min(Right, others.Right), Math.Min(Bottom, others.Bottom));
        int left = LeftOut(common.Left, multiple), top = LeftOut(common.Top, multiple);
        int right = first.Width - LeftOut(common.Right, multiple), bottom = first.Height - LeftOut(common.Bottom, multiple);
        int width = right - left, height = bottom - top;
        bool isWorthIt = (long)width * height <= first.PlaneLength * (1 - LeastShare);
        return isWorthIt && HaveOneColour(first, second) ? new(left, top, width, height, left, top, right, bottom) : null;
    }

    /// <summary>Copies what lies around a part from the earlier frame.</summary>
    /// <param name="inside">The part.</param>
    /// <param name="first">The earlier frame.</param>
    /// <param name="between">The frame between.</param>
    public static void Fill(Tile inside, PlanarFrame first, PlanarFrame between)
    {
        using ColourRows rows = new(first);
        for (int y = 0; y < between.Height; y++)
        {
            bool crosses = y >= inside.Y && y < inside.Y + inside.Height;
            if (crosses && inside.Width == between.Width)
            {
                continue;
            }

            for (int plane = 0; plane < between.SampleCount; plane++)
            {
                ReadOnlySpan<float> source = rows.Sample(plane, y);
                Span<float> target = between.SamplePlane(plane).Slice(y * between.Width, between.Width);
                if (crosses)
                {
                    source[..inside.X].CopyTo(target);
                    source[(inside.X + inside.Width)..].CopyTo(target[(inside.X + inside.Width)..]);
                }
                else
                {
                    source.CopyTo(target);
                }
            }
        }
    }

    private static int LeftOut(int bar, int multiple) => Math.Max(0, bar - Seen) / multiple * multiple;

    private static bool HaveOneColour(PlanarFrame first, PlanarFrame second)
    {
        using ColourRows one = new(first), other = new(second);
        for (int plane = 0; plane < first.SampleCount; plane++)
        {
            if (one.Sample(plane, 0)[0] != other.Sample(plane, 0)[0])
            {
                return false;
            }
        }

        return true;
    }

    private static int LeadingColumns(ColourRows rows, PlanarFrame frame, int y, ReadOnlySpan<float> colour)
    {
        int columns = frame.Width;
        for (int plane = 0; plane < frame.SampleCount; plane++)
        {
            int other = rows.Sample(plane, y)[..columns].IndexOfAnyExcept(colour[plane]);
            columns = other < 0 ? columns : other;
        }

        return columns;
    }

    private static int TrailingColumns(ColourRows rows, PlanarFrame frame, int y, ReadOnlySpan<float> colour)
    {
        int columns = frame.Width;
        for (int plane = 0; plane < frame.SampleCount; plane++)
        {
            int other = rows.Sample(plane, y)[^columns..].LastIndexOfAnyExcept(colour[plane]);
            columns = other < 0 ? columns : columns - 1 - other;
        }

        return columns;
    }
}
