using System.Numerics;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Bars around a picture: rows and columns at its sides that hold one colour. Plain ground around letters is none: the network looks at
/// it.</summary>
/// <param name="Left">Columns.</param>
/// <param name="Top">Rows.</param>
/// <param name="Right">Columns.</param>
/// <param name="Bottom">Rows.</param>
/// <param name="Colour">Their samples, of planes that the picture has; the first sample of a picture without bars.</param>
internal readonly record struct PictureBars(int Left, int Top, int Right, int Bottom, Vector4 Colour)
{
    // The network looks at so much of a bar at least: what moves beside it goes under it.
    private const int Seen = 16;

    // Below this share of the picture, leaving bars out is not worth a size of its own.
    private const double LeastShare = 1.0 / 16;

    /// <summary>The bars of a frame; none where all of it is of one colour.</summary>
    /// <param name="frame">The frame.</param>
    public static PictureBars Of(PlanarFrame frame)
    {
        using PictureRows rows = new(frame);
        Vector4 colour = default;
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
            return new(0, 0, 0, 0, colour);
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

        PictureBars bars = new(left, top, right, bottom, colour);
        bool isLarge = IsWorthIt(frame.Width - left - right, frame.Height - top - bottom, frame.Width, frame.Height);
        return isLarge && bars.SurroundLetters(rows, frame) ? new(0, 0, 0, 0, colour) : bars;
    }

    /// <summary>The part of a pair between bars that both frames have in one colour; null where that is hardly less than the whole.</summary>
    /// <param name="other">The other frame's bars.</param>
    /// <param name="width">The frames' width.</param>
    /// <param name="height">Their height.</param>
    /// <param name="multiple">The network's size multiple; the part begins on it.</param>
    public Tile? Inside(PictureBars other, int width, int height, int multiple)
    {
        int left = LeftOut(Math.Min(Left, other.Left)) / multiple * multiple, top = LeftOut(Math.Min(Top, other.Top)) / multiple * multiple;
        int right = width - LeftOut(Math.Min(Right, other.Right)), bottom = height - LeftOut(Math.Min(Bottom, other.Bottom));
        bool isLeftOut = IsWorthIt(right - left, bottom - top, width, height) && Colour == other.Colour;
        return isLeftOut ? new(left, top, right - left, bottom - top, left, top, right, bottom) : null;
    }

    /// <summary>Gives what lies around a part of a frame the bars' colour.</summary>
    /// <param name="inside">The part.</param>
    /// <param name="frame">The frame.</param>
    public void Fill(Tile inside, PlanarFrame frame)
    {
        for (int plane = 0; plane < frame.SampleCount; plane++)
        {
            Span<float> samples = frame.SamplePlane(plane);
            samples[..(inside.Y * frame.Width)].Fill(Colour[plane]);
            samples[((inside.Y + inside.Height) * frame.Width)..].Fill(Colour[plane]);
            for (int y = inside.Y; y < inside.Y + inside.Height; y++)
            {
                Span<float> row = samples.Slice(y * frame.Width, frame.Width);
                row[..inside.X].Fill(Colour[plane]);
                row[(inside.X + inside.Width)..].Fill(Colour[plane]);
            }
        }
    }

    /// <summary>Gives cells around a part the motion at its rim, so that a neighbouring pair whose part is larger finds no standstill there.</summary>
    /// <param name="inside">The part.</param>
    /// <param name="flows">Its flows, and room for those around it.</param>
    public static void Extend(Tile inside, MotionField flows)
    {
        int left = Cells(inside.X), top = Cells(inside.Y);
        int right = Math.Max(left + 1, Cells(inside.X + inside.Width)), bottom = Math.Max(top + 1, Cells(inside.Y + inside.Height));
        for (int plane = 0; plane < 4; plane++)
        {
            Span<float> cells = flows.Plane(plane);
            for (int y = top; y < bottom; y++)
            {
                Span<float> row = cells.Slice(y * flows.Width, flows.Width);
                row[..left].Fill(row[left]);
                row[right..].Fill(row[right - 1]);
            }

            ReadOnlySpan<float> first = cells.Slice(top * flows.Width, flows.Width), last = cells.Slice((bottom - 1) * flows.Width, flows.Width);
            for (int y = 0; y < flows.Height; y++)
            {
                if (y < top || y >= bottom)
                {
                    (y < top ? first : last).CopyTo(cells[(y * flows.Width)..]);
                }
            }
        }

        int Cells(int pixels) => (pixels + flows.Cell - 1) / flows.Cell; // that begin before it, as in TileCopy.Cells
    }

    // Whether the picture is of the bars' colour for the most part. Few rows tell.
    private bool SurroundLetters(PictureRows rows, PlanarFrame frame)
    {
        const int step = 4;
        int width = frame.Width - Left - Right;
        long looked = 0, alike = 0;
        for (int y = Top; y < frame.Height - Bottom; y += step, looked += width)
        {
            int same = width;
            for (int plane = 0; plane < frame.SampleCount; plane++)
            {
                same = Math.Min(same, rows.Sample(plane, y).Slice(Left, width).Count(Colour[plane]));
            }

            alike += same;
        }

        return 2 * alike > looked;
    }

    private static bool IsWorthIt(long pictureWidth, long pictureHeight, long width, long height) =>
        pictureWidth * pictureHeight <= width * height * (1 - LeastShare);

    private static int LeftOut(int bar) => Math.Max(0, bar - Seen);

    private static int LeadingColumns(PictureRows rows, PlanarFrame frame, int y, Vector4 colour)
    {
        int columns = frame.Width;
        for (int plane = 0; plane < frame.SampleCount; plane++)
        {
            int other = rows.Sample(plane, y)[..columns].IndexOfAnyExcept(colour[plane]);
            columns = other < 0 ? columns : other;
        }

        return columns;
    }

    private static int TrailingColumns(PictureRows rows, PlanarFrame frame, int y, Vector4 colour)
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
