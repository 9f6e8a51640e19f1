using System.Buffers;
using System.Collections.Concurrent;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// Standard input or a named pipe as libav's bytes. A thread of its own reads, so that who waits for a pipe that gives nothing can be
/// cancelled; the thread itself stays behind in the system's call until the pipe gives something, is closed, or the process ends.
/// </summary>
internal sealed unsafe class PipeInput : IDisposable
{
    private const int BlockSize = 64 << 10;

    /// <summary>Blocks that are read ahead: 1 MiB.</summary>
    private const int MostBlocks = 16;

    private readonly BlockingCollection<ArraySegment<byte>> _blocks = new(MostBlocks);
    private readonly CancellationTokenSource _closed = new();

    private ArraySegment<byte> _block;
    private volatile Exception? _failure;

    /// <summary>Begins to read.</summary>
    /// <param name="open">Opens the pipe, on the reading thread: a named one waits there for its writer.</param>
    /// <param name="path">The input, for messages.</param>
    /// <exception cref="MediaException">Out of memory.</exception>
    public PipeInput(Func<Stream> open, string path)
    {
        Bytes = new(BlockSize, Read, path);
        new Thread(() => ReadAhead(open)) { IsBackground = true, Name = "pipe input" }.Start();
    }

    /// <summary>What libav reads from.</summary>
    public ByteSource Bytes { get; }

    /// <summary>Ends waiting for bytes; asked anew by each read.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Whether what was opened has a beginning and an end, and is no pipe at all: an empty file.</summary>
    public bool IsEmptyFile { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Bytes.Dispose();
        _closed.Cancel();
    }

    private void ReadAhead(Func<Stream> open)
    {
        try
        {
            using Stream stream = open();
            IsEmptyFile = stream is FileStream { CanSeek: true, Length: 0 };
            while (!_closed.IsCancellationRequested)
            {
                byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
                int count = stream.Read(block, 0, BlockSize);
                if (count == 0)
                {
                    break;
                }

                _blocks.Add(new(block, 0, count), _closed.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _failure = error;
        }

        _blocks.CompleteAdding();
    }

    // No exception may pass through libav.
    private int Read(void* opaque, byte* buffer, int size)
    {
        try
        {
            if (_block.Count == 0)
            {
                if (_block.Array is { } empty)
                {
                    ArrayPool<byte>.Shared.Return(empty);
                    _block = default;
                }

                if (!_blocks.TryTake(out _block, Timeout.Infinite, Cancellation))
                {
                    return _failure is null ? AVERROR_EOF : AVERROR(IoFailure);
                }
            }

            int count = Math.Min(size, _block.Count);
            _block.AsSpan(0, count).CopyTo(new(buffer, count));
            _block = _block[count..];
            return count;
        }
        catch (OperationCanceledException)
        {
            return AVERROR_EXIT;
        }
    }

    // EIO: POSIX's number, alike on Linux, macOS and Windows' C runtime.
    private const int IoFailure = 5;
}
