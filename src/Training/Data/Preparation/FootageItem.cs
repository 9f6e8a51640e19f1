namespace AdaConv.Training.Data.Preparation;

/// <summary>A clip, a folder of frames, or triplets that lie together: what is decoded at a time, into a cache file of its own.</summary>
/// <param name="Name">Its path below the folder it was found in.</param>
/// <param name="Files">What it is made of; a file that a list names may be missing.</param>
internal abstract record FootageItem(string Name, IReadOnlyList<FileInfo> Files)
{
    /// <summary>What it is, in a word.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it is read by the ffmpeg program.</summary>
    public virtual bool NeedsFfmpeg => false;

    /// <summary>Decodes the item into a cache file.</summary>
    /// <param name="data">Receives the frames.</param>
    /// <param name="framesPerClip">Frames at most.</param>
    /// <exception cref="TrainingException">It cannot be used; the message says why.</exception>
    public abstract PreparedItem Prepare(Stream data, int framesPerClip);
}
