namespace AdaConv.LibAv;

/// <summary>FFmpeg's libraries are missing or of no supported version; the message says what was found and what to do.</summary>
public sealed class LibAvNotFoundException : DllNotFoundException
{
    /// <summary>For serialisers and the like.</summary>
    public LibAvNotFoundException()
    {
    }

    /// <param name="message">What was looked for and found, what is supported, how to install it.</param>
    public LibAvNotFoundException(string message)
        : base(message)
    {
    }

    /// <param name="message">What was looked for and found, what is supported, how to install it.</param>
    /// <param name="innerException">What went wrong below.</param>
    public LibAvNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
