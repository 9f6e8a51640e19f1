namespace AdaConv.Model;

/// <summary>A network, its weights or its runtime cannot be used; the message says which, why, and what to do.</summary>
public sealed class ModelException : AdaConvException
{
    /// <summary>Creates the exception without a message.</summary>
    public ModelException()
    {
    }

    /// <summary>Creates the exception with a message in plain words.</summary>
    public ModelException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public ModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
