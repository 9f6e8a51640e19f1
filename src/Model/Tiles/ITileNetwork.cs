namespace AdaConv.Model;

/// <summary>A network as tiles see it: planes of two frames and a time in, planes of the frame between out.</summary>
/// <remarks>Not thread-safe. Predictions are waited for in the order they were begun.</remarks>
public interface ITileNetwork : IDisposable
{
    /// <summary>Height and width of a tile must be multiples of this.</summary>
    int SizeMultiple { get; }

    /// <summary>Pixels beyond a tile's edge that its result depends on: the overlap that tiles need.</summary>
    int Context { get; }

    /// <summary>Rows and columns that a kernel of the network reaches over: K.</summary>
    int KernelSize { get; }

    /// <summary>Whether it predicts frames at any time between both; without it it knows the middle only.</summary>
    bool KnowsTime { get; }

    /// <summary>Bytes of memory at most that a prediction takes for each pixel looked at (measured, rounded up).</summary>
    int BytesPerPixel { get; }

    /// <summary>Bytes of memory that a prediction takes which looks at a whole frame at once, where that is known better than by
    /// <see cref="BytesPerPixel"/>.</summary>
    /// <param name="width">The frame's width, before it is rounded up to <see cref="SizeMultiple"/>.</param>
    /// <param name="height">Its height, alike.</param>
    /// <param name="samples">Its sample planes, 1 to 4.</param>
    long FrameBytes(int width, int height, int samples = 4) => (long)BytesPerPixel * width * height;

    /// <summary>
    /// Pixels each way of the cells that <see cref="TilePrediction.FindMotion"/> tells motion for and <see cref="TilePrediction.Bend"/> is told for, a
    /// divisor of <see cref="SizeMultiple"/>; 0: it does neither.
    /// </summary>
    int MotionCell => 0;

    /// <summary>Bytes for each pixel that it takes to keep what was found of two pairs' motion, so that predictions need not find it anew.</summary>
    int KeptBytesPerPixel => 0;

    /// <summary>
    /// Bytes that the process takes beside frames and predictions: run time, libraries, weights. Where it is the same in every run, so is the least
    /// memory limit.
    /// </summary>
    long ProcessBytes => Math.Min(Environment.WorkingSet, 1L << 30);

    /// <summary>The same with weights packed as <see cref="SettleWeights"/> packs them to spare memory.</summary>
    long SpareProcessBytes => ProcessBytes;

    /// <summary>Packs weights as they stay, before the first prediction; what it is told later changes nothing.</summary>
    /// <param name="spare">In less memory, with which predictions take longer.</param>
    void SettleWeights(bool spare)
    {
    }

    /// <summary>Whether a tile of another size than the last costs little to begin: frames are then predicted without the bars around them.</summary>
    bool TakesAnySize => false;

    /// <summary>Tiles that may be on their way at a time.</summary>
    int TilesInFlight => 1;

    /// <summary>Bytes that the network may take of a device's memory; null where it works in the process's own.</summary>
    /// <exception cref="ModelException">The device failed.</exception>
    long? DeviceMemory() => null;

    /// <summary>Room for one prediction at a time. It belongs to the network: dispose of it first.</summary>
    TilePrediction CreatePrediction();

    /// <summary>Whether an error means that a device's memory did not suffice: smaller tiles may fit.</summary>
    bool IsOutOfMemory(Exception error) => false;

    /// <summary>An error of a device in words for the user; null where it is none.</summary>
    ModelException? Explain(Exception error) => null;

    /// <summary>The same network on the processor, after all predictions here were disposed of; this object can only be disposed of afterwards.</summary>
    /// <returns>Null where it runs on the processor already.</returns>
    ITileNetwork? MoveToProcessor() => null;
}
