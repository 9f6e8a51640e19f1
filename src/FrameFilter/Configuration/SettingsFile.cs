using System.Text;
using AdaConv.Conversion.Options;
using AdaConv.Storage;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Reads a settings file (filter.yaml or a preset): YAML of two levels, sections and keys, every one known to <see
/// cref="Settings"/>; and <c>extends</c>.</summary>
public static class SettingsFile
{
    /// <summary>Larger files are no settings.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>Brackets that may be open at once. The parser takes time with the square of their number.</summary>
    private const int DeepestNesting = 64;

    /// <summary>The top-level key that names the preset which a file's settings are laid over.</summary>
    internal const string ExtendsKey = "extends";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; also what relative paths in it start from.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or something in it is wrong; all problems are reported at once.</exception>
    public static SettingsLayer Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string text;
        try
        {
            if (RealPath.MissingTarget(path) is { } target)
            {
                throw new ConfigurationException($"The settings file {path} is a link to {target}, and there is no such file.");
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                throw new ConfigurationException($"{path} is larger than 1 MiB; it is not a settings file.");
            }

            // A device such as /dev/zero never ends; its length is 0, as that of a pipe.
            text = RealPath.LengthOf(path) == 0 ? string.Empty
                : File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException e)
        {
            throw new ConfigurationException($"{path} is not UTF-8 text; it is not a settings file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Cannot read the settings file {path}: {e.Message}", e);
        }

