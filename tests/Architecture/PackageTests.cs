using System.Text.Json;
using System.Xml.Linq;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Architecture.Tests;

/// <summary>Packages are locked, and each is named with its licence.</summary>
public sealed class PackageTests
{
    private static readonly string[] Folders = ["src", "tests", "bench", "examples"];

    /// <remarks>Projects that are compiled ahead of time have none: some of their packages have the SDK's own version.</remarks>
    [Fact]
    public void Every_project_has_a_lock_file()
    {
        string[] without = [.. Projects().Where(project => !File.Exists(LockOf(project)))
            .Where(project => !XElement.Load(project).Descendants("IsAotCompatible").Any())];
        Assert.True(without.Length == 0, $"`dotnet restore` writes what is missing: {string.Join(", ", without)}");
    }

    [Fact]
    public void Every_locked_package_is_named_with_its_version_and_a_licence_whose_text_is_there()
    {
        string notices = File.ReadAllText(InRoot("THIRD-PARTY-NOTICES.md"));
        Dictionary<string, string> named = notices.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells is { Length: 6 } && cells[1] != "package")
            .ToDictionary(cells => $"{cells[1]} {cells[2]}", cells => cells[3]);
        (string Id, string Version)[] locked = [.. Projects().Select(LockOf).Where(File.Exists).SelectMany(Packages).Distinct()];

        Assert.NotEmpty(locked);
        string[] missing = [.. locked.Select(package => $"{package.Id} {package.Version}").Where(package => !named.ContainsKey(package))];
        Assert.True(missing.Length == 0, $"THIRD-PARTY-NOTICES.md lacks {string.Join(", ", missing)}: dotnet run eng/notices.cs writes it.");
        foreach ((string package, string licence) in named)
        {
            Assert.True(notices.Contains($"\n### {licence}\n\n```text\n", StringComparison.Ordinal), $"{package}: there is no text of {licence}.");
        }
    }

    [Fact]
    public void Every_package_that_any_switch_takes_is_named()
    {
        string notices = File.ReadAllText(InRoot("THIRD-PARTY-NOTICES.md"));
        string[] ids = [.. XElement.Load(InRoot("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => (string)package.Attribute("Include")!)];
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Contains(id, notices, StringComparison.Ordinal));
    }

    [Fact]
    public void A_build_carries_native_libraries_of_its_own_system_alone()
    {
        string[] libraries = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "*Skia*", SearchOption.AllDirectories);
        Assert.NotEmpty(libraries);
        Assert.All(libraries, library => Assert.NotEqual(".pdb", Path.GetExtension(library)));
        Assert.Single(libraries.Select(Path.GetDirectoryName).Distinct());
    }

    private static IEnumerable<string> Projects() =>
        Folders.SelectMany(folder => Directory.EnumerateFiles(InRoot(folder), "*.csproj", SearchOption.AllDirectories));

    private static string InRoot(string name) => Path.Combine(RepositoryFiles.Root, name);

    private static string LockOf(string project) => Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json");

    private static IEnumerable<(string Id, string Version)> Packages(string lockFile)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(lockFile));
        return [.. document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!))];
    }
}
