using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>Owns one of libav's objects: frees it once, when it is disposed of or, where that was forgotten, by the finalizer.</summary>
public abstract unsafe class LibavHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private static long s_live;

    /// <summary>Takes an object over.</summary>
    private protected LibavHandle(void* native)
        : base(ownsHandle: true)
    {
        SetHandle((nint)native);
        if (native != null)
        {
            Interlocked.Increment(ref s_live);
        }
    }

    /// <summary>Objects of libav's that are owned at present, in the whole process.</summary>
    internal static long Live => Interlocked.Read(ref s_live);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        Free((void*)handle);
        Interlocked.Decrement(ref s_live);
        return true;
    }

    /// <summary>Frees the object.</summary>
    private protected abstract void Free(void* native);
}

/// <summary>An open or closed decoder or encoder (AVCodecContext).</summary>
internal sealed unsafe class CodecContext : LibavHandle
{
    // libav keeps pointers to these.
    private AVCodecContext_get_format? _getFormat;

    /// <summary>One that is not open yet.</summary>
    /// <param name="codec">The decoder or encoder.</param>
    /// <param name="operation">What it is for, for messages.</param>
    /// <param name="path">The file concerned, for messages.</param>
    /// <exception cref="MediaException">Out of memory.</exception>
    public CodecContext(AVCodec* codec, string operation, string path)
        : base(LibavError.CheckAllocated(avcodec_alloc_context3(codec), operation, path))
    {
    }

    /// <summary>What libav works on; valid until disposed.</summary>
    public AVCodecContext* Pointer => (AVCodecContext*)handle;

    /// <summary>Sets who chooses among the pixel formats that a decoder offers.</summary>
    public void ChooseFormatBy(AVCodecContext_get_format choose) => Pointer->get_format = _getFormat = choose;

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVCodecContext* context = (AVCodecContext*)native;
        avcodec_free_context(&context);
        GC.KeepAlive(_getFormat);
    }
}

/// <summary>A container that is read (AVFormatContext).</summary>
internal sealed unsafe class InputContext : LibavHandle
{
    // libav keeps a pointer to it.
    private readonly AVIOInterruptCB_callback _interrupt;
    private readonly ByteSource? _bytes;

    private InputContext(AVFormatContext* context, AVIOInterruptCB_callback interrupt, ByteSource? bytes)
        : base(context) => (_interrupt, _bytes) = (interrupt, bytes);

    /// <summary>What libav works on; valid until disposed.</summary>
    public AVFormatContext* Pointer => (AVFormatContext*)handle;

    /// <summary>Opens a container.</summary>
    /// <param name="url">What libav opens.</param>
    /// <param name="format">Its kind; null: libav finds out.</param>
    /// <param name="options">Options; those that libav does not know are left.</param>
    /// <param name="interrupt">Asked by libav whether to give up.</param>
    /// <param name="bytes">Where its bytes come from instead of <paramref name="url"/>; it is kept until this is freed.</param>
    /// <param name="operation">For messages.</param>
    /// <param name="path">For messages.</param>
    /// <param name="result">libav's error code; 0 or more where it is open.</param>
    /// <returns>Null where it cannot be opened.</returns>
    public static InputContext? TryOpen(
        string url, AVInputFormat* format, OptionDictionary options, AVIOInterruptCB_callback interrupt, ByteSource? bytes, string operation,
        string path, out int result)
    {
        AVFormatContext* context = (AVFormatContext*)LibavError.CheckAllocated(avformat_alloc_context(), operation, path);
        context->interrupt_callback = new() { callback = interrupt };
        context->pb = bytes is null ? null : bytes.Pointer;
        bool isHeld = false;
        bytes?.DangerousAddRef(ref isHeld);

        result = options.Pass(dictionary =>
        {
            // Freed by libav where it fails.
            AVFormatContext* opened = context;
            int code = avformat_open_input(&opened, url, format, dictionary);
            context = opened;
            return code;
        });
        if (result >= 0)
        {
            return new(context, interrupt, bytes);
        }

        bytes?.DangerousRelease();
        return null;
    }

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVFormatContext* context = (AVFormatContext*)native;
        avformat_close_input(&context);
        _bytes?.DangerousRelease();
        GC.KeepAlive(_interrupt);
    }
}

