using AdaConv.Drawing;
using AdaConv.Reports;

namespace AdaConv.Training.Tests;

/// <summary>Made-up test sets: a picture that moves by two columns a frame.</summary>
internal static class TestPictures
{
    /// <summary>Writes triplets into a folder's subfolders a, b …</summary>
    /// <param name="folder">The test set's folder.</param>
    /// <param name="names">File names of the first, the true middle and the last frame.</param>
    /// <param name="count">Number of triplets.</param>
    public static void Write(string folder, (string First, string Truth, string Second) names, int count = 2)
    {
        for (int i = 0; i < count; i++)
        {
            string triplet = Path.Combine(folder, ((char)('a' + i)).ToString());
            Frame(i, 0).WritePng(Path.Combine(triplet, names.First));
            Frame(i, 1).WritePng(Path.Combine(triplet, names.Truth));
            Frame(i, 2).WritePng(Path.Combine(triplet, names.Second));
        }
    }

    private static RgbImage Frame(int seed, int time)
    {
        var image = new RgbImage(64, 48);
        for (int plane = 0; plane < 3; plane++)
        {
            Span<byte> codes = image.Plane(plane);
            for (int i = 0; i < codes.Length; i++)
            {
                int x = i % 64 + 2 * time, y = i / 64;
                codes[i] = (byte)(128 + 90 * Math.Sin((x + seed) / (3.0 + plane)) * Math.Cos(y / (4.0 + seed)));
            }
        }

        return image;
    }
}
