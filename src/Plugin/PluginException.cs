namespace AdaConv.Plugin;

/// <summary>A call that cannot be answered, with the code that the caller gets.</summary>
internal sealed class PluginException(Result result, string message) : Exception(message)
{
    /// <summary>What the caller gets.</summary>
    public Result Result { get; } = result;
}
