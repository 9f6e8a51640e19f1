using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Fine detail, grain above all, that a blend of two frames has lost: what there is of it is amplified until it is nearly as strong as in the frames.
/// </summary>
/// <remarks>
/// <para>The detail of a plane is what a binomial filter of 3×3 takes away: <code>u(p) = b(p) − (b(p) ∗ [1 2 1]ᵀ[1 2 1] / 16)</code>
/// Its energy is <c>Σₚ u(p)²</c>: that of a frame as means over cells of 4×4 pixels (<see cref="EnergyRow"/>), read where the flow points; that of the
/// blend as the mean over 5×5 pixels, e. With the frames' energies blended by the mask as the target t,
/// <code>out(p) = b(p) + min(s · (min(max(√(t / e), 1), 4) − 1), d / √e) · u(p)</code></para>
/// <para>What is added costs its square of the error and brings itself of sharpness: so it is bounded by d, alike everywhere, rather than by a factor.</para>
/// <para>All planes share one factor. Nothing depends on which frame is the first. Rows and columns beyond the picture are its
/// border's. <see cref="FrameDetailReference"/> says the same value by value.</para>
/// </remarks>
public static unsafe class FrameDetail
{
    /// <summary>s: which share of the lost strength comes back (docs/training.md, "Grain").</summary>
    public const float Strength = 0.65f;

    /// <summary>d: root mean square of the detail that is added at most, over all planes together, where samples reach from 0 to 1: 3.8 of 255 code
    /// values.</summary>
    public const float MostAdded = 0.015f;

    /// <summary>Pixels along the side of a cell whose mean energy of a frame is known.</summary>
    public const int Cell = 4;

    /// <summary>Detail becomes this many times stronger at most.</summary>
    public const float LargestFactor = 4;

    /// <summary>What the blend's energy counts as where it has none: its detail is nothing there, whatever the factor.</summary>
    public const float LeastEnergy = 1e-30f;

    /// <summary>Pixels each way that the energy of the blend is averaged over.</summary>
    public const int Reach = 2;

    /// <summary>Rows above and below a pixel that the output depends on.</summary>
    internal const int Halo = Reach + 1;

    /// <summary>Floats before and behind a row that its border repeats in.</summary>
    internal const int Margin = 16;

    /// <summary>Floats from a row with its margins to the next.</summary>
    internal static int Stride(int width) => Scratch.Rounded(width) + 2 * Margin;

    /// <summary>Floats of working memory for a band of which so many rows of the blend are given.</summary>
    internal static int BandFloats(int rows, int width) => (rows + 1) * Stride(width);

