using SkiaSharp;

namespace AdaConv.Training.Data.Synthesis;

/// <summary>Lines of text as credits and captions have them, of capital letters made of strokes: the same on every system, whatever fonts it has.</summary>
internal static class StrokeLetters
{
    // Two units wide, four high, the base line at 4.
    private static readonly SKPath[] Letters =
    [
        .. ((string[])
        [
            "M0,4 L1,0 L2,4 M.4,2.6 L1.6,2.6", "M0,4 L0,0 L1.2,0 A1,1 0 0 1 1.2,2 L0,2 M1.2,2 A1,1 0 0 1 1.2,4 L0,4", "M1.9,.8 A1.1,2 0 1 0 1.9,3.2",
            "M0,0 L0,4 L.8,4 A1.2,2 0 0 0 .8,0 Z", "M1.8,0 L0,0 L0,4 L1.8,4 M0,2 L1.4,2", "M1.8,0 L0,0 L0,4 M0,2 L1.4,2",
            "M1.9,.8 A1.1,2 0 1 0 1.9,3.2 L1.9,2.2 L1.1,2.2", "M0,0 L0,4 M2,0 L2,4 M0,2 L2,2", "M.5,0 L1.5,0 M1,0 L1,4 M.5,4 L1.5,4",
            "M0,0 L0,4 M2,0 L0,2.4 M.7,1.6 L2,4", "M0,0 L0,4 L1.7,4", "M0,4 L0,0 L1,2.4 L2,0 L2,4", "M0,4 L0,0 L2,4 L2,0",
            "M1,0 A1,2 0 1 0 1,4 A1,2 0 1 0 1,0 Z", "M0,4 L0,0 L1,0 A1,1.1 0 0 1 1,2.2 L0,2.2",
            "M0,4 L0,0 L1,0 A1,1.1 0 0 1 1,2.2 L0,2.2 M.9,2.2 L2,4", "M1.8,.6 A.9,1 0 1 0 1,2 A.9,1 0 1 1 .1,3.4", "M0,0 L2,0 M1,0 L1,4",
            "M0,0 L0,2.8 A1,1.2 0 0 0 2,2.8 L2,0", "M0,0 L1,4 L2,0", "M0,0 L.5,4 L1,1 L1.5,4 L2,0", "M0,0 L2,4 M2,0 L0,4",
            "M0,0 L1,2 L2,0 M1,2 L1,4", "M0,0 L2,0 L0,4 L2,4",
        ]).Select(SKPath.ParseSvgPathData),
    ];

    /// <summary>Words in one or two columns that fill an area; in two, the left one ends and the right one begins at the gap, as credits do.</summary>
    /// <param name="random">Decides sizes and letters.</param>
    /// <param name="area">Where.</param>
    public static SKPath Lines(Random random, SKRect area)
    {
        int lines = random.Next(2, 8), columns = random.Next(1, 3);
        float pitch = area.Height / lines, height = pitch * (0.45f + 0.3f * random.NextSingle()), unit = height / 4, width = area.Width / columns;
        using SKPath strokes = new();
        for (int line = 0; line < lines; line++)
        {
            for (int column = 0; column < columns; column++)
            {
                string word = Word(random, most: Math.Max(1, (int)((width - unit) / (2.8f * unit))));
                float length = (2.8f * word.Length - 0.8f) * unit, left = area.Left + column * width;
                float indent = columns == 1 ? (width - length) * random.NextSingle() : column == 0 ? width - length - unit : unit;
                Write(strokes, word, left + indent, area.Top + (line + 0.5f) * pitch - height / 2, unit);
            }
        }

        using SKPaint pen = new()
        {
            Style = SKPaintStyle.Stroke,
            StrokeWidth = unit * (0.35f + 0.5f * random.NextSingle()),
            StrokeJoin = SKStrokeJoin.Round,
            StrokeCap = random.Next(2) == 0 ? SKStrokeCap.Butt : SKStrokeCap.Round,
        };
        return pen.GetFillPath(strokes);
    }

    // Places in the list of letters, where a space is what is beyond it.
    private static string Word(Random random, int most)
    {
        char[] letters = new char[random.Next(Math.Max(1, most / 2), most + 1)];
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)(i > 0 && random.Next(7) == 0 ? Letters.Length : random.Next(Letters.Length));
        }

        return new(letters);
    }

    private static void Write(SKPath strokes, string word, float left, float top, float unit)
    {
        for (int i = 0; i < word.Length; i++)
        {
            if (word[i] < Letters.Length)
            {
                SKMatrix place = new(unit, 0, left + 2.8f * i * unit, 0, unit, top, 0, 0, 1);
                strokes.AddPath(Letters[word[i]], in place);
            }
        }
    }
}
