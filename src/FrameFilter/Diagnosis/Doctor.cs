using AdaConv.FrameFilter.Configuration;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>Looks at everything that a conversion needs: <c>framefilter doctor</c>.</summary>
public static class Doctor
{
    /// <summary>All findings, in the order of the checks; one by one, as looking takes seconds.</summary>
    /// <param name="files">Where models and settings lie; null: beside the application.</param>
    public static IEnumerable<Finding> Examine(ApplicationFiles? files = null)
    {
        files ??= ApplicationFiles.Find();
        return Examine(
        [
            new FFmpegCheck(), new EncoderCheck(), new ProcessorCheck(), new MemoryCheck(), new ExecutorCheck(files), new GraphicsCheck(),
            new WeightsCheck(files), new DiskCheck(), new SettingsCheck(files),
        ]);
    }

    internal static IEnumerable<Finding> Examine(IEnumerable<Check> checks)
    {
        foreach (Check check in checks)
        {
            List<Finding> findings = [];
            try
            {
                findings.AddRange(check.Look());
            }
#pragma warning disable CA1031 // Whatever is broken is what is looked for, and the other checks go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                findings.Add(new(check.Topic, FindingState.Missing, (e.InnerException as DllNotFoundException ?? e).Message, check.Remedy));
            }

            foreach (Finding finding in findings)
            {
                yield return finding;
            }
        }
    }
}
