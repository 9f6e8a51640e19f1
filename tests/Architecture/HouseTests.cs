using System.Reflection;
using System.Text;
using Xunit;

namespace AdaConv.Architecture.Tests;

/// <summary>The rules of docs/architecture.md that the sources must keep.</summary>
public sealed class HouseTests
{
    public static TheoryData<string> Projects => [.. SourceProject.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_uses_one_that_uses_it(string name)
    {
        SourceProject project = SourceProject.Find(name);
        IReadOnlyCollection<TypeUse> uses = project.UsesBetweenFolders();
        Assert.True(uses.Count > 0 || project.Files.Select(Path.GetDirectoryName).Distinct().Count() == 1, "No use was recognised.");
        var message = new StringBuilder();
        foreach (IReadOnlyList<string> circle in Circles.Find(uses.Select(use => (use.Folder, use.UsedFolder))))
        {
            message.AppendLine($"{name}: {string.Join(", ", circle)} use each other:");
            foreach (IGrouping<(string, string), TypeUse> way in uses
                .Where(use => circle.Contains(use.Folder) && circle.Contains(use.UsedFolder))
                .OrderBy(use => use.ToString(), StringComparer.Ordinal)
                .GroupBy(use => (use.Folder, use.UsedFolder)))
            {
                message.AppendLine($"  {way.Key.Item1} → {way.Key.Item2}: " +
                    string.Join(", ", way.Select(use => $"{use.Type} → {use.UsedType}")));
            }
        }

        Assert.True(message.Length == 0, message.ToString());
    }

    [Fact]
    public void No_project_refers_to_one_that_refers_to_it() =>
        Assert.Empty(Circles.Find(SourceProject.All.SelectMany(project => project.References, (project, used) => (project.Name, used))));

    [Theory]
    [InlineData("Storage", "*")]
    [InlineData("FFmpeg.AutoGen", "*")]
    [InlineData("Engine", "Media Model Torch Conversion Reports FFmpeg.AutoGen")]
    [InlineData("Pictures", "Media Model Torch Conversion Reports FFmpeg.AutoGen")]
    [InlineData("Plugin", "Media Torch Conversion Reports FrameFilter FFmpeg.AutoGen")]
    [InlineData("Reports", "Media Model Torch Conversion Engine Drawing FFmpeg.AutoGen")]
    [InlineData("Drawing", "Media Model Torch Conversion Engine FFmpeg.AutoGen")]
    [InlineData("Media", "Model Torch Conversion Reports")]
    [InlineData("Model", "Media Torch Conversion Reports FFmpeg.AutoGen")]
    [InlineData("Torch", "Media Conversion Reports FFmpeg.AutoGen")]
    [InlineData("Onnx", "Media Torch Conversion Reports FFmpeg.AutoGen")]
    [InlineData("OnnxRuntime", "Media Torch Conversion Reports FFmpeg.AutoGen")]
    [InlineData("Conversion", "Reports FrameFilter")]
    [InlineData("CommandLine", "Media Model Torch Conversion Reports Engine FFmpeg.AutoGen")]
    [InlineData("FrameFilter", "Training Drawing")]
    [InlineData("Training", "Media Conversion FrameFilter OnnxRuntime FFmpeg.AutoGen")]
    public void A_project_never_knows(string name, string others)
    {
        HashSet<string> known = [];
        Stack<string> open = new([name]);
        while (open.TryPop(out string? project))
        {
            foreach (string reference in SourceProject.Find(project).References.Where(known.Add))
            {
                open.Push(reference);
            }
        }

        Assert.Empty(others == "*" ? known : known.Intersect(others.Split(' ')));
    }

    /// <remarks>References to a project pass on, so that those of the projects do not tell; what the compiler wrote does.</remarks>
    [Theory]
    [InlineData("AdaConv.FrameFilter", "AdaConv.FFmpeg")]
    [InlineData("AdaConv.Training", "AdaConv.FFmpeg")]
    public void A_program_calls_nothing_of(string program, string library)
    {
        string[] references = [.. Assembly.Load(program).GetReferencedAssemblies().Select(reference => reference.Name!)];
        Assert.Contains("AdaConv.Storage", references);
        Assert.DoesNotContain(library, references);
    }

    [Fact]
    public void No_folder_of_Media_is_crowded() =>
        Assert.Empty(SourceProject.Find("Media").Files.GroupBy(Path.GetDirectoryName).Where(folder => folder.Count() > 20).Select(folder => folder.Key));

    [Fact]
    public void Circles_of_any_length_are_found_and_nothing_else()
    {
        (string, string)[] uses = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("c", "e"), ("f", "g"), ("g", "f"), ("h", "h")];
        Assert.Equal(["a b c", "f g"], Circles.Find(uses).Select(circle => string.Join(' ', circle)).Order(StringComparer.Ordinal));
    }
}
