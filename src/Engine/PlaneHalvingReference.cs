namespace AdaConv.Engine;

/// <summary>The halving, value by value.</summary>
internal static unsafe class PlaneHalvingReference
{
    public static void Apply(HalvingShape shape, float* input, float* output, int threads) =>
        Tiles.Run(shape.Planes, threads, plane =>
        {
            float* source = input + (long)plane * shape.Height * shape.Width, target = output + (long)plane * shape.Rows * shape.Columns;
            for (int y = 0; y < shape.Rows; y++)
            {
                float* upper = source + 2L * y * shape.Width, lower = upper + shape.Width;
                for (int x = 0; x < shape.Columns; x++)
                    target[(long)y * shape.Columns + x] = 0.25f * (upper[2 * x] + lower[2 * x] + (upper[2 * x + 1] + lower[2 * x + 1]));
            }
        });
}
