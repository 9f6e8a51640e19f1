namespace AdaConv;

/// <summary>
/// What AdaConv throws where something outside the program is at fault: a file, a setting, the machine. The message is complete and meant for
/// the user: what was being done, to which file, what went wrong, and what can be done about it. Each domain has a class of its own.
/// </summary>
public abstract class AdaConvException : Exception
{
    /// <summary>A failure without a message.</summary>
    protected AdaConvException()
    {
    }

    /// <summary>A failure in plain words.</summary>
    protected AdaConvException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    protected AdaConvException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
