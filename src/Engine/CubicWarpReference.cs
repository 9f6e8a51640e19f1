namespace AdaConv.Engine;

/// <summary>The cubic warp, said plainly: what every other level is compared with.</summary>
internal static unsafe class CubicWarpReference
{
    private const int Taps = CubicWarp.Taps;

    public static void Row(
        in PlaneView image, int planes, float* flowX, float* flowY, float far, int y, int width, int height, float* target, long targetPlane)
    {
        Sample across = new(stackalloc float[Taps], stackalloc float[Taps], stackalloc int[Taps]);
        Sample down = new(stackalloc float[Taps], stackalloc float[Taps], stackalloc int[Taps]);
        for (int x = 0; x < width; x++)
        {
            across.Place(x + flowX[x], far, width, image.Width);
            down.Place(y + flowY[x], far, height, image.Height);
            for (int p = 0; p < planes; p++)
            {
                target[p * targetPlane + x] = Sum(image.Data + p * image.Plane, image.Stride, across.Positions, across.Weights, down.Positions, down.Weights);
            }
        }
    }

    public static void FlowGradientRow(in WarpShape shape, float* image, float* flow, float far, float* gradOutput, float* gradFlow, int y)
    {
        Sample across = new(stackalloc float[Taps], stackalloc float[Taps], stackalloc int[Taps]);
        Sample down = new(stackalloc float[Taps], stackalloc float[Taps], stackalloc int[Taps]);
        for (int x = 0; x < shape.Width; x++)
        {
            long pixel = (long)y * shape.Width + x;
            bool insideX = across.Place(x + flow[pixel], far, shape.Width, shape.Width);
            bool insideY = down.Place(y + flow[shape.PlaneSize + pixel], far, shape.Height, shape.Height);
            float gradX = 0, gradY = 0;
            for (int p = 0; p < shape.Planes; p++)
            {
                float gradient = gradOutput[p * shape.PlaneSize + pixel];
                float* plane = image + p * shape.PlaneSize;
                gradX += gradient * Sum(plane, shape.Width, across.Positions, across.Slopes, down.Positions, down.Weights);
                gradY += gradient * Sum(plane, shape.Width, across.Positions, across.Weights, down.Positions, down.Slopes);
            }

            gradFlow[pixel] = insideX ? gradX : 0;
            gradFlow[shape.PlaneSize + pixel] = insideY ? gradY : 0;
        }
    }

    private static float Sum(
        float* plane, int stride, ReadOnlySpan<int> columns, ReadOnlySpan<float> across, ReadOnlySpan<int> rows, ReadOnlySpan<float> down)
    {
        float sum = 0;
        for (int j = 0; j < Taps; j++)
        {
            float* row = plane + (long)rows[j] * stride;
            float part = 0;
            for (int i = 0; i < Taps; i++)
            {
                part += across[i] * row[columns[i]];
            }

            sum += down[j] * part;
        }

        return sum;
    }

    /// <summary>Where a pixel looks along one axis.</summary>
    private readonly ref struct Sample(Span<float> weights, Span<float> slopes, Span<int> positions)
    {
        /// <summary>What each position counts.</summary>
        public Span<float> Weights { get; } = weights;

        /// <summary>By how much that changes with the coordinate.</summary>
        public Span<float> Slopes { get; } = slopes;

        /// <summary>Inside the image.</summary>
        public Span<int> Positions { get; } = positions;

        /// <summary>Says whether the coordinate lies inside the border; false for NaN.</summary>
        /// <param name="coordinate">Where to look.</param>
        /// <param name="far">What the farther neighbours count in a slope.</param>
        /// <param name="size">What it is clamped to.</param>
        /// <param name="stored">How much of that the image has; its border is repeated for the rest.</param>
        public bool Place(float coordinate, float far, int size, int stored)
        {
            float clamped = coordinate > 0 ? MathF.Min(coordinate, size - 1) : 0;
            int first = (int)clamped;
            float t = clamped - first;
            float near = CubicWarp.Near(far), rest = 1 - t;
            Spread(t * rest * rest, t * t * rest, 1 - t * t * (3 - 2 * t), t * t * (3 - 2 * t), Weights);
            Spread(rest * (1 - 3 * t), t * (2 - 3 * t), -6 * t * rest, 6 * t * rest, Slopes);
            for (int i = 0; i < Taps; i++)
            {
                Positions[i] = Math.Clamp(first - CubicWarp.Before + i, 0, stored - 1);
            }

            return coordinate > 0 && coordinate < size - 1;

            // Hermite's functions of the slope before and behind (the latter less than zero, and so taken away) and of the values there.
            void Spread(float leading, float trailing, float before, float behind, Span<float> factors)
            {
                factors[0] = far * leading;
                factors[1] = -near * leading - far * trailing;
                factors[2] = before + near * trailing;
                factors[3] = behind + near * leading;
                factors[4] = -near * trailing - far * leading;
                factors[5] = far * trailing;
            }
        }
    }
}
