using System.Collections.Immutable;
using System.Xml.Linq;
using AdaConv.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AdaConv.Architecture.Tests;

/// <summary>One type's use of another: the folders and names of both.</summary>
internal readonly record struct TypeUse(string Folder, string Type, string UsedFolder, string UsedType);

/// <summary>A project below src, read as the compiler reads it: inferred types and extension methods count as uses, a <c>using</c> line
/// by itself does not.</summary>
internal sealed class SourceProject
{
    // Shared: each project's sources are compiled against the same ones, its own assembly aside.
    private static readonly ImmutableDictionary<string, MetadataReference> Assemblies =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).DistinctBy(Path.GetFileName)
            .ToImmutableDictionary(file => Path.GetFileNameWithoutExtension(file), MetadataReference (file) => MetadataReference.CreateFromFile(file));

    // What may be null is no use of a type, and a third of the compiler's work.
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithFeatures([new("run-nullable-analysis", "never")]);

    private readonly string assembly;

    private SourceProject(string projectFile)
    {
        Folder = Path.GetDirectoryName(projectFile)!;
        Name = Path.GetFileName(Folder);
        XElement project = XElement.Load(projectFile);
        assembly = project.Descendants("AssemblyName").Single().Value;
        References = [.. project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))];
        Files = [.. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    public static IReadOnlyList<SourceProject> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(file => new SourceProject(file))];

    public string Folder { get; }

    public string Name { get; }

    /// <summary>The names of the projects that this one refers to.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The full names of its source files.</summary>
    public IReadOnlyList<string> Files { get; }

    public static SourceProject Find(string name) => All.Single(project => project.Name == name);

    /// <summary>The sources compiled in memory against the assemblies that lie beside the tests.</summary>
    public CSharpCompilation Compile()
    {
        string usings = Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "artifacts", "obj", Name), "*.GlobalUsings.g.cs",
            SearchOption.AllDirectories).First();
        return CSharpCompilation.Create(
            assembly,
            Files.Append(usings).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Parsing, file)),
            Assemblies.Remove(assembly).Values,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Every use of a type of this project in another of its folders, once.</summary>
    public IReadOnlyCollection<TypeUse> UsesBetweenFolders()
    {
        CSharpCompilation compilation = Compile();
        HashSet<TypeUse> uses = [];
        ILookup<string, string> folders = compilation.SyntaxTrees
            .SelectMany(tree => DeclaredNames(tree).Select(name => (Name: name, Folder: FolderOf(tree.FilePath)))).Distinct()
            .ToLookup(declared => declared.Name, declared => declared.Folder);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            // A program's entry point uses what it likes, and nothing uses it.
            if (((CompilationUnitSyntax)tree.GetRoot()).Members.Any(SyntaxKind.GlobalStatement))
            {
                continue;
            }

            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
            {
                // Only what bears the name of something in another folder is resolved, for that takes the time; new(…) bears none.
                if (!(node is ImplicitObjectCreationExpressionSyntax || node is SimpleNameSyntax name
                    && folders[name.Identifier.ValueText].Any(folder => folder != FolderOf(tree.FilePath))) ||
                    model.GetSymbolInfo(node).Symbol?.OriginalDefinition is not { } symbol ||
                    SourceFile(symbol) is not { } used || FolderOf(used) == FolderOf(tree.FilePath))
                {
                    continue;
                }

                uses.Add(new TypeUse(FolderOf(tree.FilePath), DeclaringType(node), FolderOf(used), TypeOf(symbol)!.Name));
            }
        }

        return uses;
    }

    private static IEnumerable<string> DeclaredNames(SyntaxTree tree) => tree.GetRoot().DescendantNodes().SelectMany(IEnumerable<string> (node) => node switch
    {
        BaseTypeDeclarationSyntax type => AttributeNames(type.Identifier.ValueText),
        DelegateDeclarationSyntax type => [type.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        EventDeclarationSyntax declared => [declared.Identifier.ValueText],
        EnumMemberDeclarationSyntax member => [member.Identifier.ValueText],
        VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => [field.Identifier.ValueText],
        ParameterSyntax { Parent.Parent: RecordDeclarationSyntax } parameter => [parameter.Identifier.ValueText],
        _ => [],
    });

    // [Name] stands for NameAttribute.
    private static string[] AttributeNames(string name) => [name, .. name.EndsWith("Attribute", StringComparison.Ordinal) ? [name[..^9]] : (string[])[]];

    // Of a member its own file, for a partial class may lie in several; of what the compiler adds to a record, the record's.
    private static string? SourceFile(ISymbol symbol) =>
        TypeOf(symbol) is not { } type
            ? null
            : (symbol.DeclaringSyntaxReferences.FirstOrDefault() ?? type.DeclaringSyntaxReferences.FirstOrDefault())?.SyntaxTree.FilePath;

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => symbol as INamedTypeSymbol ?? symbol.ContainingType;

    private static string DeclaringType(SyntaxNode node) =>
        node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.ValueText ?? Path.GetFileNameWithoutExtension(node.SyntaxTree.FilePath);

    private string FolderOf(string file) => Path.GetRelativePath(Folder, Path.GetDirectoryName(file)!).Replace('\\', '/');
}
