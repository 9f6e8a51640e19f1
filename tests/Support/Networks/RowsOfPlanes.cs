using AdaConv.Engine;

namespace AdaConv.Tests.Support.Networks;

/// <summary>A picture that is read a row at a time: what another frame's planes hold.</summary>
public sealed unsafe class RowsOfPlanes(PlanarFrame frame) : IPictureRows
{
    /// <inheritdoc/>
    public void Read(int y, float* samples, float* colours)
    {
        for (int plane = 0; plane < 3; plane++)
        {
            frame.SamplePlane(plane).Slice(y * frame.Width, frame.Width).CopyTo(new(samples + (plane * frame.Width), frame.Width));
            if (!frame.SamplesAreRgb)
            {
                frame.RgbPlane(plane).Slice(y * frame.Width, frame.Width).CopyTo(new(colours + (plane * frame.Width), frame.Width));
            }
        }
    }
}