/// <summary>Bytes that a program hands to libav (AVIOContext with its buffer).</summary>
internal sealed unsafe class ByteSource : LibavHandle
{
    // libav keeps a pointer to it.
    private readonly avio_alloc_context_read_packet _read;

    /// <summary>A source.</summary>
    /// <param name="bufferSize">Bytes that libav asks for at a time.</param>
    /// <param name="read">Gives them.</param>
    /// <param name="path">The input, for messages.</param>
    /// <exception cref="MediaException">Out of memory.</exception>
    public ByteSource(int bufferSize, avio_alloc_context_read_packet read, string path)
        : base(Allocate(bufferSize, read, path)) => _read = read;

    /// <summary>What libav reads from; valid until disposed.</summary>
    public AVIOContext* Pointer => (AVIOContext*)handle;

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVIOContext* context = (AVIOContext*)native;
        av_free(context->buffer);
        avio_context_free(&context);
        GC.KeepAlive(_read);
    }

    private static AVIOContext* Allocate(int bufferSize, avio_alloc_context_read_packet read, string path)
    {
        byte* buffer = (byte*)LibavError.CheckAllocated(av_malloc((ulong)bufferSize), "Opening", path);
        AVIOContext* context = avio_alloc_context(buffer, bufferSize, write_flag: 0, opaque: null, read, default, default);
        if (context == null)
        {
            av_free(buffer);
        }

        return (AVIOContext*)LibavError.CheckAllocated(context, "Opening", path);
    }
}

/// <summary>A container that is written (AVFormatContext), with its file or memory (AVIOContext).</summary>
internal sealed unsafe class OutputContext : LibavHandle
{
    private bool _isMemory;

    private OutputContext(AVFormatContext* context)
        : base(context)
    {
    }

    /// <summary>What libav works on; valid until disposed.</summary>
    public AVFormatContext* Pointer => (AVFormatContext*)handle;

    /// <summary>One without streams or a file.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public static OutputContext Create(string container, string url, string path)
    {
        AVFormatContext* context = null;
        LibavError.Check(avformat_alloc_output_context2(&context, null, container, url), "Writing", path);
        return new(context);
    }

    /// <summary>Opens the file; libav's result.</summary>
    public int OpenFile(string url)
    {
        AVIOContext* file = null;
        int result = avio_open(&file, url, AVIO_FLAG_WRITE);
        Pointer->pb = file;
        return result;
    }

    /// <summary>Opens memory to write to, for trials; libav's result.</summary>
    public int OpenMemory()
    {
        AVIOContext* memory = null;
        int result = avio_open_dyn_buf(&memory);
        Pointer->pb = memory;
        _isMemory = true;
        return result;
    }

    /// <summary>Writes what is buffered and closes the file, where one is open; libav's result.</summary>
    public int CloseFile() => Close(Pointer);

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVFormatContext* context = (AVFormatContext*)native;
        _ = Close(context);
        avformat_free_context(context);
    }

    private int Close(AVFormatContext* context)
    {
        AVIOContext* file = context->pb;
        context->pb = null;
        if (file == null || !_isMemory)
        {
            return file == null ? 0 : avio_closep(&file);
        }

        byte* bytes = null;
        _ = avio_close_dyn_buf(file, &bytes);
        av_free(bytes);
        return 0;
    }
}

/// <summary>swscale's conversion between two kinds of pictures (SwsContext).</summary>
internal sealed unsafe class ScalerContext : LibavHandle
{
    /// <summary>Takes it over; <see cref="SafeHandleZeroOrMinusOneIsInvalid.IsInvalid"/> where swscale gave none.</summary>
    public ScalerContext(SwsContext* context)
        : base(context)
    {
    }

    /// <summary>What libav works on; valid until disposed.</summary>
    public SwsContext* Pointer => (SwsContext*)handle;

    /// <inheritdoc/>
    private protected override void Free(void* native) => sws_freeContext((SwsContext*)native);
}
