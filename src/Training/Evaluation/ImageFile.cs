using System.Numerics.Tensors;
using AdaConv.Drawing;
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

    /// <summary>Planes in 0..1 as a picture of 8 bits, rounded by <see cref="CodeValues"/>.</summary>
    public static RgbImage ToImage(PlanarFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var image = new RgbImage(frame.Width, frame.Height);
        for (int colour = 0; colour < 3; colour++)
        {
            CodeValues.ToBytes(frame.RgbPlane(colour), 255, image.Plane(colour));
        }

        return image;
    }
}
