using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data.Preparation;

/// <summary>Writes the frames of one item as they are decoded, measures them, and at the end keeps those that some triplet needs.</summary>
internal sealed class SequenceWriter(Stream data, string name, int width, int height)
{
    private readonly long _start = data.Position;
    private readonly MotionMeter _meter = new(width, height);
    private readonly List<float> _differences = [];
    private readonly List<float> _motion = [];
    private readonly byte[] _previous = new byte[3 * width * height];
    private int _count;

    /// <summary>Frames written so far.</summary>
    public int Count => _count;

    /// <summary>Writes the next frame.</summary>
    /// <param name="frame">Planes G, B, R.</param>
    public void Add(ReadOnlySpan<byte> frame)
    {
        data.Write(frame);
        ReadOnlySpan<byte> green = frame[..(width * height)];
        if (_count++ > 0)
        {
            _differences.Add(MeanDifference(_previous, green));
            _motion.Add(_meter.Measure(_previous, green));
        }

        green.CopyTo(_previous);
    }

    /// <summary>Keeps all frames as one chosen triplet.</summary>
    public FrameSequence Triplet() => new(name, 0, width, height, _start, _differences, _motion, Chosen: true);

    /// <summary>Drops the frames that no triplet of any stride needs, and tells what is left.</summary>
    /// <exception cref="TrainingException">There are fewer than three frames.</exception>
    public PreparedItem Finish(FootageItem item)
    {
        if (_count < 3)
        {
            throw new TrainingException($"{item.Name} has {Counted.Of(_count, "frame")}; a triplet needs 3.");
        }

        List<FrameSequence> sequences = [];
        long end = _start;
        foreach (var (first, last) in Runs())
        {
            long offset = end;
            for (int frame = first; frame <= last; frame++, end += _previous.Length)
            {
                Move(_start + (long)frame * _previous.Length, end);
            }

            sequences.Add(new FrameSequence(
                name, first, width, height, offset, _differences[first..last], _motion[first..last], Chosen: false));
        }

        data.SetLength(end);
        data.Position = end;
        TripletVerdict[] verdicts = [.. Enumerable.Range(1, _count - 2).Select(middle => TripletRules.Judge(_differences, middle, 1))];
        return new PreparedItem(item.Name, item.Kind, sequences)
        {
            FramesRead = _count,
            Cut = verdicts.Count(verdict => verdict == TripletVerdict.Cut),
            Still = verdicts.Count(verdict => verdict == TripletVerdict.Still),
            Uneven = verdicts.Count(verdict => verdict == TripletVerdict.Uneven),
            LeftOut = sequences.Count > 0 ? [] : ["no usable triplet: see the counts of cuts, still and uneven triplets"],
        };
    }

    // Runs of frames that a usable triplet needs, without a cut inside.
    private IEnumerable<(int First, int Last)> Runs()
    {
        bool[] needed = new bool[_count];
        for (int stride = 1; stride <= TripletRules.MaximumStride; stride++)
        {
            for (int middle = stride; middle + stride < _count; middle++)
            {
                if (TripletRules.Judge(_differences, middle, stride) == TripletVerdict.Usable)
                {
                    needed.AsSpan(middle - stride, 2 * stride + 1).Fill(true);
                }
            }
        }

        for (int first = 0; first < _count; first++)
        {
            int last = first;
            while (needed[first] && last + 1 < _count && needed[last + 1] && !TripletRules.IsCut(_differences, last))
            {
                last++;
            }

            if (last > first)
            {
                yield return (first, last);
                first = last;
            }
        }
    }

    private void Move(long from, long to)
    {
        if (from != to)
        {
            data.Position = from;
            data.ReadExactly(_previous);
            data.Position = to;
            data.Write(_previous);
        }
    }

    private float MeanDifference(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        long sum = 0, count = 0;
        for (int y = 0; y < height; y += 4)
        {
            for (int x = 0; x < width; x += 4, count++)
            {
                sum += Math.Abs(first[y * width + x] - second[y * width + x]);
            }
        }

        return (float)sum / count;
    }
}
