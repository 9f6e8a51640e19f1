namespace AdaConv.Training;

/// <summary>Training or evaluation cannot go on; the message says with which file, why, and what to do.</summary>
public sealed class TrainingException : AdaConvException
{
    /// <summary>Creates the exception without a message.</summary>
    public TrainingException()
    {
    }

    /// <summary>Creates the exception with a message in plain words.</summary>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
