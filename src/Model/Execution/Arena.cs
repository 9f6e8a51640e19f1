namespace AdaConv.Model;

/// <summary>Gives the planes of a program their places: those that are never in use together may share one.</summary>
internal static class Arena
{
    private const int Alignment = 16; // floats: a cache line
    private const int HeldSteps = 1000;

    /// <summary>
    /// Places all planes, one after another, each as low as those allow that lie already and are in use at the same time: the largest first, or the largest by
    /// size times steps, whichever needs less.
    /// </summary>
    /// <param name="planes">In the order in which they are made.</param>
    /// <returns>Floats that the arena takes.</returns>
    public static long Place(IEnumerable<EnginePlanes> planes)
    {
        List<Block> blocks = Blocks(planes);
        long least = long.MaxValue;
        foreach (Func<Block, long> rank in (Func<Block, long>[])[block => block.Floats, block => block.Floats * block.Span])
        {
            long size = Place(blocks.OrderByDescending(rank));
            if (size < least)
            {
                least = size;
                blocks.ForEach(block => block.Planes.ForEach(part => part.Offset = block.Offset));
            }
        }

        return least;
    }

    private static long Place(IEnumerable<Block> blocks)
    {
        List<Block> placed = []; // by place
        long size = 0;
        foreach (Block block in blocks)
        {
            long at = 0;
            for (int i = 0; i < placed.Count && placed[i].Offset < at + block.Floats; i++)
            {
                if (placed[i].Meets(block))
                {
                    at = Math.Max(at, placed[i].Offset + placed[i].Floats);
                }
            }

            block.Offset = at;
            placed.Insert(placed.FindLastIndex(other => other.Offset <= at) + 1, block);
            size = Math.Max(size, at + block.Floats);
        }

        return size;
    }

    // Planes that take the place of others in the same step are one block with them.
    private static List<Block> Blocks(IEnumerable<EnginePlanes> planes)
    {
        List<Block> blocks = [];
        foreach (EnginePlanes made in planes)
        {
            Block? replaced = made.MayReplace?.Whole is { } old && old.LastUse == made.Made && old.Made >= 0 && old.Floats == made.Floats
                ? blocks.Find(block => block.Planes[^1] == old)
                : null;
            if (replaced is null)
            {
                blocks.Add(new(made));
            }
            else
            {
                replaced.Planes.Add(made);
            }
        }

        return blocks;
    }

    private sealed class Block(EnginePlanes first)
    {
        public List<EnginePlanes> Planes { get; } = [first];

        public long Floats { get; } = (first.Floats + Alignment - 1) / Alignment * Alignment;

        public long Offset { get; set; }

        /// <summary>Steps that it is in use for; where it is held to the end, more than any program has.</summary>
        public long Span => Math.Min(Planes[^1].LastUse, HeldSteps) - Planes[0].Made + 1;

        public bool Meets(Block other) => Planes[0].Made <= other.Planes[^1].LastUse && other.Planes[0].Made <= Planes[^1].LastUse;
    }
}
