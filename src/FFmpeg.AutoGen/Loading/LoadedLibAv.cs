using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace AdaConv.LibAv;

/// <summary>The libraries in use.</summary>
public sealed class LoadedLibAv
{
    private readonly string place;
    private readonly ConcurrentDictionary<string, nint> handles;

    internal LoadedLibAv(LibAvRelease release, string place, IReadOnlyDictionary<string, nint> handles)
    {
        Release = release;
        this.place = place;
        this.handles = new(handles, StringComparer.Ordinal);
    }

    /// <summary>Which release line they are of.</summary>
    public LibAvRelease Release { get; }

    /// <summary>The folder they came from, or null for the system's own.</summary>
    public string? Directory => place.Length == 0 ? null : place;

    /// <summary>Whether a library, named without "lib", has a function: minors bring them.</summary>
    /// <exception cref="LibAvNotFoundException">The library does not lie where the others came from.</exception>
    public bool Exports(string library, string function) => NativeLibrary.TryGetExport(HandleOf(library), function, out _);

    /// <summary>The handle of a library, loaded now if it was not needed before.</summary>
    /// <exception cref="LibAvNotFoundException">It does not lie where the others came from.</exception>
    internal nint HandleOf(string library) => handles.GetOrAdd(
        library,
        static (name, loaded) => LibAvLoader.TryLoad(loaded.place, name, loaded.Release.MajorOf(name), out nint handle)
            ? handle
            : throw new LibAvNotFoundException(
                $"{LibAvNames.FileName(name, loaded.Release.MajorOf(name))} of FFmpeg {loaded.Release.Name} was not found in " +
                $"{loaded.Directory ?? "the system's libraries"}, where the other libraries came from. Install it beside them."),
        this);
}
