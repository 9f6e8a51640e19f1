namespace AdaConv.Model;

/// <summary>Gives the planes of a program their places: those that are never in use together may share one.</summary>
internal static class Arena
{
    private const int Alignment = 16; // floats: a cache line

    /// <summary>Places all planes.</summary>
    /// <param name="planes">In the order in which they are made.</param>
    /// <returns>Floats that the arena takes.</returns>
    public static long Place(IEnumerable<EnginePlanes> planes)
    {
        List<EnginePlanes> held = []; // by place
        long size = 0;
        foreach (EnginePlanes made in planes)
        {
            held.RemoveAll(other => other.LastUse < made.Made);
            if (made.MayReplace?.Whole is { } old && old.LastUse == made.Made && old.Made >= 0 && old.Floats == made.Floats)
            {
                made.Offset = old.Offset;
                held[held.IndexOf(old)] = made;
                continue;
            }

            long at = 0;
            int index = 0;
            for (; index < held.Count && held[index].Offset - at < made.Floats; index++)
            {
                at = Math.Max(at, Rounded(held[index].Offset + held[index].Floats));
            }

            made.Offset = at;
            held.Insert(index, made);
            size = Math.Max(size, Rounded(at + made.Floats));
        }

        return size;
    }

    private static long Rounded(long floats) => (floats + Alignment - 1) / Alignment * Alignment;
}
