namespace AdaConv.Engine.Cuda;

/// <summary>A kernel by name and how its threads are laid out.</summary>
/// <param name="Kernel">The exported name.</param>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="SharedBytes">Dynamic shared memory of a block, below the 48 KiB that every device grants.</param>
internal readonly record struct KernelLaunch(
    string Kernel, (uint X, uint Y, uint Z) Grid, (uint X, uint Y, uint Z) Block, uint SharedBytes)
{
    // The macros of native/adaconv_kernels.h; a test compares what they lead to.
    private const int TileWidth = 32, PlanesAPass = 3, ForwardRows = 8, GradientRows = 4, ImageRows = 16, PixelRows = 8, Batch = 4, Chunk = 8;

    /// <summary>Blocks along the third axis at most, on every device.</summary>
    public const int MaximumDepth = 65535;

    public static KernelLaunch SeparableForward(in SeparableArguments a, KernelStorage storage) => new(
        Name("adaconv_separable_forward", storage),
        Cover(a.Width, a.Height, ForwardRows, a.Batch * Blocks(a.Planes, PlanesAPass)),
        (TileWidth, Blocks(a.Taps, Chunk), 1),
        4 * ((ForwardRows + Batch) * PlanesAPass * Pitch(a.Taps) + (Batch + 1) * ForwardRows * TileWidth));

    public static KernelLaunch TapGradient(in SeparableArguments a, KernelStorage storage) => new(
        Name("adaconv_separable_tap_gradient", storage),
        Cover(a.Width, a.Height, GradientRows, (uint)a.Batch),
        (TileWidth, Blocks(a.Taps, Chunk), 1),
        4 * ((GradientRows + Batch) * PlanesAPass * Pitch(a.Taps)
            + GradientRows * TileWidth * (Batch * (1 + Blocks(a.Taps, Chunk)) + 1)));

    public static KernelLaunch ImageGradient(in SeparableArguments a, KernelStorage storage) => new(
        Name("adaconv_separable_image_gradient", storage),
        Cover(a.Width, a.Height + a.Taps - 1, ImageRows, a.Batch * Blocks(a.Planes, PlanesAPass)),
        (Blocks(TileWidth + a.Taps - 1, 32) * 32, 1, 1),
        4 * TileWidth * (4 + ImageRows + 4) + 4 * (uint)a.Taps * (TileWidth + 1));

    public static KernelLaunch FoldTaps(in FoldArguments a) => Pixels(
        "adaconv_fold_taps_f32", (a.Width + 1) / 2, (a.Height + 1) / 2, a.Batch * a.Taps);

    public static KernelLaunch WarpForward(in WarpArguments a, KernelStorage storage) => Pixels(
        Name("adaconv_warp_forward", storage), a.Width, a.Height, a.Batch);

    public static KernelLaunch WarpBackward(in WarpArguments a, KernelStorage storage) => Pixels(
        Name("adaconv_warp_backward", storage), a.Width, a.Height, a.Batch);

    public static KernelLaunch CubicWarpForward(in WarpArguments a, KernelStorage storage) => Pixels(
        Name("adaconv_cubic_warp_forward", storage), a.Width, a.Height, a.Batch);

    public static KernelLaunch CubicWarpBackward(in WarpArguments a, KernelStorage storage) => Pixels(
        Name("adaconv_cubic_warp_backward", storage), a.Width, a.Height, a.Batch);

    private static KernelLaunch Pixels(string kernel, int width, int height, int depth) =>
        new(kernel, Cover(width, height, PixelRows, (uint)depth), (TileWidth, PixelRows, 1), 0);

    private static (uint X, uint Y, uint Z) Cover(int width, int height, int rows, long depth) =>
        (Blocks(width, TileWidth), Blocks(height, rows), (uint)depth);

    private static uint Blocks(int size, int tile) => (uint)((size + tile - 1) / tile);

    private static uint Pitch(int taps) => TileWidth + Chunk * Blocks(taps, Chunk);

    private static string Name(string kernel, KernelStorage storage) => kernel + (storage == KernelStorage.Float16 ? "_f16" : "_f32");
}

/// <summary>Where kernels run: a device's stream, or in the tests their emulation.</summary>
/// <remarks>Work is queued in order; nobody waits for it here.</remarks>
internal interface IKernelLauncher
{
    /// <summary>Queues a kernel.</summary>
    void Launch<TArguments>(in KernelLaunch launch, in TArguments arguments)
        where TArguments : unmanaged;

    /// <summary>Queues the setting of floats to zero.</summary>
    void Clear(nint address, long floats);
}
