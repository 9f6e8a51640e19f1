using AdaConv.Storage;

namespace AdaConv.Tests.Support;

/// <summary>
/// Stands in for the disk and forgets what was not flushed: at every step of the work it notes what a power cut could leave. Names that were made,
/// changed or removed since their folder was flushed have changed or not, each for itself and in any order; content that was not flushed is there,
/// partly there, empty or zeros.
/// </summary>
/// <param name="root">The folder that is watched, with all below it.</param>
/// <param name="seed">For the choice among the states that are possible.</param>
public sealed class PowerCut(string root, int seed)
{
    // States that are tried at each step besides "nothing more reached the disk" and "everything did".
    private const int Mixed = 3;

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private readonly FolderNode _root = new();
    private readonly List<CutState> _states = [];

    /// <summary>What the work has been promised so far: the test counts it up, and states know its value when they were noted.</summary>
    public int Promised { get; set; }

    /// <summary>What could be left, in the order of the steps.</summary>
    public IReadOnlyList<CutState> States => _states;

    /// <summary>Does the work on this disk. What lies there before is on the disk.</summary>
    public void During(Action work)
    {
        Observe(_root, root);
        Settle(_root);
        Disk.Use(new ForgetfulDisk(this));
        try
        {
            work();
            Note();
        }
        finally
        {
            Disk.Use(null);
        }
    }

    private void Flushed(FileStream file)
    {
        lock (_gate)
        {
            Note();
            if (Find(file.Name) is FileNode node)
            {
                node.Kept = node.Seen = ReadOpen(file);
            }

            Note();
        }
    }

    private void Flushed(string folder)
    {
        lock (_gate)
        {
            Note();
            if (Find(folder) is FolderNode node)
            {
                node.Kept = new(node.Seen);
                node.Pending.Clear();
            }

            Note();
        }
    }

    private void Moved(string from, string to)
    {
        lock (_gate)
        {
            (FolderNode source, string name) = Place(from);
            (FolderNode target, string newName) = Place(to);
            Node moved = source.Seen[name];
            source.Seen.Remove(name);
            target.Seen[newName] = moved;
            // Within a folder a rename is one change; across folders each may come without the other.
            Change made = new([(newName, moved)]), gone = new([(name, null)]);
            if (source == target)
            {
                source.Pending.Add(new([.. gone.Entries, .. made.Entries]));
            }
            else
            {
                target.Pending.Add(made);
                source.Pending.Add(gone);
            }

            Note();
        }
    }

    // What could be left now.
    private void Note()
    {
        lock (_gate)
        {
            Observe(_root, root);
            for (int i = 0; i < Mixed + 2; i++)
            {
                double chance = i == 0 ? 0 : i == 1 ? 1 : 0.5;
                SortedDictionary<string, byte[]?> files = new(StringComparer.Ordinal);
                Imagine(_root, "", chance, files);
                if (!_states.Exists(state => state.Promised == Promised && state.HasFiles(files)))
                {
                    _states.Add(new(Promised, files));
                }
            }
        }
    }

    private void Imagine(FolderNode folder, string path, double chance, SortedDictionary<string, byte[]?> files)
    {
        Dictionary<string, Node> names = new(folder.Kept);
        Change[] changes = [.. folder.Pending];
        if (chance is > 0 and < 1)
        {
            _random.Shuffle(changes);
        }

        foreach (Change change in changes.Where(_ => _random.NextDouble() < chance))
        {
            foreach ((string name, Node? node) in change.Entries)
            {
                if (node is null)
                {
                    names.Remove(name);
                }
                else
                {
                    names[name] = node;
                }
            }
        }

        foreach ((string name, Node node) in names)
        {
            if (node is FolderNode inner)
            {
                files[path + name + "/"] = null;
                Imagine(inner, path + name + "/", chance, files);
            }
            else
            {
                files[path + name] = Imagine((FileNode)node, chance);
            }
        }
    }

    private byte[] Imagine(FileNode file, double chance)
    {
        if (chance is 0 or 1 || ReferenceEquals(file.Kept, file.Seen))
        {
            return chance == 0 ? file.Kept : file.Seen;
        }

        // What was flushed stays where the rest was added behind it.
        int safe = file.Seen.AsSpan().StartsWith(file.Kept) ? file.Kept.Length : 0;
        return _random.Next(4) switch
        {
            0 => file.Kept,
            1 => file.Seen[.._random.Next(safe, file.Seen.Length + 1)],
            2 => [.. file.Seen[..safe], .. new byte[file.Seen.Length - safe]],
            _ => file.Seen,
        };
    }

