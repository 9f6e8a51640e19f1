using System.Numerics;

namespace AdaConv.Engine;

/// <summary>How far flows reach: <code>out(i) = maxₚ |flows(p, i)|</code></summary>
internal static unsafe class FlowExtent
{
    /// <summary>Computes neighbouring values, on the calling thread; what is not a number stays none.</summary>
    /// <param name="planes">P, 1 or more.</param>
    /// <param name="flows">The first value of plane 0.</param>
    /// <param name="stride">Floats from a plane to the next.</param>
    /// <param name="output">Written.</param>
    /// <param name="count">How many values.</param>
    public static void Row(int planes, float* flows, nint stride, float* output, int count)
    {
        int x = 0;
        for (; x <= count - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> most = Vector.Abs(Vector.Load(flows + x));
            for (int p = 1; p < planes; p++)
                most = Vector.Max(most, Vector.Abs(Vector.Load(flows + p * stride + x)));
            most.Store(output + x);
        }
        for (; x < count; x++)
        {
            float most = 0;
            for (int p = 0; p < planes; p++)
                most = MathF.Max(most, MathF.Abs(flows[p * stride + x]));
            output[x] = most;
        }
    }
}
