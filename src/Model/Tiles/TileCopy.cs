using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Copies between frames and tiles.</summary>
internal static unsafe class TileCopy
{
    /// <summary>A tile's part of planes, where they lie.</summary>
    public static PlaneView Part(PlanarFrame frame, float* planes, Tile place) =>
        new(planes + (long)place.Top * frame.Width + place.Left, frame.PlaneLength, frame.Width, place.Bottom - place.Top, place.Right - place.Left);

    /// <summary>Copies a tile's part of a frame's planes; rows and columns beyond the frame are its border's.</summary>
    /// <param name="place">The tile.</param>
    /// <param name="source">The frame's planes.</param>
    /// <param name="planes">How many.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="prediction">Receives them.</param>
    /// <param name="firstPlane">Where: the first of its planes.</param>
    /// <param name="parallel">How many rows are copied at a time.</param>
    /// <param name="levels">Gain and offset of each plane; null: they stay as they are.</param>
    public static void In(
        Tile place, float* source, int planes, PlanarFrame frame, TilePrediction prediction, int firstPlane, ParallelOptions parallel,
        (float Gain, float Offset)[]? levels = null)
    {
        (int width, int height) = (prediction.Shape.Width, prediction.Shape.Height);
        int inside = place.Right - place.Left;
        float* target = prediction.Input + firstPlane * prediction.Shape.PlaneLength;
        Parallel.For(0, planes * height, parallel, index =>
        {
            int plane = index / height, y = Math.Min(place.Top + index % height, place.Bottom - 1);
            var row = new Span<float>(target + (long)index * width, width);
            var values = new ReadOnlySpan<float>(source + plane * frame.PlaneLength + (long)y * frame.Width + place.Left, inside);
            if (levels is null)
            {
                values.CopyTo(row);
            }
            else
            {
                PairLevels.Apply(values, levels[plane], row[..inside]);
            }

            row[inside..].Fill(row[inside - 1]);
        });
    }

    /// <summary>The same for all planes of a frame whose picture is read for it; only the rows that the tile looks at are.</summary>
    /// <param name="place">The tile.</param>
    /// <param name="frame">Shows a picture that was not read.</param>
    /// <param name="prediction">Receives colours, and samples unless they are the colours.</param>
    /// <param name="isSecond">Whether it is the later frame.</param>
    /// <param name="row">Room for a row.</param>
    /// <param name="levels">Gain and offset of each colour; null: they stay as they are.</param>
    public static void Read(
        Tile place, PlanarFrame frame, TilePrediction prediction, bool isSecond, FloatBuffer row, (float Gain, float Offset)[]? levels)
    {
        TileShape shape = prediction.Shape;
        int inside = place.Right - place.Left, planes = shape.SamplesAreColours ? 3 : 3 + shape.SampleCount;
        for (int y = 0; y < shape.Height; y++)
        {
            int from = place.Top + y;
            if (from >= place.Bottom)
            {
                CopyRowAbove(prediction, isSecond, planes, y);
                continue;
            }

            float* colours = PictureRows.Read(frame.Unread!, frame, from, row), samples = row.Take(0);
            for (int plane = 0; plane < planes; plane++)
            {
                float* source = plane < 3 ? colours + (long)plane * frame.Width : samples + (plane - 3L) * frame.Width;
                ReadOnlySpan<float> values = new(source + place.Left, inside);
                Span<float> target = Row(prediction, isSecond, plane, y);
                if (levels is null || plane >= 3)
                {
                    values.CopyTo(target);
                }
                else
                {
                    PairLevels.Apply(values, levels[plane], target[..inside]);
                }

                target[inside..].Fill(target[inside - 1]);
            }
        }
    }

    /// <summary>Copies what a tile is for of its planes to a frame's samples.</summary>
    public static void Out(Tile place, TileShape shape, float* values, PlanarFrame target, ParallelOptions parallel) =>
        Parallel.For(0, target.SampleCount * place.Height, parallel, index =>
        {
            (int plane, int y) = Math.DivRem(index, place.Height);
            float* row = values + ((long)plane * shape.Height + place.Y - place.Top + y) * shape.Width + place.X - place.Left;
            new ReadOnlySpan<float>(row, place.Width).CopyTo(target.SamplePlane(plane).Slice((place.Y + y) * target.Width + place.X, place.Width));
        });

    /// <summary>A tile's part of a bend, as flows change by it: where things lie further on, frames are sampled further back.</summary>
    /// <param name="bend">The frame's.</param>
    /// <param name="place">The tile.</param>
    /// <param name="shape">What it consists of.</param>
    /// <param name="target">[2, H/c, W/c]; cells beyond the frame are its border's.</param>
    public static void Bend(MotionBend bend, Tile place, TileShape shape, float* target)
    {
        MotionField field = bend.Field;
        int width = shape.Width / field.Cell, height = shape.Height / field.Cell, left = place.Left / field.Cell, top = place.Top / field.Cell;
        for (int plane = 0; plane < 2; plane++)
        {
            ReadOnlySpan<float> source = field.Plane(plane);
            for (int y = 0; y < height; y++)
            {
                int row = Math.Min(top + y, field.Height - 1) * field.Width;
                for (int x = 0; x < width; x++)
                {
                    *target++ = -bend.Scale * source[row + Math.Min(left + x, field.Width - 1)];
                }
            }
        }
    }

    /// <summary>Copies the cells that begin in what a tile is for.</summary>
    /// <param name="place">The tile.</param>
    /// <param name="shape">What it consists of.</param>
    /// <param name="cells">[4, H/c, W/c]: its flows.</param>
    /// <param name="flows">Receives them.</param>
    public static void Cells(Tile place, TileShape shape, float* cells, MotionField flows)
    {
        int cell = flows.Cell, width = shape.Width / cell, height = shape.Height / cell;
        int left = (place.X + cell - 1) / cell, right = (place.X + place.Width + cell - 1) / cell;
        int top = (place.Y + cell - 1) / cell, bottom = (place.Y + place.Height + cell - 1) / cell;
        for (int plane = 0; plane < 4; plane++)
        {
            for (int y = top; y < bottom; y++)
            {
                float* row = cells + ((long)plane * height + y - place.Top / cell) * width - place.Left / cell;
                new ReadOnlySpan<float>(row + left, right - left).CopyTo(flows.Plane(plane)[(y * flows.Width + left)..]);
            }
        }
    }

    private static void CopyRowAbove(TilePrediction prediction, bool isSecond, int planes, int y)
    {
        for (int plane = 0; plane < planes; plane++)
        {
            Row(prediction, isSecond, plane, y - 1).CopyTo(Row(prediction, isSecond, plane, y));
        }
    }

    // A row of one of a frame's planes that go in: its colours, then its samples.
    private static Span<float> Row(TilePrediction prediction, bool isSecond, int plane, int y)
    {
        TileShape shape = prediction.Shape;
        int first = plane < 3 ? (isSecond ? 3 : 0) : shape.FirstSamplePlane - 3 + (isSecond ? shape.SampleCount : 0);
        return new(prediction.Input + (first + plane) * shape.PlaneLength + (long)y * shape.Width, shape.Width);
    }
}
