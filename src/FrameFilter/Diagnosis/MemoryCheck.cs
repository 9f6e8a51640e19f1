namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>The machine's memory, half of which a conversion uses at most by default.</summary>
internal sealed class MemoryCheck : Check
{
    // 854×480 peaks at 0.83 GiB (bench/README.md); below twice that the default limit cuts even such frames into tiles.
    private const long Little = 2L << 30;

    public override string Topic => "memory";

    public override IEnumerable<Finding> Look()
    {
        long total = Machine.Memory, used = GC.GetGCMemoryInfo().MemoryLoadBytes;
        string text = $"{Machine.Size(total)}, of which a conversion uses at most half, unless --memory-limit is set";
        yield return total < Little ? Note($"{text}: too little for whole frames, which are predicted in small tiles") : Fine(text);
        if (used > total * 9 / 10)
        {
            yield return Note($"{Machine.Size(used)} of it are in use now", "close other programs, or use --memory-limit 1GiB");
        }
    }
}
