namespace AdaConv.Plugin;

/// <summary>The library's version.</summary>
internal static class ProductVersion
{
    /// <summary>As text in UTF-8, ended by 0 behind its last byte.</summary>
    public static ReadOnlySpan<byte> Text => "0.1.0"u8;
}
