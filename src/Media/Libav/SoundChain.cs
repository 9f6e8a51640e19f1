using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>A chain of filters for a stream of sound. Frames whose form differs from the first one's are brought to that form before the chain.</summary>
internal sealed unsafe class SoundChain : IDisposable
{
    private readonly Rational _unit;
    private readonly string _operation;
    private readonly string _path;
    private readonly SoundForm _first;
    private readonly FilterGraph _chain;
    private readonly VideoFrame _converted = new();
    private SoundForm _form;
    private FilterGraph? _toFirst;

    /// <summary>Builds a chain.</summary>
    /// <param name="first">What the first frame is like.</param>
    /// <param name="unit">Seconds per tick of the frames' times.</param>
    /// <param name="chain">The filters, in FFmpeg's notation.</param>
    /// <param name="operation">What it is for, for messages.</param>
    /// <param name="path">The file concerned, for messages.</param>
    /// <exception cref="MediaException">libavfilter, or a filter, is missing or refuses.</exception>
    public SoundChain(SoundForm first, Rational unit, string chain, string operation, string path)
    {
        (_first, _form, _unit, _operation, _path) = (first, first, unit, operation, path);
        try
        {
            _chain = new("abuffer", first.Source(unit), chain, operation, path);
        }
        catch
        {
            _converted.Dispose();
            throw;
        }
    }

    /// <summary>Seconds per tick of the frames that come out.</summary>
    public Rational TimeBase => _chain.TimeBase;

    /// <summary>Gives a frame of this form, which is empty afterwards.</summary>
    public void Send(AVFrame* frame, SoundForm form)
    {
        if (form != _form)
        {
            Drain();
            _toFirst = form == _first ? null : new("abuffer", form.Source(_unit), _first.Filter, _operation, _path);
            _form = form;
        }

        (_toFirst ?? _chain).Send(frame);
        HandOn();
    }

    /// <summary>Says that there are no more.</summary>
    public void Finish()
    {
        Drain();
        _chain.Send(null);
    }

    /// <summary>Takes a frame; false where there is none yet or, at the end, none any more.</summary>
    public bool Receive(AVFrame* frame) => _chain.Receive(frame);

    /// <inheritdoc/>
    public void Dispose()
    {
        _toFirst?.Dispose();
        _chain?.Dispose();
        _converted.Dispose();
    }

    private void Drain()
    {
        _toFirst?.Send(null);
        HandOn();
        _toFirst?.Dispose();
        _toFirst = null;
    }

    private void HandOn()
    {
        AVFrame* frame = _converted.Pointer;
        while (_toFirst?.Receive(frame) == true)
        {
            if (frame->pts != AV_NOPTS_VALUE)
            {
                frame->pts = Rational.Rescale(frame->pts, _toFirst.TimeBase, _unit);
            }

            _chain.Send(frame);
        }
    }
}
