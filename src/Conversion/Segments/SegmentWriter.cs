using System.Security.Cryptography;
using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.Conversion.Segments;

/// <summary>A segment that is being encoded: its file counts only when <see cref="Finish"/> has named it.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _block = new();
    private readonly BinaryWriter _writer;
    private long _frames;
    private bool _isFinished;

    /// <summary>Begins a segment.</summary>
    /// <param name="path">Its name when it is finished.</param>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public SegmentWriter(string path)
    {
        _path = path;
        try
        {
            _file = new(path + ".partial", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Writing the segment", path, error);
        }

        _writer = new(_block);
    }

    /// <summary>Counts a frame that was given to the encoder.</summary>
    public void CountFrame() => _frames++;

    /// <summary>Adds a packet, which stays as it is.</summary>
    /// <exception cref="StorageException">The disk is full or fails.</exception>
    public void Write(Packet packet)
    {
        SegmentFile.Write(_writer, packet);
        Flush();
    }

    /// <summary>Ends the segment: from now on it outlives the process, and a power cut.</summary>
    /// <exception cref="StorageException">The disk is full or fails.</exception>
    public SegmentEnd Finish(long lastTimestamp, long next)
    {
        _writer.Write(SegmentFile.EndMark);
        _writer.Write(_frames);
        _writer.Write(lastTimestamp);
        _writer.Write(next);
        Flush();
        byte[] hash = _hash.GetHashAndReset();
        Store(hash);
        long bytes = _file.Length;
        _file.Dispose();
        DurableStore.Publish(_path + ".partial", _path);
        _isFinished = true;
        return new(_frames, lastTimestamp, next, bytes, Convert.ToHexStringLower(hash));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _writer.Dispose();
        _hash.Dispose();
        if (!_isFinished)
        {
            try
            {
                File.Delete(_path + ".partial");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Where nothing may be deleted, the next run writes over it.
            }
        }
    }

    private void Flush()
    {
        ReadOnlySpan<byte> bytes = _block.GetBuffer().AsSpan(0, (int)_block.Length);
        _hash.AppendData(bytes);
        Store(bytes);
        _block.SetLength(0);
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Writing the segment", _path, error);
        }
    }
}
