using System.Numerics.Tensors;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Verification;

/// <summary>A picture's brightness at 32 × 18 places, 0..1: little enough that coding hardly changes it, and enough to tell one moment from the next.</summary>
internal sealed class FrameFingerprint
{
    private const int Width = LumaThumbnail.Width / 2, Height = LumaThumbnail.Height / 2;

    private readonly float[] _places = new float[Width * Height];

    /// <summary>Measures a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="thumbnail">Overwritten.</param>
    public FrameFingerprint(VideoFrame frame, LumaThumbnail thumbnail)
    {
        thumbnail.Measure(frame);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                _places[(y * Width) + x] = (thumbnail[2 * x, 2 * y] + thumbnail[(2 * x) + 1, 2 * y]
                    + thumbnail[2 * x, (2 * y) + 1] + thumbnail[(2 * x) + 1, (2 * y) + 1]) / 4;
            }
        }
    }

    /// <summary>How much two pictures differ: the root of the mean square over all places, of 255.</summary>
    public double DifferenceFrom(FrameFingerprint other) => 255 * TensorPrimitives.Distance(_places, other._places) / Math.Sqrt(_places.Length);

    /// <summary>How much the place differs that differs most, of 255.</summary>
    public double LargestDifferenceFrom(FrameFingerprint other)
    {
        Span<float> differences = stackalloc float[Width * Height];
        TensorPrimitives.Subtract(_places, other._places, differences);
        return 255 * Math.Abs(TensorPrimitives.MaxMagnitude(differences));
    }
}
