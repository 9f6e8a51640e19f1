using AdaConv.Media.Inspection;
using NAudio.Wave;
using NAudio.Wave.SampleProviders;

namespace AdaConv.Conversion.Verification;

/// <summary>A stream's sound from a given moment on, every sample at its own time: gaps are silent, what comes twice or too early is left out.</summary>
internal sealed class SoundTrack : ISampleProvider, IDisposable
{
    // Seconds by which times may disagree with the samples counted so far: containers count in milliseconds.
    private const double Jitter = 0.002;

    private readonly SoundReader _reader;
    private readonly CancellationToken _cancellation;
    private readonly long _origin;
    private float[] _samples = [];
    private int _start;
    private int _count;
    private long _silence;

    // Samples handed on or waiting, counted from the origin.
    private long _position;

    /// <summary>Opens a stream.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stream">The stream's number.</param>
    /// <param name="origin">The moment of the first sample, in seconds of the file's clock.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="Media.Libav.MediaException">It cannot be decoded.</exception>
    public SoundTrack(string path, int stream, double origin, CancellationToken cancellation)
    {
        _reader = SoundReader.Open(path, stream, cancellation);
        _cancellation = cancellation;
        _origin = (long)Math.Round(origin * _reader.SampleRate);
        WaveFormat = WaveFormat.CreateIeeeFloatWaveFormat(_reader.SampleRate, channels: 1);
    }

    /// <inheritdoc/>
    public WaveFormat WaveFormat { get; }

    /// <summary>The same at another rate.</summary>
    /// <param name="rate">Samples a second.</param>
    public ISampleProvider At(int rate) => WaveFormat.SampleRate == rate ? this : new WdlResamplingSampleProvider(this, rate);

    /// <inheritdoc/>
    public int Read(Span<float> buffer)
    {
        int written = 0;
        while (written < buffer.Length && (_silence > 0 || _count > 0 || Decode()))
        {
            int count;
            if (_silence > 0)
            {
                count = (int)Math.Min(_silence, buffer.Length - written);
                buffer.Slice(written, count).Clear();
                _silence -= count;
            }
            else
            {
                count = Math.Min(_count, buffer.Length - written);
                _samples.AsSpan(_start, count).CopyTo(buffer[written..]);
                (_start, _count) = (_start + count, _count - count);
            }

            written += count;
        }

        return written;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private bool Decode()
    {
        while (_reader.TryRead(out long? place, out ReadOnlySpan<float> samples, _cancellation))
        {
            long position = place - _origin ?? _position;
            if (_position != 0 && Math.Abs(position - _position) <= Jitter * WaveFormat.SampleRate)
            {
                position = _position;
            }

            long early = Math.Clamp(_position - position, 0, samples.Length);
            samples = samples[(int)early..];
            if (samples.IsEmpty)
            {
                continue;
            }

            _silence = Math.Max(0, position - _position);
            if (_samples.Length < samples.Length)
            {
                _samples = new float[samples.Length];
            }

            samples.CopyTo(_samples);
            (_start, _count) = (0, samples.Length);
            _position += _silence + samples.Length;
            return true;
        }

        return false;
    }
}
