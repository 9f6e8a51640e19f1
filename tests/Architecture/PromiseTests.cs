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

    /// <remarks>The README gives what conversions write: grain kept, motion along curves.</remarks>
    [Theory]
    [InlineData("fast")]
    [InlineData("guided")]
    [InlineData("quality")]
    public void The_README_states_the_scores_of_the_training_page(string weights)
    {
        Assert.Equal(Scores("docs/training.md", $"| {weights}, curved, `--grain keep` |"), Scores("README.md", $"| `{weights}`"));
    }

    // The first two of a row.
    private static string[] Scores(string page, string begin)
    {
        string row = Assert.Single(
            File.ReadLines(Path.Combine(RepositoryFiles.Root, page)), line => line.StartsWith(begin, StringComparison.Ordinal) && Decibels().IsMatch(line));
        return [.. Decibels().Matches(row).Take(2).Select(match => match.Value)];
    }

    [GeneratedRegex(@"\d+\.\d\d dB")]
    private static partial Regex Decibels();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex NamedTest();
}
