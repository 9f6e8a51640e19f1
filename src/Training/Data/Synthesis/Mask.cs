using SkiaSharp;

namespace AdaConv.Training.Data.Synthesis;

/// <summary>Shapes that layers are cut to: 160 pictures of alpha, drawn once, the same in every run. The last 32 are lines of text.</summary>
internal static class Mask
{
    /// <summary>Width and height of a mask.</summary>
    public const int Size = 256;

    /// <summary>Number of masks.</summary>
    public const int Count = Shapes + 32;

    private const int Shapes = 128;

    private const float Centre = Size / 2f, Radius = Size / 2f - 12; // the rest is for soft edges: a mask is 0 along its border
    private static readonly Lazy<byte[][]> All = new(() => [.. Enumerable.Range(0, Count).Select(Draw)]);

    /// <summary>A mask: <see cref="Size"/>² bytes of alpha.</summary>
    public static ReadOnlySpan<byte> Get(int index) => All.Value[index];

    /// <summary>The one value of all three channels of a mask's layer: text is light or dark more often than it shows a picture. Null: the picture's.</summary>
    public static byte? Colour(int index) => index < Shapes || index % 4 == 3 ? null : (byte)(index % 4 == 2 ? 16 : 235);

    private static byte[] Draw(int index)
    {
        var random = new Random(index);
        using var bitmap = new SKBitmap(new SKImageInfo(Size, Size, SKColorType.Alpha8, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        using SKPath path = index >= Shapes ? StrokeLetters.Lines(random, new(12, 12, Size - 12, Size - 12)) : (index % 8) switch
        {
            0 => Ellipse(),
            1 or 2 => Star(random, random.Next(3, 10)),
            3 or 4 => Blob(random),
            5 => Strips(random),
            6 => Grid(random),
            _ => Ring(random),
        };
        float softness = random.Next(3) == 0 ? 0.5f + 3.5f * random.NextSingle() : 0;
        using SKMaskFilter? blur = softness > 0 ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, softness) : null;
        using var paint = new SKPaint { IsAntialias = true, MaskFilter = blur };
        canvas.ClipRect(new SKRect(1, 1, Size - 1, Size - 1));
        canvas.DrawPath(path, paint);
        canvas.Flush();
        return bitmap.GetPixelSpan().ToArray();
    }

    private static SKPath Ellipse()
    {
        var path = new SKPath();
        path.AddOval(new SKRect(Centre - Radius, Centre - Radius, Centre + Radius, Centre + Radius));
        return path;
    }

    private static SKPath Star(Random random, int corners)
    {
        var path = new SKPath();
        path.AddPoly([.. Around(random, corners, 0.35f)], close: true);
        return path;
    }

    private static SKPath Blob(Random random)
    {
        SKPoint[] points = [.. Around(random, random.Next(4, 10), 0.45f)];
        var path = new SKPath();
        path.MoveTo(Between(points[^1], points[0]));
        for (int i = 0; i < points.Length; i++)
        {
            path.QuadTo(points[i], Between(points[i], points[(i + 1) % points.Length]));
        }

        path.Close();
        return path;
    }

    private static SKPath Strips(Random random)
    {
        var path = new SKPath();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            float thickness = 3 + 15 * random.NextSingle(), y = Centre + Radius * (2 * random.NextSingle() - 1) * 0.8f,
                slope = 60 * (random.NextSingle() - 0.5f);
            float bend = 120 * (random.NextSingle() - 0.5f);
            path.MoveTo(12, y - slope);
            path.QuadTo(Centre, y + bend, Size - 12, y + slope);
            path.LineTo(Size - 12, y + slope + thickness);
            path.QuadTo(Centre, y + bend + thickness, 12, y - slope + thickness);
            path.Close();
        }

        return path;
    }

    private static SKPath Grid(Random random)
    {
        var path = new SKPath();
        int bars = random.Next(3, 9);
        float pitch = 2 * Radius / bars, thickness = pitch * (0.15f + 0.4f * random.NextSingle());
        bool fence = random.Next(2) == 0;
        for (int i = 0; i < bars; i++)
        {
            float at = Centre - Radius + (i + 0.5f) * pitch;
            path.AddRect(new SKRect(at - thickness / 2, Centre - Radius, at + thickness / 2, Centre + Radius));
            if (!fence)
            {
                path.AddRect(new SKRect(Centre - Radius, at - thickness / 2, Centre + Radius, at + thickness / 2));
            }
        }

        return path;
    }

    private static SKPath Ring(Random random)
    {
        SKPath path = Ellipse();
        float inner = Radius * (0.4f + 0.5f * random.NextSingle());
        path.AddOval(new SKRect(Centre - inner, Centre - inner, Centre + inner, Centre + inner));
        path.FillType = SKPathFillType.EvenOdd;
        return path;
    }

    private static IEnumerable<SKPoint> Around(Random random, int corners, float least)
    {
        for (int i = 0; i < corners; i++)
        {
            var (sin, cos) = MathF.SinCos(2 * MathF.PI * (i + 0.7f * random.NextSingle()) / corners);
            float distance = Radius * (least + (1 - least) * random.NextSingle());
            yield return new SKPoint(Centre + distance * cos, Centre + distance * sin);
        }
    }

    private static SKPoint Between(SKPoint first, SKPoint second) => new((first.X + second.X) / 2, (first.Y + second.Y) / 2);
}
