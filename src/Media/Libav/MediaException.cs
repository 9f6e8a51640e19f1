namespace AdaConv.Media.Libav;

/// <summary>Reading, decoding, encoding or writing a media file failed. The message is complete and meant for the user.</summary>
public sealed class MediaException : AdaConvException
{
    /// <summary>A failure with everything that is known about it.</summary>
    /// <param name="operation">What was being done: "opening the input".</param>
    /// <param name="path">The file concerned, if any.</param>
    /// <param name="problem">What went wrong, in plain words.</param>
    /// <param name="advice">What the user can do about it, if anything.</param>
    /// <param name="nativeCode">libav's error code, 0 where libav was not involved.</param>
    /// <param name="nativeText">libav's own words: its text for the code, or its last log line.</param>
    /// <param name="innerException">The cause, if it was an exception.</param>
    public MediaException(
        string operation,
        string? path,
        string problem,
        string? advice = null,
        int nativeCode = 0,
        string? nativeText = null,
        Exception? innerException = null)
        : base(operation, path, problem, advice, nativeText, innerException)
    {
        NativeCode = nativeCode;
        NativeText = nativeText;
    }

    /// <summary>libav's error code, 0 where libav was not involved.</summary>
    public int NativeCode { get; }

    /// <summary>libav's own words.</summary>
    public string? NativeText { get; }

    /// <summary>Whether the other end of a pipe was closed.</summary>
    public bool IsClosedPipe => NativeCode == LibavError.ClosedPipe;
}
