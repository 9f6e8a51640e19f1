namespace AdaConv.Architecture.Tests;

/// <summary>Circles in a graph of uses.</summary>
internal static class Circles
{
    /// <summary>The sets of names that reach each other (strongly connected components of more than one name; Tarjan's algorithm).</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<(string User, string Used)> uses)
    {
        ILookup<string, string> usedBy = uses.Distinct().ToLookup(use => use.User, use => use.Used, StringComparer.Ordinal);
        Dictionary<string, int> number = new(StringComparer.Ordinal);
        Dictionary<string, int> lowest = new(StringComparer.Ordinal);
        Stack<string> open = new();
        List<IReadOnlyList<string>> circles = [];
        foreach (string start in usedBy.Select(group => group.Key).Order(StringComparer.Ordinal))
        {
            if (!number.ContainsKey(start))
            {
                Visit(start);
            }
        }

        return circles;

        void Visit(string name)
        {
            number[name] = lowest[name] = number.Count;
            open.Push(name);
            foreach (string used in usedBy[name])
            {
                if (!number.TryGetValue(used, out int seen))
                {
                    Visit(used);
                    lowest[name] = Math.Min(lowest[name], lowest[used]);
                }
                else if (open.Contains(used))
                {
                    lowest[name] = Math.Min(lowest[name], seen);
                }
            }

            if (lowest[name] != number[name])
            {
                return;
            }

            List<string> circle = [];
            do
            {
                circle.Add(open.Pop());
            }
            while (circle[^1] != name);

            if (circle.Count > 1)
            {
                circles.Add([.. circle.Order(StringComparer.Ordinal)]);
            }
        }
    }
}
