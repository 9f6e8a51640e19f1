using System.Text.Json;
using AdaConv.Conversion.Verification;

namespace AdaConv.FrameFilter.Verification;

/// <summary>A verification as lines of text.</summary>
internal static class VerificationText
{
    /// <summary>Writes all checks, the first breaks of each, and the verdict.</summary>
    public static void Write(TextWriter output, VerificationReport report)
    {
        output.WriteLine($"{report.Output}, made of {report.Input}: {Promise(report)}");
        foreach (VerificationCheck check in report.Checks)
        {
            output.WriteLine($"  {Word(check.State),-7}  {check.Name,-8}  {check.Summary}");
            foreach (VerificationBreak one in check.Breaks)
            {
                output.WriteLine($"           {Name(one.Kind)}: {one.Message}");
            }
        }

        foreach (string note in report.NotPromised)
        {
            output.WriteLine($"  note     {note}");
        }

        output.WriteLine(report.Held ? "The output is as promised." : "The output is not as promised.");
    }

    /// <summary>What the output is held against.</summary>
    public static string Promise(VerificationReport report) =>
        report.Promise + (report.TimingIsFound ? " (found from the output's rate and length, as no option names it)" : "");

    /// <summary>A check's state in a word.</summary>
    public static string Word(CheckState state) => state switch { CheckState.Held => "ok", CheckState.Broken => "BROKEN", _ => "-" };

    /// <summary>A kind of break as JSON has it: frameMissing.</summary>
    public static string Name(BreakKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