        return Parse(text, path);
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="path">The file's name for messages; its folder is what relative paths start from.</param>
    /// <exception cref="ConfigurationException">Something in it is wrong; all problems are reported at once.</exception>
    public static SettingsLayer Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(path);
        var reader = new Reader(path);
        reader.Read(text);
        return reader.Problems.Count == 0
            ? new SettingsLayer(path, reader.Values) { Extends = reader.Extends }
            : throw new ConfigurationException([.. reader.Problems.OrderBy(problem => problem.Line)]);
    }

    // One pass over the parser's events. Nesting is bounded by the grammar (two levels, three for maps), aliases are refused.
    private sealed class Reader(string path)
    {
        private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;

        // Of settings that exclude one another: which are chosen, and the line.
        private readonly List<(KeyValuePair<Setting, object> Value, long Line)> _choices = [];

        public List<ConfigurationProblem> Problems { get; } = [];

        public List<KeyValuePair<Setting, object>> Values { get; } = [];

        public BasePreset? Extends { get; private set; }

        public void Read(string text)
        {
            FindTabs(text);
            FindDeepNesting(text);
            if (Problems.Count > 0)
            {
                return;
            }

            var parser = new Parser(new StringReader(text));
            try
            {
                parser.Consume<StreamStart>();
                if (!parser.TryConsume<DocumentStart>(out _))
                {
                    Add(1, null, $"holds no settings; sections are {List(Settings.Sections)}");
                    return;
                }

                ReadSections(parser);
                parser.Consume<DocumentEnd>();
                if (Take<DocumentStart>(parser) is { } second)
                {
                    Add(second.Start.Line, null, "a second document starts; a file holds one");
                }
            }
            catch (YamlException e)
            {
                Add(e.Start.Line, null, $"is not YAML: {e.InnerException?.Message ?? e.Message}");
            }
            catch (Exception e) when (e.Source == typeof(Parser).Assembly.GetName().Name)
            {
                // The parser's own mistakes: it ends so where a comment follows the text of an open bracket.
                Add(parser.Current?.Start.Line ?? 1, null, "is not YAML: the parser gives up behind this line");
            }
        }

        private void FindTabs(string text)
        {
            int number = 0;
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                number++;
                int content = line.IndexOfAnyExcept(' ', '\t');
                if (content >= 0 && line[..content].Contains('\t'))
                {
                    Add(number, null, "is indented with a tab; YAML needs spaces");
                }
            }
        }

        // Counted roughly, comments aside: a bracket in a text counts, too.
        private void FindDeepNesting(string text)
        {
            int number = 0, depth = 0;
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                number++;
                int comment = line.StartsWith('#') ? 0 : line.IndexOf(" #");
                foreach (char letter in comment >= 0 ? line[..comment] : line)
                {
                    depth = letter switch { '[' or '{' => depth + 1, ']' or '}' => Math.Max(0, depth - 1), _ => depth };
                    if (depth > DeepestNesting)
                    {
                        Add(number, null, $"more than {DeepestNesting} brackets are open at once; settings are sections with keys");
                        return;
                    }
                }
            }
        }

        private void ReadSections(Parser parser)
        {
            if (!parser.TryConsume<MappingStart>(out _))
            {
                Add(parser.Current!.Start.Line, null, $"sections with keys are expected; sections are {List(Settings.Sections)}");
                parser.SkipThisAndNestedEvents();
                return;
            }

            var seen = new Dictionary<string, long>(StringComparer.Ordinal);
            while (ReadKey(parser, null, seen) is { } section)
            {
                if (section.Value == ExtendsKey)
                {
                    ReadExtends(parser);
                }
                else if (!Settings.Sections.Contains(section.Value, StringComparer.Ordinal))
                {
                    Add(section.Start.Line, section.Value, UnknownSection(section.Value));
                    parser.SkipThisAndNestedEvents();
                }
                else if (parser.TryConsume<MappingStart>(out _))
                {
                    ReadSettings(parser, section.Value);
                }
                else
                {
                    Add(section.Start.Line, section.Value, $"is a section; its keys are {List(KeysOf(section.Value))}");
                    parser.SkipThisAndNestedEvents();
                }
            }
        }

        private void ReadExtends(Parser parser)
        {
            const string Allowed = "a preset's name, or the path of a .yaml file";
            if (TakeScalar(parser, ExtendsKey, Allowed) is { } scalar)
            {
                Extends = new(scalar.Value, (int)Math.Max(scalar.Start.Line, 1));
            }
        }

        private void ReadSettings(Parser parser, string section)
        {
            var seen = new Dictionary<string, long>(StringComparer.Ordinal);
            while (ReadKey(parser, section, seen) is { } key)
            {
                string name = $"{section}.{key.Value}";
                var setting = Settings.All.FirstOrDefault(candidate => candidate.Path == name);
                if (setting is null)
                {
                    Add(key.Start.Line, name, UnknownKey(section, key.Value));
                    parser.SkipThisAndNestedEvents();
                }
                else if (setting.IsMap)
                {
                    ReadMap(parser, setting);
                }
                else
                {
                    ReadScalar(parser, setting);
                }
            }
        }

        private void ReadMap(Parser parser, Setting setting)
        {
            if (!parser.TryConsume<MappingStart>(out _))
            {
                Add(parser.Current!.Start.Line, setting.Path, $"names with values are expected; allowed: {setting.Allowed}");
                parser.SkipThisAndNestedEvents();
                return;
            }

            var seen = new Dictionary<string, long>(StringComparer.Ordinal);
            while (ReadKey(parser, setting.Path, seen) is { } key)
            {
                string name = $"{setting.Path}.{key.Value}";
                if (TakeScalar(parser, name, setting.Allowed) is { } scalar)
                {
                    AddValue(setting, scalar, name, $"{key.Value}={scalar.Value}");
                }
            }
        }

        private void ReadScalar(Parser parser, Setting setting)
        {
            if (TakeScalar(parser, setting.Path, setting.Allowed) is not { } scalar)
            {
                return;
            }

            if (ScalarText.Of(setting, scalar) is { } text)
            {
                AddValue(setting, scalar, setting.Path, text);
            }
            else
            {
                Add(scalar.Start.Line, setting.Path, $"is text in quotes; allowed: {setting.Allowed}, without quotes");
            }
        }

        private void AddValue(Setting setting, Scalar scalar, string name, string text)
        {
            try
            {
                var value = KeyValuePair.Create(setting, setting.Parse(text, _folder));
                Values.Add(value);
                if (ExclusiveSettings.IsChoice(setting, value.Value))
                {
                    AddChoice(value, scalar.Start.Line);
                }
            }
            catch (FormatException e)
            {
                Add(scalar.Start.Line, name, $"{e.Message}; allowed: {setting.Allowed}");
            }
        }

        private void AddChoice(KeyValuePair<Setting, object> value, long line)
        {
            foreach (var (other, otherLine) in _choices)
            {
                if (ExclusiveSettings.Conflict([other, value]) is { } conflict)
                {
                    Add(line, value.Key.Path, $"{conflict}; {other.Key.Path} is set in line {otherLine}");
                }
            }

            _choices.Add((value, line));
        }

        // The next key of a mapping, or null at its end. Each key may appear once.
        private Scalar? ReadKey(Parser parser, string? parent, Dictionary<string, long> seen)
        {
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Take<Scalar>(parser) is not { } key)
                {
                    Add(parser.Current!.Start.Line, parent, "a plain key is expected");
                    parser.SkipThisAndNestedEvents();
                    parser.SkipThisAndNestedEvents();
                    continue;
                }

                if (seen.TryAdd(key.Value, key.Start.Line))
                {
                    return key;
                }

                string name = parent is null ? key.Value : $"{parent}.{key.Value}";
                Add(key.Start.Line, name, $"is set twice, first in line {seen[key.Value]}");
                parser.SkipThisAndNestedEvents();
            }

            return null;
        }

        private Scalar? TakeScalar(Parser parser, string name, string allowed)
        {
            long line = parser.Current!.Start.Line;
            if (Take<Scalar>(parser) is not { } scalar)
            {
                Add(line, name, $"one value is expected, not a list, a section or an alias; allowed: {allowed}");
                parser.SkipThisAndNestedEvents();
                return null;
            }

            if (!scalar.Tag.IsEmpty)
            {
                Add(line, name, "has a tag; plain values are expected");
                return null;
            }

            if (scalar.Value.Length == 0 || (scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null"))
            {
                Add(line, name, $"has no value; allowed: {allowed}");
                return null;
            }

            return scalar;
        }

        private static T? Take<T>(Parser parser)
            where T : ParsingEvent
        {
            var current = parser.Current as T;
            if (current is not null)
            {
                parser.MoveNext();
            }

            return current;
        }

        private void Add(long line, string? key, string reason) => Problems.Add(new(path, (int)Math.Max(line, 1), key, reason));

        private static string UnknownSection(string name)
        {
            // A key without its section is the likeliest slip.
            var setting = Settings.All.FirstOrDefault(candidate => candidate.Key == name);
            string hint = setting is null
                ? Suggestion.For(name, Settings.Sections.Append(ExtendsKey))
                : $"; '{name}' belongs in the section '{setting.Section}'";
            return $"is not a section{hint}; sections are {List(Settings.Sections)}";
        }

        private static string UnknownKey(string section, string name)
        {
            var elsewhere = Settings.All.FirstOrDefault(candidate => candidate.Key == name);
            string hint = elsewhere is null
                ? Suggestion.For(name, KeysOf(section))
                : $"; '{name}' belongs in the section '{elsewhere.Section}'";
            return $"is not a key{hint}; keys of '{section}' are {List(KeysOf(section))}";
        }

        private static IEnumerable<string> KeysOf(string section) =>
            Settings.All.Where(setting => setting.Section == section).Select(setting => setting.Key);

        private static string List(IEnumerable<string> names) => string.Join(", ", names);
    }
}

/// <summary>What a settings file says after <c>extends</c>.</summary>
/// <param name="NameOrPath">A preset's name, or a path; a relative one starts from the file's folder.</param>
/// <param name="Line">Its line, from 1.</param>
public sealed record BasePreset(string NameOrPath, int Line);
