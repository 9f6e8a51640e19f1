namespace AdaConv.Engine;

/// <summary>The warp, said plainly: what every other level is compared with.</summary>
internal static unsafe class BilinearWarpReference
{
    public static void Forward(WarpShape shape, TensorView image, TensorView flow, TensorView output, int threads)
    {
        Tiles.Run(shape.Batch * shape.Height, threads, item =>
        {
            (int n, int y) = Math.DivRem(item, shape.Height);
            float* flowRow = flow.Item(n) + (long)y * shape.Width;
            PlaneView source = new(image.Item(n), shape.PlaneSize, shape.Width, shape.Height, shape.Width);
            Row(source, shape.Planes, flowRow, flowRow + shape.PlaneSize, y, shape.Width, output.Item(n) + (long)y * shape.Width, shape.PlaneSize);
        });
    }

    public static void Row(in PlaneView image, int planes, float* flowX, float* flowY, int y, int width, float* target, long targetPlane)
    {
        for (int x = 0; x < width; x++)
        {
            var sample = new Sample(image.Height, image.Width, image.Stride, flowX[x], flowY[x], y, x);
            for (int p = 0; p < planes; p++)
            {
                float* plane = image.Data + p * image.Plane;
                float top = Mix(plane[sample.TopLeft], plane[sample.TopRight], sample.Across);
                float bottom = Mix(plane[sample.BottomLeft], plane[sample.BottomRight], sample.Across);
                target[p * targetPlane + x] = Mix(top, bottom, sample.Down);
            }
        }
    }

    public static void Backward(WarpShape shape, TensorView image, TensorView flow, TensorView gradOutput, TensorView gradImage,
        TensorView gradFlow, int threads)
    {
        // One thread owns one item of the batch, so that sums have one order for every number of threads.
        Tiles.Run(shape.Batch, threads, n =>
        {
            for (long i = 0; i < shape.Planes * shape.PlaneSize && gradImage.Data is not null; i++)
                gradImage.Item(n)[i] = 0;
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    var sample = new Sample(shape, flow.Item(n), y, x);
                    float gradX = 0, gradY = 0;
                    long pixel = (long)y * shape.Width + x;
                    for (int p = 0; p < shape.Planes; p++)
                    {
                        float gradient = gradOutput.Item(n)[p * shape.PlaneSize + pixel];
                        float* plane = image.Item(n) + p * shape.PlaneSize;
                        float top = plane[sample.TopRight] - plane[sample.TopLeft];
                        float bottom = plane[sample.BottomRight] - plane[sample.BottomLeft];
                        float left = plane[sample.BottomLeft] - plane[sample.TopLeft];
                        float right = plane[sample.BottomRight] - plane[sample.TopRight];
                        gradX += gradient * Mix(top, bottom, sample.Down);
                        gradY += gradient * Mix(left, right, sample.Across);
                        if (gradImage.Data is null)
                            continue;
                        float* target = gradImage.Item(n) + p * shape.PlaneSize;
                        target[sample.TopLeft] += gradient * (1 - sample.Across) * (1 - sample.Down);
                        target[sample.TopRight] += gradient * sample.Across * (1 - sample.Down);
                        target[sample.BottomLeft] += gradient * (1 - sample.Across) * sample.Down;
                        target[sample.BottomRight] += gradient * sample.Across * sample.Down;
                    }
                    gradFlow.Item(n)[pixel] = sample.InsideX ? gradX : 0;
                    gradFlow.Item(n)[shape.PlaneSize + pixel] = sample.InsideY ? gradY : 0;
                }
            }
        });
    }

    // Exact where both values are equal and where the weight is 0: a still image stays itself.
    private static float Mix(float first, float second, float weight) => first + weight * (second - first);

    /// <summary>Where a pixel looks: four offsets in a plane and how far it lies from the first.</summary>
    private readonly struct Sample
    {
        public Sample(in WarpShape shape, float* flow, int y, int x)
            : this(shape.Height, shape.Width, shape.Width, flow[(long)y * shape.Width + x], flow[shape.PlaneSize + (long)y * shape.Width + x], y, x)
        {
        }

        public Sample(int height, int width, int stride, float flowX, float flowY, int y, int x)
        {
            (int left, int right, Across, InsideX) = Clamp(x + flowX, width);
            (int top, int bottom, Down, InsideY) = Clamp(y + flowY, height);
            TopLeft = (long)top * stride + left;
            TopRight = (long)top * stride + right;
            BottomLeft = (long)bottom * stride + left;
            BottomRight = (long)bottom * stride + right;
        }

        public readonly long TopLeft, TopRight, BottomLeft, BottomRight;
        public readonly float Across, Down;
        public readonly bool InsideX, InsideY;

        private static (int First, int Second, float Weight, bool Inside) Clamp(float coordinate, int size)
        {
            bool inside = coordinate > 0 && coordinate < size - 1; // false for NaN
            float clamped = coordinate > 0 ? MathF.Min(coordinate, size - 1) : 0;
            int first = (int)clamped;
            return (first, Math.Min(first + 1, size - 1), clamped - first, inside);
        }
    }
}
