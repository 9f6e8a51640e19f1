namespace AdaConv.Engine;

/// <summary>The blend, value by value.</summary>
internal static unsafe class FrameBlendReference
{
    public static void Forward(WarpShape shape, TensorView frames, TensorView logit, TensorView output, int threads) =>
        Tiles.Run(shape.Batch, threads, n =>
        {
            for (long at = 0; at < shape.PlaneSize; at++)
            {
                float mask = Sigmoid(logit.Item(n)[at]);
                for (int p = 0; p < shape.Planes; p++)
                {
                    float first = frames.Item(n)[p * shape.PlaneSize + at], second = frames.Item(n)[(shape.Planes + p) * shape.PlaneSize + at];
                    output.Item(n)[p * shape.PlaneSize + at] = second + mask * (first - second);
                }
            }
        });

    public static void Backward(WarpShape shape, TensorView frames, TensorView logit, TensorView gradOutput, TensorView gradFrames,
        TensorView gradLogit, int threads) =>
        Tiles.Run(shape.Batch, threads, n =>
        {
            for (long at = 0; at < shape.PlaneSize; at++)
            {
                float mask = Sigmoid(logit.Item(n)[at]), sum = 0;
                for (int p = 0; p < shape.Planes; p++)
                {
                    long first = p * shape.PlaneSize + at, second = (shape.Planes + p) * shape.PlaneSize + at;
                    float gradient = gradOutput.Item(n)[first];
                    sum += gradient * (frames.Item(n)[first] - frames.Item(n)[second]);
                    if (gradFrames.Data is null)
                        continue;
                    gradFrames.Item(n)[first] = mask * gradient;
                    gradFrames.Item(n)[second] = (1 - mask) * gradient;
                }
                gradLogit.Item(n)[at] = mask * (1 - mask) * sum;
            }
        });

    /// <summary>See <see cref="FrameBlend.Share"/>.</summary>
    public static void Share(float* logit, int width)
    {
        for (int x = 0; x < width; x++)
            logit[x] = Sigmoid(logit[x]);
    }

    /// <summary>Neighbouring pixels of one row, as <see cref="FrameBlend"/> says.</summary>
    public static void Row(int planes, int width, float* frames, long framePlane, float* share, float* output, long outputPlane)
    {
        for (int p = 0; p < planes; p++)
        {
            float* first = frames + p * framePlane, second = frames + (planes + p) * framePlane, target = output + p * outputPlane;
            for (int x = 0; x < width; x++)
                target[x] = second[x] + share[x] * (first[x] - second[x]);
        }
    }

    private static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));
}
