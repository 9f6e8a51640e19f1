namespace AdaConv.Engine;

/// <summary>
/// Activations [N, h, w, C], dense, as convolutions take them (channels last): float32 or bfloat16. The memory is the caller's and must
/// stay in place during the call.
/// </summary>
/// <param name="data">The first value, aligned to 4 bytes.</param>
/// <param name="channels">C: even for bfloat16.</param>
/// <param name="isBFloat16">bfloat16 instead of float32.</param>
public readonly unsafe struct InterleavedView(void* data, int channels, bool isBFloat16)
{
    /// <summary>The first value.</summary>
    public void* Data { get; } = data;

    /// <summary>C.</summary>
    public int Channels { get; } = channels;

    /// <summary>bfloat16 instead of float32.</summary>
    public bool IsBFloat16 { get; } = isBFloat16;

    /// <summary>Words of four bytes a pixel: one float32 or two bfloat16 each.</summary>
    internal int Words => IsBFloat16 ? Channels / 2 : Channels;

    internal uint* Row(long row, int width) => (uint*)Data + row * width * Words;

    internal void Validate(int channelsInUse, string name)
    {
        if (Data is null)
            throw new ArgumentNullException(name);
        if (Channels < channelsInUse)
            throw new ArgumentException($"There are {channelsInUse} planes for {Channels} channels.", name);
        if (IsBFloat16 && Channels % 2 != 0)
            throw new ArgumentException($"{Channels} channels of bfloat16: an even number is needed.", name);
    }
}
