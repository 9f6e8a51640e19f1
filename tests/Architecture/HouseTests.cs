using System.Text;
using Xunit;

namespace AdaConv.Architecture.Tests;

/// <summary>The rules of docs/architecture.md that the sources must keep.</summary>
public sealed class HouseTests
{
    // Being rearranged.
    private static readonly string[] Unsettled = ["FFmpeg.AutoGen", "Torch", "Training"];

    public static TheoryData<string> Projects => [.. SourceProject.All.Select(project => project.Name).Except(Unsettled)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_uses_one_that_uses_it(string name)
    {
        IReadOnlyCollection<TypeUse> uses = SourceProject.Find(name).UsesBetweenFolders();
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
}
