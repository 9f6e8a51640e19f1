namespace AdaConv.Engine;

/// <summary>The detail of frames and of their blend, value by value: see <see cref="FrameDetail"/>.</summary>
internal static unsafe class FrameDetailReference
{
    /// <summary>On whole planes.</summary>
    public static void Keep(WarpShape shape, float* blend, float* target, float* output, int threads)
    {
        int height = shape.Height, width = shape.Width;
        Tiles.Run(height, threads, y =>
        {
            for (int x = 0; x < width; x++)
            {
                double energy = 0;
                for (int down = -FrameDetail.Reach; down <= FrameDetail.Reach; down++)
                    for (int across = -FrameDetail.Reach; across <= FrameDetail.Reach; across++)
                        for (int p = 0; p < shape.Planes; p++)
                        {
                            float detail = Detail(blend + p * shape.PlaneSize, height, width, Clamp(y + down, height), Clamp(x + across, width));
                            energy += detail * detail;
                        }

                float factor = Factor(target[(long)y * width + x], (float)(energy / 25));
                for (int p = 0; p < shape.Planes; p++)
                {
                    long at = p * shape.PlaneSize + (long)y * width + x;
                    output[at] = blend[at] + factor * Detail(blend + p * shape.PlaneSize, height, width, y, x);
                }
            }
        });
    }

    /// <summary>See <see cref="FrameDetail.ToCells"/>.</summary>
    public static void ToCells(float* flow, int width, int? y)
    {
        for (int x = 0; x < width; x++)
        {
            int place = y ?? x;
            flow[x] = (place + flow[x] + 0.5f) / FrameDetail.Cell - 0.5f - place;
        }
    }

    /// <summary>Adds the energy of one row's detail; the rows go on by a value before and behind.</summary>
    public static void AddEnergy(float* above, float* row, float* below, float* energy, int width)
    {
        for (int x = 0; x < width; x++)
        {
            float detail = row[x] - (Sum(x - 1) + 2 * Sum(x) + Sum(x + 1)) / 16;
            energy[x] += detail * detail;
        }

        float Sum(int x) => above[x] + 2 * row[x] + below[x];
    }

    private static float Factor(float target, float energy)
    {
        float ratio = MathF.Sqrt(target / MathF.Max(energy, FrameDetail.LeastEnergy));
        float more = FrameDetail.Strength * (Math.Clamp(float.IsNaN(ratio) ? 1 : ratio, 1, FrameDetail.LargestFactor) - 1);
        return MathF.Min(more, FrameDetail.MostAdded / MathF.Sqrt(MathF.Max(energy, FrameDetail.LeastEnergy)));
    }

    private static float Detail(float* plane, int height, int width, int y, int x)
    {
        float sum = 0;
        for (int down = -1; down <= 1; down++)
            for (int across = -1; across <= 1; across++)
                sum += (2 - Math.Abs(down)) * (2 - Math.Abs(across)) * plane[(long)Clamp(y + down, height) * width + Clamp(x + across, width)];
        return plane[(long)y * width + x] - sum / 16;
    }

    private static int Clamp(int place, int length) => Math.Clamp(place, 0, length - 1);
}
