namespace AdaConv.Engine.Fit;

/// <summary>The fit of flows, value by value: see <see cref="FlowFit"/>.</summary>
internal static unsafe class FlowFitReference
{
    /// <summary>Adds a row's pixels to the sums of its row of cells, column by column.</summary>
    public static void Add(in FitShape shape, float time, ThreeRows rows, float* pixels)
    {
        int planes = shape.Planes, stride = shape.Stride, second = planes * stride;
        for (int x = 0; x < shape.Width; x++)
        {
            float xx = 0, xy = 0, yy = 0, xe = 0, ye = 0, squares = 0, differences = 0;
            for (int i = x; i < x + second; i += stride)
            {
                float gx = time * (rows.Row[i + 1] - rows.Row[i - 1]) + (1 - time) * (rows.Row[second + i + 1] - rows.Row[second + i - 1]);
                float gy = time * (rows.Below[i] - rows.Above[i]) + (1 - time) * (rows.Below[second + i] - rows.Above[second + i]);
                float e = rows.Row[second + i] - rows.Row[i];
                xx += gx * gx;
                xy += gx * gy;
                yy += gy * gy;
                xe += gx * e;
                ye += gy * e;
                squares += e * e;
                differences += MathF.Abs(e);
            }

            float weight = 1 / (1 + squares / (planes * FlowFit.Doubt * FlowFit.Doubt));
            pixels[x] += weight * xx;
            pixels[stride + x] += weight * xy;
            pixels[2 * stride + x] += weight * yy;
            pixels[3 * stride + x] += weight * xe;
            pixels[4 * stride + x] += weight * ye;
            pixels[FlowFit.Difference * stride + x] += differences;
        }
    }

    /// <summary>Sums of four neighbours each.</summary>
    public static void SumCells(float* pixels, float* cells, int count)
    {
        for (int i = 0; i < count; i++, pixels += FlowFit.Cell)
            cells[i] = pixels[0] + pixels[1] + (pixels[2] + pixels[3]);
    }

    /// <summary>A row of cells of the result.</summary>
    public static void SolveRow(in FitShape shape, int row, FlowShares shares, float* sums, float* added, float* change)
    {
        const float damping = FlowFit.Damping * FlowFit.Window;
        int rows = shape.Rows, columns = shape.Columns, cells = rows * columns;
        for (int column = 0; column < columns; column++)
        {
            float xx = Around(0) + damping, xy = Around(1), yy = Around(2) + damping, xe = Around(3), ye = Around(4);
            float determinant = MathF.Max(xx * yy - xy * xy, damping * damping);
            float x = (yy * xe - xy * ye) / determinant, y = (xx * ye - xy * xe) / determinant;
            float cut = FlowFit.Longest / MathF.Max(MathF.Sqrt(x * x + y * y), FlowFit.Longest);
            int cell = row * columns + column;
            Set(0, shares.First * cut * x);
            Set(1, shares.First * cut * y);
            Set(2, shares.Second * cut * x);
            Set(3, shares.Second * cut * y);
            Set(4, 0);

            void Set(int plane, float value) => change[plane * cells + cell] = added is null ? value : added[plane * cells + cell] + value;

            float Around(int plane)
            {
                float sum = 0;
                for (int i = 0; i < 9; i++)
                    sum += sums[plane * cells + Math.Clamp(row + i / 3 - 1, 0, rows - 1) * columns + Math.Clamp(column + i % 3 - 1, 0, columns - 1)];
                return sum;
            }
        }
    }
}
