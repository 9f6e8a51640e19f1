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
            int count = (int)Math.Min(Block, length - start), x = 0;
            for (; x <= count - Vector<float>.Count; x += Vector<float>.Count)
            {
                Vector<float> most = Vector.Abs(Vector.Load(flows + start + x));
                for (int p = 1; p < planes; p++)
                    most = Vector.Max(most, Vector.Abs(Vector.Load(flows + p * length + start + x)));
                most.Store(output + start + x);
            }
            for (; x < count; x++)
            {
                float most = 0;
                for (int p = 0; p < planes; p++)
                    most = MathF.Max(most, MathF.Abs(flows[p * length + start + x]));
                output[start + x] = most;
            }
        });
    }
}
