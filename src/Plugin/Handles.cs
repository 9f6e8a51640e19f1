using System.Collections.Concurrent;

namespace AdaConv.Plugin;

/// <summary>The objects behind handles of one kind. A handle is a number that is never used again, so that wrong ones are noticed.</summary>
/// <param name="name">What the handles are, for messages.</param>
internal sealed class Handles<T>(string name)
    where T : class, IDisposable
{
    private readonly ConcurrentDictionary<nint, T> _objects = new();

    /// <summary>A new handle for an object.</summary>
    public nint Add(T item)
    {
        nint handle = HandleNumbers.Next();
        _objects[handle] = item;
        return handle;
    }

    /// <summary>The object of a handle.</summary>
    /// <exception cref="PluginException">There is none.</exception>
    public T Find(nint handle) => _objects.TryGetValue(handle, out T? item) ? item : throw Unknown(handle);

    /// <summary>Ends a handle and its object.</summary>
    /// <exception cref="PluginException">There is none.</exception>
    public void Remove(nint handle)
    {
        if (!_objects.TryRemove(handle, out T? item))
        {
            throw Unknown(handle);
        }

        item.Dispose();
    }

    private PluginException Unknown(nint handle) =>
        new(Result.Handle, handle == 0 ? $"The {name} is null." : $"There is no such {name}; it was given back, or never was one.");
}

/// <summary>Numbers of handles, different for all kinds, and odd, as no address of an object is.</summary>
internal static class HandleNumbers
{
    private static long last = -1;

    /// <summary>The next one.</summary>
    public static nint Next() => (nint)Interlocked.Add(ref last, 2);
}
