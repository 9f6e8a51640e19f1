namespace AdaConv.Training.Evaluation;

/// <summary>What gets one line in a table of scores: a triplet of images, or a clip.</summary>
/// <param name="Set">The test set's name.</param>
/// <param name="Kind">What kind of set it is.</param>
/// <param name="Name">The item's name in the set.</param>
/// <param name="FileName">The name as a file's, without an extension.</param>
/// <param name="Read">Reads its triplets, one after the other; each is valid until the next one is asked for.</param>
public sealed record TestItem(string Set, TestSetKind Kind, string Name, string FileName, Func<IEnumerable<FrameTriplet>> Read)
{
    /// <summary>Of a clip one frame in so many remains; those between are predicted.</summary>
    public int Every { get; init; } = 2;

    /// <summary>The triplets of a folder, each an item.</summary>
    /// <exception cref="TrainingException">There is no such folder, or no triplet in it.</exception>
    public static IEnumerable<TestItem> OfFolder(string folder) => TripletFolder.Find(folder).Select(
        triplet => new TestItem(SetName(folder), triplet.Kind, triplet.Name, triplet.FileName, () => One(triplet)));

    /// <summary>A clip, or the clips of a folder, each an item.</summary>
    /// <param name="path">The clip or folder.</param>
    /// <param name="limit">Triplets at most of each clip.</param>
    /// <param name="every">One frame in so many remains, 2 or more.</param>
    /// <exception cref="TrainingException">There is no such file or folder, or no clip in it.</exception>
    public static IEnumerable<TestItem> OfClips(string path, int limit, int every = 2) => ClipSet.Find(path).Select(
        clip => new TestItem(SetName(path), TestSetKind.Clips, Path.GetFileName(clip), Path.GetFileNameWithoutExtension(clip),
            () => ClipSet.Read(clip, limit, every))
        {
            Every = every,
        });

    /// <summary>The set that a frame of an item counts in: where frames lie at several times, one for each.</summary>
    public string SetAt(double time)
    {
        int part = (int)Math.Round(time * Every), divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(part, Every);
        return Every == 2 ? Set : $"{Set}, one frame in {Every}, at {part / divisor}/{Every / divisor}";
    }

    private static IEnumerable<FrameTriplet> One(TripletFolder folder)
    {
        using FrameTriplet triplet = folder.Read();
        yield return triplet;
    }

    private static string SetName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}

/// <summary>A test set that the literature knows, or clips.</summary>
public enum TestSetKind
{
    /// <summary>The 12 pairs of the Middlebury flow set ("other") that come with the frame between.</summary>
    Middlebury,

    /// <summary>379 triplets of UCF101, as chosen by Liu et al. (deep voxel flow).</summary>
    Ucf101,

    /// <summary>Vimeo90K's triplets; the literature scores its 3,782 test triplets.</summary>
    Vimeo90K,

    /// <summary>Clips whose frames are dropped but for every second one or fewer.</summary>
    Clips,
}
