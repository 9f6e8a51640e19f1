namespace AdaConv.Conversion.Verification;

/// <summary>An output is not what its conversion promises.</summary>
/// <param name="report">What was found.</param>
public sealed class VerificationException(VerificationReport report)
    : AdaConvException(
        "Verifying",
        (report ?? throw new ArgumentNullException(nameof(report))).Output,
        $"it is not what was promised: {report.Summary}. {report.Checks.SelectMany(check => check.Breaks).First().Message}",
        "It was not written under its name.",
        detail: null,
        innerException: null)
{
    /// <summary>What was found.</summary>
    public VerificationReport Report { get; } = report;
}
