using AdaConv.Model;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>A folder with three images: a frame, the true middle one and the next.</summary>
/// <param name="Kind">The test set whose file names these are.</param>
/// <param name="Name">The folder's path below the test set's.</param>
/// <param name="First">Path of the earlier frame.</param>
/// <param name="Truth">Path of the true middle frame.</param>
/// <param name="Second">Path of the later frame.</param>
public sealed record TripletFolder(TestSetKind Kind, string Name, string First, string Truth, string Second)
{
    // Middlebury, UCF101 as scored in the literature, Vimeo90K.
    private static readonly (TestSetKind Kind, string First, string Truth, string Second)[] Layouts =
    [
        (TestSetKind.Middlebury, "frame10.png", "frame10i11.png", "frame11.png"),
        (TestSetKind.Ucf101, "frame_00.png", "frame_01_gt.png", "frame_02.png"),
        (TestSetKind.Vimeo90K, "im1.png", "im2.png", "im3.png"),
    ];

    /// <summary>The name as a file's, without its extension.</summary>
    public string FileName => ToFileName(Name);

    /// <summary>A triplet's name as a file's, without its extension.</summary>
    internal static string ToFileName(string name) => name.Replace('/', '-').Replace('\\', '-');

    /// <summary>Finds the triplets of a test set, in the order of their names; a Vimeo90K folder is restricted to its tri_testlist.txt.</summary>
    /// <exception cref="TrainingException">There is no such folder, or no triplet in it.</exception>
    public static IReadOnlyList<TripletFolder> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException($"The test set {folder} does not exist.");
        }

        string list = Path.Combine(folder, "tri_testlist.txt");
        IEnumerable<string> candidates = File.Exists(list)
            ? File.ReadLines(list).Where(line => line.Trim().Length > 0).Select(line => Path.Combine(folder, "sequences", line.Trim()))
            : Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder);
        TripletFolder[] found =
        [
            .. candidates.Order(StringComparer.Ordinal).SelectMany(path => Layouts
                .Where(layout => File.Exists(Path.Combine(path, layout.Truth)))
                .Select(layout => new TripletFolder(
                    layout.Kind,
                    path == folder ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) : Path.GetRelativePath(folder,
                        path), Path.Combine(path, layout.First), Path.Combine(path, layout.Truth), Path.Combine(path, layout.Second)))),
        ];
        return found.Length > 0
            ? found
            : throw new TrainingException($"The test set {folder} holds no triplets ({string.Join(", ", Layouts.Select(layout => layout.Truth))}).");
    }

    /// <summary>Reads the three images.</summary>
    /// <exception cref="TrainingException">An image is missing, broken, or of another size than the others.</exception>
    public FrameTriplet Read()
    {
        var triplet = new FrameTriplet(ImageFile.Read(First), ImageFile.Read(Truth), ImageFile.Read(Second));
        var (first, truth, second, _) = triplet;
        if ((first.Width, first.Height) == (second.Width, second.Height) && (first.Width, first.Height) == (truth.Width, truth.Height))
        {
            return triplet;
        }

        triplet.Dispose();
        throw new TrainingException(
            $"The triplet {Name} has frames of unequal sizes: {first.Width}x{first.Height}, {truth.Width}x{truth.Height}, {second.Width}x{second.Height}.");
    }

    /// <summary>Scores an interpolator on the triplet.</summary>
    /// <param name="interpolator">What predicts the middle frame.</param>
    /// <exception cref="TrainingException">An image is missing, broken, or of another size than the others.</exception>
    public FrameScore Examine(IFrameInterpolator interpolator)
    {
        using FrameTriplet triplet = Read();
        return triplet.Score(interpolator);
    }
}
