using System.Numerics;

namespace AdaConv.Engine;

/// <summary>How far flows reach: <code>out(i) = maxₚ |flows(p, i)|</code></summary>
public static unsafe class FlowExtent
{
    private const int Block = 1 << 14;

    /// <summary>Computes the output; what is not a number stays none.</summary>
    /// <param name="planes">P, 1 or more.</param>
    /// <param name="length">Values of a plane.</param>
    /// <param name="flows">[P, length].</param>
    /// <param name="output">[length], written.</param>
    /// <param name="options">Threads.</param>
    public static void Apply(int planes, long length, float* flows, float* output, EngineOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(planes);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Tiles.Run(checked((int)((length + Block - 1) / Block)), (options ?? EngineOptions.Default).ResolveThreads(), tile =>
        {
            long start = (long)tile * Block;
            Row(planes, flows + start, (nint)length, output + start, (int)Math.Min(Block, length - start));
        });
    }

    /// <summary>Some neighbouring values, on the calling thread.</summary>
    /// <param name="planes">P, 1 or more.</param>
    /// <param name="flows">The first value of plane 0.</param>
    /// <param name="stride">Floats from a plane to the next.</param>
    /// <param name="output">Written.</param>
    /// <param name="count">How many values.</param>
    internal static void Row(int planes, float* flows, nint stride, float* output, int count)
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
