using System.Globalization;

namespace AdaConv.Training.Data.Preparation;

/// <summary>A folder of numbered JPEG or PNG files.</summary>
internal sealed record FrameFolderItem(string Name, IReadOnlyList<FileInfo> Files) : FootageItem(Name, Files)
{
    /// <inheritdoc/>
    public override string Kind => "frames";

    /// <inheritdoc/>
    public override PreparedItem Prepare(Stream data, int framesPerClip)
    {
        FrameImage first = FrameImage.Read(Files[0]);
        FrameScaling scaling = FrameScaling.Of(first.Width, first.Height);
        var writer = new SequenceWriter(data, Name, first.Width / scaling.Factor, first.Height / scaling.Factor);
        foreach (FileInfo file in Files.Take(framesPerClip))
        {
            FrameImage frame = FrameImage.Read(file, scaling.Factor);
            if ((frame.Width, frame.Height) != (first.Width, first.Height))
            {
                throw new TrainingException(
                    $"{file.Name} is of {frame.Width}x{frame.Height} pixels, {Files[0].Name} of {first.Width}x{first.Height}: the frames of a folder "
                    + $"must be of one size");
            }

            writer.Add(frame.Planes);
        }

        return writer.Finish(this) with
        {
            SourceSize = string.Create(CultureInfo.InvariantCulture, $"{first.Width}x{first.Height}"),
            ScaledBecause = scaling.Because,
        };
    }
}
