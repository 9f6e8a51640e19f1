using System.CommandLine;
using AdaConv.Engine;
using AdaConv.Engine.Cuda;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.FrameFilter.Display;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter doctor</c>: looks at all that a conversion needs, and says what to type where something is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var json = JsonOutput.CreateOption();
        var selfTest = new Option<bool>("--gpu-selftest")
        {
            Description = "Only test and time every CUDA kernel on this machine's GPU against the CPU: a report to send back.",
        };
        var command =
            new Command("doctor", "Checks everything that a conversion needs, and prints the command to type where something is missing.") { json, selfTest };
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(selfTest))
            {
                return TestDevice(output, files);
            }

            List<Finding> findings = [];
            foreach (var finding in Doctor.Examine(files))
            {
                findings.Add(finding);
                if (!result.GetValue(json))
                {
                    Print(output, finding);
                }
            }

            int missing = findings.Count(finding => finding.State == FindingState.Missing);
            if (result.GetValue(json))
            {
                JsonOutput.Write(output, new { VersionText.Version, Machine = Machine.Summary, Fine = missing == 0, Findings = findings });
            }
            else
            {
                output.WriteLine();
                output.WriteLine(
                    missing == 0 ? "Everything that conversions need is installed."
                    : missing == 1 ? "One thing that conversions need is missing."
                    : $"{missing} things that conversions need are missing.");
            }

            return missing == 0 ? ExitCode.Success : ExitCode.Failure;
        });
        return command.WithExamples("framefilter doctor", "framefilter doctor --json", "framefilter doctor --gpu-selftest");
    }

    private static int TestDevice(TextWriter output, ApplicationFiles files)
    {
        output.WriteLine($"AdaConv {VersionText.Version}, {Machine.Summary}");
        try
        {
            using (CudaDevice device = CudaDevice.Open())
            {
                if (!CudaSelfTest.Run(device, output.WriteLine))
                {
                    return ExitCode.Failure;
                }
            }

            if (NetworkExecutors.WhyNotCuda(out _) is { } problem)
            {
                output.WriteLine($"network       not run: {problem}");
                return ExitCode.Success;
            }

            return NetworkExecutors.Cuda!.Test(Path.Combine(files.Models, "guided.safetensors"), output.WriteLine) ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception e) when (e is CudaException or ModelException)
        {
            output.WriteLine($"result        {(e is CudaException ? "no test" : "no test of the network")}: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static void Print(TextWriter output, Finding finding)
    {
        string mark = finding.State switch
        {
            FindingState.Fine => "ok",
            FindingState.Note => "note",
            _ => "MISSING",
        };
        const int Indent = 20;
        output.WriteLine($"{mark,-7} {finding.Topic,-11} {finding.Text.ReplaceLineEndings($"\n{new string(' ', Indent)}")}");
        if (finding.Remedy is { } remedy)
        {
            output.WriteLine($"{new string(' ', Indent)}→ {remedy}");
        }
    }
}
