namespace AdaConv.Media.Encoding;

/// <summary>The numbers of a transport stream's streams: each packet of 188 bytes names the one it belongs to.</summary>
internal static class PacketIdentifiers
{
    // What the standard reserves for tables, what libav's writer takes, and where it puts the table of the streams itself.
    private const int LastReserved = 0x1f, FirstBehind = 0x1ffb, Table = 0x1000, DiscTable = 0x100;

    /// <summary>
    /// Whether the input's identifiers can be the output's. They cannot where two are the same, one is that of a table, or they come from another kind
    /// of container; the writer then numbers the streams.
    /// </summary>
    /// <param name="ids">Those of all streams that are written.</param>
    /// <param name="isDisc">Whether it is a stream as Blu-ray discs and AVCHD cameras have it.</param>
    public static bool CanBeKept(ReadOnlySpan<int> ids, bool isDisc)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            bool isTaken = ids[i] == Table || (isDisc && ids[i] == DiscTable) || ids[..i].Contains(ids[i]);
            if (ids[i] is <= LastReserved or >= FirstBehind || isTaken)
            {
                return false;
            }
        }

        return true;
    }
}
