using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace AdaConv.Training.Data.Files;

/// <summary>A file's bytes as memory.</summary>
/// <remarks>
/// The system ends a process that reads where the file was cut. AdaConv replaces its files and never cuts one; that another program does is noticed whenever
/// the data are asked for, which leaves the moment of a copy.
/// </remarks>
internal abstract unsafe class MappedFile : IDisposable
{
    private readonly string _path;
    private readonly long _length;
    private readonly SafeFileHandle? _handle;
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _data;

    /// <summary>Opens a file of that length; an empty one has no data.</summary>
    private protected MappedFile(string path, long length)
    {
        (_path, _length) = (path, length);
        if (length > 0)
        {
            _handle = File.OpenHandle(path);
            _file = MemoryMappedFile.CreateFromFile(_handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _data);
        }
    }

    /// <summary>The first byte, to be used at once; null where there is none.</summary>
    /// <exception cref="TrainingException">The file was cut since it was opened.</exception>
    public byte* Data => _handle is null || RandomAccess.GetLength(_handle) >= _length ? _data
        : throw new TrainingException(
            $"The cache's file {_path} was cut while it was read. The same command makes it anew and goes on from the last checkpoint.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
