using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>Where in a picture it is worth looking closely.</summary>
public static class CropChoice
{
    private const int Grid = 8;

    /// <summary>The square in which a picture misses the truth most.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="truth">The true one, of the same size.</param>
    /// <param name="size">Width and height in pixels; smaller pictures are taken whole.</param>
    /// <returns>The square's left upper corner, a multiple of 8 each way.</returns>
    public static (int X, int Y) WorstSquare(RgbImage picture, RgbImage truth, int size)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(truth);
        int columns = truth.Width / Grid, rows = truth.Height / Grid, cells = size / Grid;
        long[] sums = new long[(columns + 1) * (rows + 1)]; // of all cells to the left and above
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                sums[(y + 1) * (columns + 1) + x + 1] = Cell(picture, truth, x * Grid, y * Grid)
                    + sums[y * (columns + 1) + x + 1] + sums[(y + 1) * (columns + 1) + x] - sums[y * (columns + 1) + x];
            }
        }

        (int X, int Y) worst = (0, 0);
        long most = -1;
        for (int y = 0; y + cells <= rows; y++)
        {
            for (int x = 0; x + cells <= columns; x++)
            {
                long sum = sums[(y + cells) * (columns + 1) + x + cells] - sums[y * (columns + 1) + x + cells]
                    - sums[(y + cells) * (columns + 1) + x] + sums[y * (columns + 1) + x];
                if (sum > most)
                {
                    (most, worst) = (sum, (x * Grid, y * Grid));
                }
            }
        }

        return worst;
    }

    private static long Cell(RgbImage picture, RgbImage truth, int left, int top)
    {
        long sum = 0;
        for (int colour = 0; colour < 3; colour++)
        {
            Span<byte> a = picture.Plane(colour), b = truth.Plane(colour);
            for (int y = top; y < top + Grid; y++)
            {
                for (int x = left; x < left + Grid; x++)
                {
                    sum += Math.Abs(a[y * truth.Width + x] - b[y * truth.Width + x]);
                }
            }
        }

        return sum;
    }
}
