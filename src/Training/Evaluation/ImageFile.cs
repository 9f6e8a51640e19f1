using System.Numerics.Tensors;
using AdaConv.Engine;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>8-bit RGB pictures and the planes that networks work on.</summary>
public static class ImageFile
{
    /// <summary>Reads an image as R, G, B planes in 0..1.</summary>
    /// <exception cref="TrainingException">The file is missing or no image.</exception>
    public static PlanarFrame Read(string path)
    {
        try
        {
            return ToFrame(RgbImage.Read(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TrainingException($"The image {path} does not exist.", exception);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Reading the image {path} failed: {exception.Message}", exception);
        }
    }

    /// <summary>Writes planes in 0..1 as a PNG, rounded and clamped to 8 bits.</summary>
    /// <exception cref="AdaConv.Storage.StorageException">The file cannot be written.</exception>
    public static void WritePng(string path, PlanarFrame frame) => ToImage(frame).WritePng(path);

    /// <summary>A picture as planes in 0..1.</summary>
    public static PlanarFrame ToFrame(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var frame = new PlanarFrame(image.Width, image.Height, 3, samplesAreRgb: true);
        for (int colour = 0; colour < 3; colour++)
        {
            Span<float> plane = frame.RgbPlane(colour);
            TensorPrimitives.ConvertTruncating<byte, float>(image.Plane(colour), plane);
            TensorPrimitives.Divide(plane, 255f, plane);
        }

        return frame;
    }

    /// <summary>Planes in 0..1 as a picture, rounded half up and clamped to 8 bits.</summary>
    public static RgbImage ToImage(PlanarFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var image = new RgbImage(frame.Width, frame.Height);
        for (int colour = 0; colour < 3; colour++)
        {
            ReadOnlySpan<float> plane = frame.RgbPlane(colour);
            Span<byte> codes = image.Plane(colour);
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = (byte)Math.Clamp(MathF.Floor(plane[i] * 255 + 0.5f), 0, 255); // not a number becomes 0
            }
        }

        return image;
    }
}
