using System.Globalization;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data.Preparation;

/// <summary>Triplets of a Vimeo90K layout that share a folder. They were chosen by others: none is rejected for how it moves.</summary>
/// <param name="Name">The folder below sequences.</param>
/// <param name="Triplets">Each triplet's name and its three files in order of time.</param>
internal sealed record TripletGroupItem(string Name, IReadOnlyList<(string Name, FileInfo[] Files)> Triplets)
    : FootageItem(Name, [.. Triplets.SelectMany(triplet => triplet.Files)])
{
    /// <inheritdoc/>
    public override string Kind => "triplets";

    /// <inheritdoc/>
    public override PreparedItem Prepare(Stream data, int framesPerClip)
    {
        List<FrameSequence> sequences = [];
        List<string> leftOut = [];
        HashSet<string> sizes = [];
        foreach (var (name, files) in Triplets)
        {
            try
            {
                FrameImage[] frames = [.. files.Select(file => FrameImage.Read(file, factor: 1))];
                string[] of = [.. frames.Select(frame => string.Create(CultureInfo.InvariantCulture, $"{frame.Width}x{frame.Height}"))];
                if (of.Distinct().Count() > 1)
                {
                    throw new TrainingException($"its frames are of unequal sizes: {string.Join(", ", of)}");
                }

                var writer = new SequenceWriter(data, name, frames[0].Width, frames[0].Height);
                Array.ForEach(frames, frame => writer.Add(frame.Planes));
                sequences.Add(writer.Triplet());
                sizes.Add(of[0]);
            }
            catch (TrainingException exception)
            {
                leftOut.Add($"{name}: {exception.Message}");
            }
        }

        return new PreparedItem(Name, Kind, sequences)
        {
            SourceSize = sizes.Count == 0 ? null : string.Join(", ", sizes),
            FramesRead = 3 * sequences.Count,
            LeftOut = leftOut,
        };
    }
}
