namespace AdaConv.Model;

/// <summary>Which steps run a few rows at a time, behind one another.</summary>
internal enum SlidingChoice
{
    /// <summary>None: every step makes its whole result before the next one begins.</summary>
    None,

    /// <summary>Those with which the program needs clearly less memory.</summary>
    WhereItSaves,

    /// <summary>All that can.</summary>
    All,
}

/// <summary>Brings the steps of a program into their order, and its planes to their places.</summary>
/// <param name="steps">As they were written down.</param>
/// <param name="planes">All planes of the program, with the steps that make them and the last that use them.</param>
internal sealed class StepOrder(IReadOnlyList<WrittenStep> steps, IReadOnlyList<EnginePlanes> planes)
{
    private const double LeastGain = 0.9;     // of the memory, for which steps are run in many turns
    private const long SmallArena = 4L << 20; // floats, below which nothing is looked for
    private readonly (int Made, int LastUse)[] _written = [.. planes.Select(made => (made.Made, made.LastUse))];
    private readonly ILookup<EnginePlanes, WrittenStep> _users = SlidingSteps.Users(steps);

    /// <summary>Arranges them; where that is to save memory, so that they need the least, with as few turns as that allows.</summary>
    /// <param name="choice">Which steps slide behind one another.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <returns>What is run, and the floats of the arena.</returns>
    public (IReadOnlyList<ProgramStep> Steps, long Floats) Arrange(SlidingChoice choice, int threads)
    {
        var (order, whole) = Place([], []);
        if (choice == SlidingChoice.None || (choice == SlidingChoice.WhereItSaves && whole < SmallArena))
        {
            return ([.. order.SelectMany(part => part.Run)], whole);
        }

        SlidingSteps[] all = [.. SlidingSteps.Find(steps, threads)], chosen = all;
        long least = Place(all, all).Floats;
        foreach (SlidingSteps sliding in choice == SlidingChoice.All ? [] : all)
        {
            SlidingSteps[] others = [.. chosen.Where(other => other != sliding)];
            if (Place(others, all).Floats is { } floats && floats <= least)
            {
                (chosen, least) = (others, floats);
            }
        }

        (order, long size) = Place(least > LeastGain * whole && choice != SlidingChoice.All ? [] : chosen, all);
        return ([.. order.SelectMany(part => part.Run)], size);
    }

    private (List<Part> Order, long Floats) Place(SlidingSteps[] sliding, SlidingSteps[] all)
    {
        List<Part> order = [.. steps.Select(step => new Part([step], [new(step.Name, step.MultiplyAdds, step.Run)]))];
        foreach (SlidingSteps candidate in all)
        {
            candidate.Fold(sliding.Contains(candidate) && Gather(candidate, order));
        }

        Renumber(order);
        return (order, Arena.Place(planes.OrderBy(made => made.Made)));
    }

    // Brings steps that slide behind one another together: what lies between them goes before, or behind where it looks at what they make. False: one of them
    // looks at what lies between.
    private static bool Gather(SlidingSteps sliding, List<Part> order)
    {
        int[] places = [.. order.Index().Where(part => part.Item.Steps.Any(sliding.Steps.Contains)).Select(part => part.Index)];
        HashSet<EnginePlanes> late = [.. sliding.Steps.Select(step => step.Made)];
        List<Part> before = [], after = [];
        foreach (Part part in Enumerable.Range(places[0], places[^1] - places[0] + 1).Except(places).Select(place => order[place]))
        {
            bool waits = part.Steps.Any(step => step.Used.Any(late.Contains));
            (waits ? after : before).Add(part);
            late.UnionWith(waits ? part.Steps.Select(step => step.Made) : []);
        }

        late.ExceptWith(sliding.Steps.Select(step => step.Made));
        if (sliding.Steps.Any(step => step.Used.Any(late.Contains)))
        {
            return false;
        }

        order.RemoveRange(places[0], places[^1] - places[0] + 1);
        order.InsertRange(places[0], [.. before, new(sliding.Steps, sliding.Turns), .. after]);
        return true;
    }

    // When planes are made and used for the last time; steps that slide count as one.
    private void Renumber(List<Part> order)
    {
        Dictionary<WrittenStep, int> places = order.Index().SelectMany(part => part.Item.Steps, (part, step) => (step, part.Index)).ToDictionary();
        foreach (var (made, written) in planes.Zip(_written))
        {
            made.Made = written.Made < 0 ? written.Made : places[steps[written.Made]];
            made.LastUse = written.LastUse is < 0 or int.MaxValue ? written.LastUse : _users[made].Select(step => places[step]).Append(made.Made).Max();
        }
    }

    private sealed record Part(IReadOnlyList<WrittenStep> Steps, IEnumerable<ProgramStep> Run);
}