    // Finds what was made, written or removed past the store.
    private static void Observe(FolderNode folder, string path)
    {
        HashSet<string> present = [];
        foreach (string entry in Directory.EnumerateFileSystemEntries(path))
        {
            string name = Path.GetFileName(entry);
            present.Add(name);
            bool isFolder = Directory.Exists(entry);
            if (!folder.Seen.TryGetValue(name, out Node? node) || node is FolderNode != isFolder)
            {
                node = isFolder ? new FolderNode() : new FileNode();
                folder.Seen[name] = node;
                folder.Pending.Add(new([(name, node)]));
            }

            if (node is FolderNode inner)
            {
                Observe(inner, entry);
            }
            else if (ReadClosed(entry) is { } content && !content.AsSpan().SequenceEqual(((FileNode)node).Seen))
            {
                ((FileNode)node).Seen = content;
            }
        }

        foreach (string name in folder.Seen.Keys.Except(present).ToArray())
        {
            folder.Seen.Remove(name);
            folder.Pending.Add(new([(name, null)]));
        }
    }

    private static void Settle(FolderNode folder)
    {
        folder.Kept = new(folder.Seen);
        folder.Pending.Clear();
        foreach (Node node in folder.Seen.Values)
        {
            if (node is FolderNode inner)
            {
                Settle(inner);
            }
            else
            {
                ((FileNode)node).Kept = ((FileNode)node).Seen;
            }
        }
    }

    private Node? Find(string path)
    {
        Node? node = _root;
        foreach (string name in Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Where(name => name != "."))
        {
            node = (node as FolderNode)?.Seen.GetValueOrDefault(name);
        }

        return node;
    }

    private (FolderNode Folder, string Name) Place(string path) =>
        ((FolderNode)Find(Path.GetDirectoryName(Path.GetFullPath(path))!)!, Path.GetFileName(path));

    // A file that another stream holds cannot be read yet; what stands in it is not flushed either.
    private static byte[]? ReadClosed(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ReadOpen(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static byte[] ReadOpen(FileStream file)
    {
        byte[] content = new byte[RandomAccess.GetLength(file.SafeFileHandle)];
        return content[..RandomAccess.Read(file.SafeFileHandle, content, 0)];
    }

    private sealed class ForgetfulDisk(PowerCut cut) : Disk
    {
        public override void FlushFile(FileStream file)
        {
            file.Flush();
            cut.Flushed(file);
        }

        public override void FlushFolder(string path) => cut.Flushed(path);

        public override void Move(string from, string to, bool overwrite)
        {
            cut.Note();
            base.Move(from, to, overwrite);
            cut.Moved(from, to);
        }

        public override void Delete(string path)
        {
            // A folder goes file by file.
            if (Directory.Exists(path))
            {
                foreach (string entry in Directory.EnumerateFileSystemEntries(path))
                {
                    Delete(entry);
                }
            }

            base.Delete(path);
            cut.Note();
        }
    }

    private abstract class Node;

    private sealed class FileNode : Node
    {
        public byte[] Kept { get; set; } = [];

        public byte[] Seen { get; set; } = [];
    }

    private sealed class FolderNode : Node
    {
        public Dictionary<string, Node> Kept { get; set; } = [];

        public Dictionary<string, Node> Seen { get; } = [];

        public List<Change> Pending { get; } = [];
    }

    private sealed record Change((string Name, Node? Node)[] Entries);
}

/// <summary>What a power cut could leave.</summary>
/// <param name="Promised">What the work had been promised by then.</param>
/// <param name="Files">Contents by path, with forward slashes; null for folders, whose paths end in one.</param>
public sealed record CutState(int Promised, IReadOnlyDictionary<string, byte[]?> Files)
{
    /// <summary>A file's text; null where there is none.</summary>
    public string? Text(string path) =>
        Files.TryGetValue(path, out byte[]? content) && content is not null ? System.Text.Encoding.UTF8.GetString(content) : null;

    /// <summary>Makes a folder with what is left.</summary>
    public void Restore(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string path, byte[]? content) in Files)
        {
            string full = Path.Combine(folder, path);
            if (content is null)
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                File.WriteAllBytes(full, content);
            }
        }
    }

    internal bool HasFiles(IReadOnlyDictionary<string, byte[]?> files) => Files.Count == files.Count
        && files.All(file => Files.TryGetValue(file.Key, out byte[]? content)
            && (content is null ? file.Value is null : file.Value is not null && content.AsSpan().SequenceEqual(file.Value)));
}
