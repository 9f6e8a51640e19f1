using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>A frame's colours and samples a row at a time, where they lie, or read for it from a picture that was not read yet.</summary>
/// <param name="frame">The frame.</param>
internal sealed unsafe class PictureRows(PlanarFrame frame) : IDisposable
{
    private readonly FloatBuffer _row = new();
    private int _read = -1;
    private float* _samples;
    private float* _colours;

    /// <summary>A row; valid until the next.</summary>
    /// <param name="colour">0 red, 1 green, 2 blue.</param>
    /// <param name="y">The row.</param>
    public ReadOnlySpan<float> Row(int colour, int y)
    {
        int width = frame.Width;
        if (frame.Unread is not { } picture)
        {
            return frame.RgbPlane(colour).Slice(y * width, width);
        }

        ReadOnce(picture, y);
        return new(_colours + (long)colour * width, width);
    }

    /// <summary>A row of samples; valid until the next.</summary>
    /// <param name="plane">The sample plane.</param>
    /// <param name="y">The row.</param>
    public ReadOnlySpan<float> Sample(int plane, int y)
    {
        int width = frame.Width;
        if (frame.Unread is not { } picture)
        {
            return frame.SamplePlane(plane).Slice(y * width, width);
        }

        ReadOnce(picture, y);
        return new(_samples + (long)plane * width, width);
    }

    /// <summary>Reads a row of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="frame">Shows it.</param>
    /// <param name="y">The row.</param>
    /// <param name="row">Receives its samples [P, W], then its colours unless they are the samples.</param>
    /// <returns>R, G, B [3, W].</returns>
    public static float* Read(IPictureRows picture, PlanarFrame frame, int y, FloatBuffer row)
    {
        float* samples = row.Take((frame.SampleCount + 3L) * frame.Width), colours = samples + (long)frame.SampleCount * frame.Width;
        picture.Read(y, samples, colours);
        return frame.SamplesAreRgb ? samples : colours;
    }

    /// <inheritdoc/>
    public void Dispose() => _row.Dispose();

    private void ReadOnce(IPictureRows picture, int y)
    {
        if (_read != y)
        {
            _colours = Read(picture, frame, y, _row);
            _samples = _row.Take(0);
            _read = y;
        }
    }
}
