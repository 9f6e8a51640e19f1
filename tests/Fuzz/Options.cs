using System.Globalization;

namespace AdaConv.Fuzz;

/// <summary>What the fuzzer is told.</summary>
internal sealed record Options
{
    /// <summary>Ends after so many minutes.</summary>
    public double Minutes { get; private init; } = double.PositiveInfinity;

    /// <summary>Ends before the mutant of this number.</summary>
    public int Mutants { get; private init; } = int.MaxValue;

    /// <summary>Begins with the mutant of this number.</summary>
    public int First { get; private init; }

    /// <summary>Whether these are the mutants of a seed from the first one on, and not some of them.</summary>
    public bool IsWhole => Kind is null && First == 0;

    /// <summary>What all mutants follow from.</summary>
    public int Seed { get; private init; } = 1;

    /// <summary>Only mutants of this kind; null: all.</summary>
    public Kind? Kind { get; private init; }

    /// <summary>How many mutants run at a time.</summary>
    public int Jobs { get; private init; } = 1;

    /// <summary>Whether what an earlier run of the seed found counts, and its mutants are passed over.</summary>
    public bool Resume { get; private init; }

    /// <summary>Whether all clips are damaged that FFmpeg writes, or a few.</summary>
    public bool All { get; private init; } = true;

    /// <summary>Where clips are kept, and mutants that found a fault.</summary>
    public string Folder { get; private init; } = Path.GetFullPath("fuzz");

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static Options Parse(string[] arguments)
    {
        Options options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{arguments[^1]} needs a value.");
            int Number() => int.Parse(Value(), CultureInfo.InvariantCulture);
            options = arguments[i] switch
            {
                "--minutes" => options with { Minutes = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--mutants" => options with { Mutants = Number() },
                "--first" => options with { First = Number() },
                "--only" => Number() is var number ? options with { First = number, Mutants = number + 1 } : options,
                "--seed" => options with { Seed = Number() },
                "--kind" => options with { Kind = Enum.Parse<Kind>(Value()) },
                "--jobs" => options with { Jobs = Number() },
                "--resume" => options with { Resume = true },
                "--few" => options with { All = false },
                "--folder" => options with { Folder = Path.GetFullPath(Value()) },
                _ => throw new ArgumentException($"There is no option {arguments[i]}."),
            };
        }

        return options;
    }
}
