using System.Diagnostics;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>How fast a frame's convolutions are.</summary>
/// <param name="MultiplyAdds">Of a frame's convolutions, were they computed directly.</param>
/// <param name="Seconds">What they take, each at its best; packing of the planes that the first ones take is part of it.</param>
public readonly record struct ConvolutionTime(double MultiplyAdds, double Seconds)
{
    /// <summary>Effective operations, two for each multiply-add, in 10⁹ a second. Minimal filtering needs fewer: it may exceed the processor's peak.</summary>
    public double GigaFlopsPerSecond => 2 * MultiplyAdds / Seconds / 1e9;
}

/// <summary>Measures the convolutions of a network where they are at work: among all other steps of a frame, run by the engine.</summary>
public sealed unsafe class ConvolutionMeter : IDisposable
{
    private readonly EngineWeights _weights;
    private readonly KernelLevel? _level;

    /// <summary>Loads a weight file.</summary>
    /// <param name="weightsPath">The file.</param>
    /// <param name="level">The kernel level; null: the best.</param>
    /// <exception cref="ModelException">The weights cannot be used.</exception>
    public ConvolutionMeter(string weightsPath, KernelLevel? level = null) =>
        (_level, _weights) = (level, new(NetworkWeights.Load(weightsPath), new(level)));

    /// <summary>Measures whole frames.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="threads">Threads of each step.</param>
    /// <param name="time">How long; two frames are computed in any case.</param>
    /// <param name="cancellation">Ends the work.</param>
    public ConvolutionTime Measure(int width, int height, int threads, TimeSpan time, CancellationToken cancellation = default)
    {
        int multiple = _weights.Network.SizeMultiple;
        TileShape shape = new(RoundUp(width), RoundUp(height), 3, SamplesAreColours: false, Depth: 8);
        EngineProgram program = EngineProgram.Write(_weights, new(shape), new(Synthesis.Convolution, Grain.Smooth), new(_level, threads));
        using FloatBuffer arena = new(), frames = new();
        float* memory = arena.Take(program.Floats), planes = frames.Take(shape.InputPlanes * shape.PlaneLength);
        FillWithTexture(shape, planes);
        FramePair colours = FramePair.Of(planes, 3, shape), samples = FramePair.Of(planes + shape.FirstSamplePlane * shape.PlaneLength, 3, shape);
        program.Prepare(memory, colours, samples, [0.5f, 0.5f, 0.5f], 0.5);
        double[] best = new double[program.Steps.Count];
        Array.Fill(best, double.PositiveInfinity);
        long begin = Stopwatch.GetTimestamp();
        for (int run = 0; run < 2 || Stopwatch.GetElapsedTime(begin) < time; run++)
        {
            for (int i = 0; i < best.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                program.Steps[i].Run(memory);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return new(program.Steps.Sum(step => step.MultiplyAdds), best.Where((_, i) => program.Steps[i].MultiplyAdds > 0).Sum());

        int RoundUp(int size) => (size + multiple - 1) / multiple * multiple;
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    // Soft waves, three pixels further right in the second frame.
    private static void FillWithTexture(in TileShape shape, float* planes)
    {
        for (int plane = 0; plane < shape.InputPlanes; plane++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                float* row = planes + (plane * shape.PlaneLength) + ((long)y * shape.Width);
                for (int x = 0; x < shape.Width; x++)
                {
                    int u = plane % 6 >= 3 ? x - 3 : x;
                    row[x] = 0.5f + (0.25f * MathF.Sin((u * 0.31f) + (plane % 3))) + (0.2f * MathF.Cos((y * 0.23f) + (u * 0.07f)));
                }
            }
        }
    }
}
