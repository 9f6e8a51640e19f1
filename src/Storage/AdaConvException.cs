namespace AdaConv;

/// <summary>
/// What AdaConv throws where something outside the program is at fault: a file, a setting, the machine. The message is complete and meant for
/// the user: what was being done, to which file, what went wrong, and what can be done about it. Each domain has a class of its own.
/// </summary>
public abstract class AdaConvException : Exception
{
    private readonly string? _problem;

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

    /// <summary>A failure with everything that is known about it.</summary>
    /// <param name="operation">What was being done: "Writing".</param>
    /// <param name="path">The file concerned, if any.</param>
    /// <param name="problem">What went wrong, in plain words.</param>
    /// <param name="advice">What the user can do about it, if anything.</param>
    /// <param name="detail">The words of a library or the system.</param>
    /// <param name="innerException">The cause, if it was an exception.</param>
    protected AdaConvException(string operation, string? path, string problem, string? advice, string? detail, Exception? innerException)
        : base(Compose(operation, path, problem, advice, detail), innerException)
    {
        Operation = operation;
        Path = path;
        _problem = problem;
        Advice = advice;
    }

    /// <summary>What was being done; null where only the message tells.</summary>
    public string? Operation { get; }

    /// <summary>The file concerned; null for none, or where only the message tells.</summary>
    public string? Path { get; }

    /// <summary>What went wrong, in plain words; the whole message where only that tells.</summary>
    public string Problem => _problem ?? Message;

    /// <summary>What the user can do about it, if anything.</summary>
    public string? Advice { get; }

    /// <summary>The message: "Writing out.mkv: the disk is full (its words). Free some space."</summary>
    public static string Compose(string operation, string? path, string problem, string? advice, string? detail)
    {
        string message = path is null ? $"{operation}: {problem}" : $"{operation} {path}: {problem}";
        if (detail is not null)
        {
            message += $" ({detail})";
        }

        message += message.EndsWith('.') ? "" : ".";
        return advice is null ? message : $"{message} {advice}";
    }
}
