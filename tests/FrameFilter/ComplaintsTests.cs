using AdaConv.Tests.Support;
using System.Text.RegularExpressions;

namespace AdaConv.FrameFilter.Tests;

public sealed partial class ComplaintsTests
{
    /// <remarks>A table that names tests is worth as much as the names.</remarks>
    [Fact]
    public void Every_test_that_the_table_of_complaints_names_is_there()
    {
        string tests = string.Join('\n', Directory
            .EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        string table = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "complaints.md"));

        string[] names = [.. TestName().Matches(table).Select(match => match.Value).Distinct()];

        Assert.True(names.Length > 30, "The table names too few tests.");
        Assert.All(names, name => Assert.Contains($" {name}(", tests, StringComparison.Ordinal));
    }

    [GeneratedRegex("[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}")]
    private static partial Regex TestName();
}
