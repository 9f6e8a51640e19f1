// Prints time and brightness of every frame of a video at twice its rate: dotnet run -c Release --project examples/ReadFrames -- clip.mp4
using System.Globalization;
using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;

var options = new FilterOptions { Conversion = new ConversionOptions { PixelFormat = "gray" } };
await foreach (InterpolatedFrame frame in new VideoConverter(options).ReadFramesAsync(args[0], Console.Error.WriteLine))
{
    using (frame)
    {
        double sum = 0;
        for (int y = 0; y < frame.Height; y++)
        {
            foreach (byte luma in frame.Row(plane: 0, y))
            {
                sum += luma;
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{frame.Timestamp.TotalSeconds:0.000} s {(frame.IsPredicted ? "new" : "old")} {sum / ((double)frame.Width * frame.Height):0.0}"));
    }
}
