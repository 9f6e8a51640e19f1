using System.Globalization;
using System.Text;

namespace AdaConv.FrameFilter.Measurement;

/// <summary>A clip to measure with: a textured picture that moves by 6 pixels a frame, as Y4M, which needs no encoder.</summary>
internal static class MovingClip
{
    /// <summary>Writes it: 4:2:0 of 8 bits, 25 frames per second.</summary>
    public static void Write(string path, int width, int height, int frames)
    {
        using FileStream file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"YUV4MPEG2 W{width} H{height} F25:1 Ip A1:1 C420\n")));
        byte[] luma = new byte[width * height], chroma = new byte[width / 2 * (height / 2)];
        Array.Fill(chroma, (byte)128);
        for (int frame = 0; frame < frames; frame++)
        {
            file.Write("FRAME\n"u8);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    // Waves of several lengths: detail everywhere, and no two places alike.
                    double u = x + (6 * frame);
                    luma[(y * width) + x] = (byte)(128 + (40 * Math.Sin(u / 7)) + (30 * Math.Sin((u + y) / 19)) + (30 * Math.Sin((y - (u / 3)) / 5)));
                }
            }

            file.Write(luma);
            file.Write(chroma);
            file.Write(chroma);
        }
    }
}
