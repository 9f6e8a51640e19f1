using AdaConv.Training.Data.Configuration;

namespace AdaConv.Training.Data;

/// <summary>What is done to one triplet so that one patch counts for many.</summary>
internal sealed class Augmentation
{
    private static readonly int[][] ColourOrders = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]];
    private static readonly float[] Plain = [.. Enumerable.Range(0, 256).Select(value => value * (1f / 255))];

    private readonly bool _flipHorizontally, _flipVertically, _transpose, _swapFrames;
    private readonly int[] _colours;
    private readonly float[] _values;

    /// <summary>Draws the changes. Numbers are drawn whether a change is on or not: turning one off leaves the others as they were.</summary>
    public Augmentation(AugmentationConfiguration configuration, Random random)
    {
        _flipHorizontally = random.Next(2) == 1 & configuration.FlipHorizontally;
        _flipVertically = random.Next(2) == 1 & configuration.FlipVertically;
        _transpose = random.Next(2) == 1 & configuration.Transpose;
        _swapFrames = random.Next(2) == 1 & configuration.SwapFrames;
        int order = random.Next(ColourOrders.Length);
        _colours = ColourOrders[configuration.ChannelOrder ? order : 0];
        double gain = 1 + configuration.Brightness * (2 * random.NextDouble() - 1);
        double gamma = Math.Pow(2, configuration.Gamma * (2 * random.NextDouble() - 1));
        _values = configuration.Brightness == 0 && configuration.Gamma == 0
            ? Plain
            : [.. Enumerable.Range(0, 256).Select(value => (float)Math.Min(1, gain * Math.Pow(value / 255.0, gamma)))];
    }

    /// <summary>The size of the crop that is scaled down to <paramref name="size"/>.</summary>
    public static int CropSize(AugmentationConfiguration configuration, Random random, int size) =>
        configuration.ScaleDown > 1 ? (int)(size * (1 + random.NextDouble() * (configuration.ScaleDown - 1))) : size;

    /// <summary>When the frame between was taken, once the frames may have changed places.</summary>
    public double Time(double time) => _swapFrames ? 1 - time : time;

    /// <summary>Turns a triplet into a sample.</summary>
    /// <param name="planes">[9, size, size] bytes: R, G, B of the first frame, of the second, of the one between.</param>
    /// <param name="size">Width and height.</param>
    /// <param name="sample">[9, size, size] floats in 0..1, in the same order.</param>
    public void Apply(ReadOnlySpan<byte> planes, int size, Span<float> sample)
    {
        int length = size * size;
        for (int plane = 0; plane < 9; plane++)
        {
            int frame = _swapFrames && plane < 6 ? 1 - plane / 3 : plane / 3;
            ApplyTo(planes.Slice((3 * frame + _colours[plane % 3]) * length, length), size, sample.Slice(plane * length, length));
        }
    }

    private void ApplyTo(ReadOnlySpan<byte> source, int size, Span<float> target)
    {
        float[] values = _values;
        var (along, across) = _transpose ? (size, 1) : (1, size); // source steps of a target column and of a target row
        int start = 0;
        if (_flipHorizontally)
        {
            (start, along) = (start + (size - 1) * along, -along);
        }

        if (_flipVertically)
        {
            (start, across) = (start + (size - 1) * across, -across);
        }

        for (int y = 0; y < size; y++)
        {
            Span<float> row = target.Slice(y * size, size);
            int position = start + y * across;
            for (int x = 0; x < row.Length; x++, position += along)
            {
                row[x] = values[source[position]];
            }
        }
    }
}
