// Writes THIRD-PARTY-NOTICES.md: every package of the lock files, with its licence and holder as the restored package states them.
// Run anywhere in the repository after a restore: dotnet run eng/notices.cs
// Texts of licences, and packages that only other switches take, are in eng/licenses. A test holds the page against the lock files.
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

string root = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;
string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
(string Title, string[] Projects)[] parts =
[
    ("In the program framefilter", ["src/FrameFilter"]),
    ("Besides, in training", ["src/Training"]),
    ("Besides, in tests, benchmarks, and builds that ask for them", []),
];

HashSet<string> done = [];
SortedSet<string> licences = new(StringComparer.Ordinal);
StringBuilder page = new("""
    # Third-party notices

    AdaConv is under the MIT license ([LICENSE](LICENSE)). It uses the packages below, each under its own license. The list is written by `eng/notices.cs` from
    the lock files (`packages.lock.json`) and what each package states of itself.

    """);
foreach ((string title, string[] projects) in parts)
{
    page.Append($"\n## {title}\n\n| package | version | license | copyright |\n|---|---|---|---|\n");
    var packages = LockFiles(projects).SelectMany(Packages).Distinct().OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase);
    foreach ((string id, string version) in packages.Where(package => done.Add($"{package.Id} {package.Version}")))
    {
        (string licence, string holder) = Describe(id, version);
        licences.Add(licence);
        page.Append($"| {id} | {version} | {licence} | {holder} |\n");
    }
}

page.Append('\n').Append(File.ReadAllText(Path.Combine(root, "eng", "licenses", "others.txt")));
foreach (string licence in licences.Where(licence => licence.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')))
{
    page.Append($"\n### {licence}\n\n```text\n{File.ReadAllText(Path.Combine(root, "eng", "licenses", licence + ".txt")).Trim('\n')}\n```\n");
}

File.WriteAllText(Path.Combine(root, "THIRD-PARTY-NOTICES.md"), page.ToString().ReplaceLineEndings("\n"));

static string ThisFile([CallerFilePath] string path = "") => path;

IEnumerable<string> LockFiles(string[] projects) => projects.Length > 0
    ? projects.Select(project => Path.Combine(root, project, "packages.lock.json"))
    : new[] { "src", "tests", "bench", "examples" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "packages.lock.json", SearchOption.AllDirectories));

static IEnumerable<(string Id, string Version)> Packages(string lockFile)
{
    using JsonDocument document = JsonDocument.Parse(File.ReadAllText(lockFile));
    return [.. document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
        .Where(package => package.Value.GetProperty("type").GetString() != "Project")
        .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!))];
}

(string Licence, string Holder) Describe(string id, string version)
{
    string folder = Path.Combine(cache, id.ToLowerInvariant(), version);
    XElement package = XElement.Load(Path.Combine(folder, id.ToLowerInvariant() + ".nuspec"));
    XElement metadata = package.Elements().First(element => element.Name.LocalName == "metadata");
    string Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";
    XElement? licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
    string words = (string?)licence?.Attribute("type") == "expression" ? licence!.Value
        : licence is not null && File.ReadAllText(Path.Combine(folder, licence.Value)).Contains("MIT License", StringComparison.Ordinal) ? "MIT"
        : throw new InvalidOperationException($"{id} {version} states no licence that is known; look at it and name it here.");
    string holder = Value("copyright") is { Length: > 0 } copyright ? copyright : Value("authors");
    return (words, holder.ReplaceLineEndings(" ").Replace("|", "/", StringComparison.Ordinal));
}
