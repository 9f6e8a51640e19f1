using System.Text.RegularExpressions;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Architecture.Tests;

/// <summary>Each promise of the pages names the tests that try to break it, and these are there.</summary>
public sealed partial class PromiseTests
{
    [Theory]
    [InlineData("complaints.md", 30)]
    [InlineData("reliability.md", 30)]
    public void Every_test_that_a_promise_names_is_there(string page, int least)
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", page));
        Match[] named = [.. NamedTest().Matches(text).DistinctBy(match => match.Value)];
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests"), "*Tests*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)];

        string[] missing = [.. named.Where(match => !Array.Exists(sources, source =>
            source.Contains($"class {match.Groups[1].Value}", StringComparison.Ordinal)
            && source.Contains($" {match.Groups[2].Value}(", StringComparison.Ordinal))).Select(match => match.Value)];

        Assert.True(missing.Length == 0, $"docs/{page} names tests that are not there: {string.Join(", ", missing)}");
        Assert.True(named.Length >= least, $"docs/{page} names {named.Length} tests.");
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex NamedTest();
}
