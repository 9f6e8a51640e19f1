namespace AdaConv.Model;

/// <summary>
/// Where things are between two frames, known from the pairs before and after: with acceleration, not on the straight line between their places.
/// </summary>
/// <remarks>
/// <para>What moves by d₋, d and d₊ pixels in the interval before, at hand and after has the accelerations a₋ = d − d₋ and a₊ = d₊ − d a squared interval at
/// their ends. In the middle it then lies by c = −(a₋ + a₊)/16 beside the middle of its places (a path of the third degree through all four; as
/// in quadratic video interpolation, Xu et al. 2019). Intervals of other lengths count by their speeds.</para>
/// <para>Where both accelerations contradict each other, c is reduced by s/(s + ¼ e), with s = |a₋ + a₊|² and e = |a₋ − a₊|². Where only one is known, at a
/// cut or an end, c = −0.7 a/8. It is at most 2 pixels long, or 1/240 of the frame's height: beyond, the motion was mostly not found. Measured in
/// docs/training.md, "Motion along a curve".</para>
/// </remarks>
internal static class MotionCurve
{
    private const float Doubt = 0.25f, OneSided = 0.7f, LongestBend = 2, ShortestPaths = 1e-4f;
    private const int HeightOfLongest = 480;

    /// <summary>Finds how far what is seen in the middle of a pair lies beside the straight line.</summary>
    /// <param name="pair">Flows of the pair, x and y towards the first frame, then towards the second, in pixels.</param>
    /// <param name="before">Those of the pair before and how long its interval is; null: there is none.</param>
    /// <param name="after">Those of the pair after, alike.</param>
    /// <param name="bend">Receives c, x and y.</param>
    public static void Of(MotionField pair, (MotionField Flows, double Length)? before, (MotionField Flows, double Length)? after, MotionField bend)
    {
        bend.Resize(2, pair.Width * pair.Cell, pair.Height * pair.Cell, pair.Cell);
        float longest = LongestBend * Math.Max(1f, (float)(pair.Height * pair.Cell) / HeightOfLongest);
        for (int y = 0; y < pair.Height; y++)
        {
            for (int x = 0; x < pair.Width; x++)
            {
                int index = y * pair.Width + x;
                (float X, float Y) first = (pair.Plane(0)[index], pair.Plane(1)[index]), second = (pair.Plane(2)[index], pair.Plane(3)[index]);
                (float X, float Y) way = (second.X - first.X, second.Y - first.Y);
                (float X, float Y)? earlier = null, later = null;
                if (before is var (flows, length))
                {
                    var (dx, dy) = Way(flows, x + 2 * first.X / pair.Cell, y + 2 * first.Y / pair.Cell);
                    earlier = Acceleration(way, (dx, dy), 1, length);
                }

                if (after is var (next, nextLength))
                {
                    var (dx, dy) = Way(next, x + 2 * second.X / pair.Cell, y + 2 * second.Y / pair.Cell);
                    later = Acceleration((dx, dy), way, nextLength, 1);
                }

                (float X, float Y) c = Bend(earlier, later);
                float size = MathF.Sqrt(c.X * c.X + c.Y * c.Y), share = size > longest ? longest / size : 1;
                (bend.Plane(0)[index], bend.Plane(1)[index]) = (share * c.X, share * c.Y);
            }
        }
    }

    // Of two ways and the lengths of their intervals; per squared interval of the pair at hand, whose length is 1.
    private static (float X, float Y) Acceleration((float X, float Y) later, (float X, float Y) earlier, double laterLength, double earlierLength)
    {
        float over = (float)(2 / (laterLength + earlierLength)), a = (float)(1 / laterLength), b = (float)(1 / earlierLength);
        return (over * (later.X * a - earlier.X * b), over * (later.Y * a - earlier.Y * b));
    }

    private static (float X, float Y) Bend((float X, float Y)? earlier, (float X, float Y)? later)
    {
        if ((earlier, later) is ({ } a, { } b))
        {
            float x = a.X + b.X, y = a.Y + b.Y, ex = a.X - b.X, ey = a.Y - b.Y, sum = x * x + y * y;
            float share = -sum / (sum + Doubt * (ex * ex + ey * ey) + ShortestPaths) / 16;
            return (share * x, share * y);
        }

        return (earlier ?? later) is { } one ? (-OneSided / 8 * one.X, -OneSided / 8 * one.Y) : default;
    }

    // The way from frame to frame of a pair at a place in cells, bilinearly; borders repeat.
    private static (float X, float Y) Way(MotionField flows, float x, float y)
    {
        x = Math.Clamp(x, 0, flows.Width - 1);
        y = Math.Clamp(y, 0, flows.Height - 1);
        int left = Math.Min((int)x, Math.Max(0, flows.Width - 2)), top = Math.Min((int)y, Math.Max(0, flows.Height - 2));
        int right = Math.Min(left + 1, flows.Width - 1), bottom = Math.Min(top + 1, flows.Height - 1);
        float u = x - left, v = y - top;
        return (At(flows.Plane(2)) - At(flows.Plane(0)), At(flows.Plane(3)) - At(flows.Plane(1)));

        float At(ReadOnlySpan<float> plane)
        {
            float upper = plane[top * flows.Width + left] * (1 - u) + plane[top * flows.Width + right] * u;
            float lower = plane[bottom * flows.Width + left] * (1 - u) + plane[bottom * flows.Width + right] * u;
            return upper * (1 - v) + lower * v;
        }
    }
}
