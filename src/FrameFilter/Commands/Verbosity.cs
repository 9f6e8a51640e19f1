namespace AdaConv.FrameFilter.Commands;

/// <summary>How much the program says on stderr.</summary>
internal enum Verbosity
{
    /// <summary>Errors.</summary>
    Quiet,

    /// <summary>Progress, warnings and a last line.</summary>
    Normal,

    /// <summary>All that is known.</summary>
    Verbose,
}