    /// <summary>Puts detail back, on whole planes.</summary>
    /// <param name="shape">P, H, W; a batch of one.</param>
    /// <param name="blend">[P, H, W].</param>
    /// <param name="target">[H, W]: the energy wanted.</param>
    /// <param name="output">[P, H, W], written; it must not be the blend.</param>
    /// <param name="options">Threads; the scalar level takes the reference.</param>
    public static void Keep(in WarpShape shape, TensorView blend, TensorView target, TensorView output, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Batch, 1, nameof(shape));
        blend = blend.Resolve(1, shape.Planes * shape.PlaneSize, nameof(blend));
        target = target.Resolve(1, shape.PlaneSize, nameof(target));
        output = output.Resolve(1, shape.Planes * shape.PlaneSize, nameof(output));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                FrameDetailKernels<Operations512, Vector512<float>>.Keep(shape, blend.Data, target.Data, output.Data, threads);
                break;
            case KernelLevel.Vector256:
                FrameDetailKernels<Operations256, Vector256<float>>.Keep(shape, blend.Data, target.Data, output.Data, threads);
                break;
            case KernelLevel.Vector128:
                FrameDetailKernels<Operations128, Vector128<float>>.Keep(shape, blend.Data, target.Data, output.Data, threads);
                break;
            default:
                FrameDetailReference.Keep(shape, blend.Data, target.Data, output.Data, threads);
                break;
        }
    }

    /// <summary>Floats that <see cref="EnergyRow"/> works in.</summary>
    internal static int EnergyScratch(int width) => 4 * Stride(width);

    /// <summary>One row of cells of a frame, on the calling thread: <code>out(x) = mean of Σₚ u(p)² over the cell</code></summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="planes">P.</param>
    /// <param name="height">H, a multiple of the cell's.</param>
    /// <param name="width">W, alike.</param>
    /// <param name="row">Which row of cells.</param>
    /// <param name="rows">The planes, as a structure: a delegate would be made anew for each frame.</param>
    /// <param name="output">[W/4], written.</param>
    /// <param name="scratch">Working memory of <see cref="EnergyScratch"/>, aligned to a cache line.</param>
    internal static void EnergyRow<TRows>(
        KernelLevel level, int planes, int height, int width, int row, TRows rows, float* output, float* scratch)
        where TRows : struct, IPlaneRow
    {
        int stride = Stride(width);
        float* energy = scratch + 3 * stride + Margin;
        new Span<float>(energy, width).Clear();
        float** three = stackalloc float*[3];
        for (int plane = 0; plane < planes; plane++)
        {
            Take(plane, row * Cell - 1);
            Take(plane, row * Cell);
            for (int y = row * Cell; y < (row + 1) * Cell; y++)
            {
                Take(plane, y + 1);
                for (int i = 0; i < 3; i++)
                    three[i] = Place(y - 1 + i);
                AddEnergy(level, three[0], three[1], three[2], energy, width);
            }
        }

        for (int x = 0; x < width / Cell; x++, energy += Cell)
            output[x] = (energy[0] + energy[1] + energy[2] + energy[3]) * (1f / (Cell * Cell));

        float* Place(int y) => scratch + (y + 3) % 3 * stride + Margin;

        void Take(int plane, int y)
        {
            float* target = Place(y);
            rows.Copy(plane, Math.Clamp(y, 0, height - 1), target);
            (target[-1], target[width]) = (target[0], target[width - 1]);
        }
    }

    /// <summary>Flows of one row, as they point into planes of a cell for a pixel.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="flow">[W]: along x or y; becomes what a pixel of those planes is away from the same column or row.</param>
    /// <param name="width">W.</param>
    /// <param name="y">The row, for flows along y; null: along x.</param>
    internal static void ToCells(KernelLevel level, float* flow, int width, int? y)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FrameDetailKernels<Operations512, Vector512<float>>.ToCells(flow, width, y);
                break;
            case KernelLevel.Vector256:
                FrameDetailKernels<Operations256, Vector256<float>>.ToCells(flow, width, y);
                break;
            case KernelLevel.Vector128:
                FrameDetailKernels<Operations128, Vector128<float>>.ToCells(flow, width, y);
                break;
            default:
                FrameDetailReference.ToCells(flow, width, y);
                break;
        }
    }

    private static void AddEnergy(KernelLevel level, float* above, float* row, float* below, float* energy, int width)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FrameDetailKernels<Operations512, Vector512<float>>.AddEnergy(above, row, below, energy, width);
                break;
            case KernelLevel.Vector256:
                FrameDetailKernels<Operations256, Vector256<float>>.AddEnergy(above, row, below, energy, width);
                break;
            case KernelLevel.Vector128:
                FrameDetailKernels<Operations128, Vector128<float>>.AddEnergy(above, row, below, energy, width);
                break;
            default:
                FrameDetailReference.AddEnergy(above, row, below, energy, width);
                break;
        }
    }
}

/// <summary>Planes of which single rows are asked for.</summary>
internal unsafe interface IPlaneRow
{
    /// <summary>Copies a row of a plane.</summary>
    /// <param name="plane">Which plane.</param>
    /// <param name="row">Which row, inside the picture.</param>
    /// <param name="target">Where it goes.</param>
    void Copy(int plane, int row, float* target);
}
