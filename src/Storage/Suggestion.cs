namespace AdaConv;

/// <summary>Finds the word that a misspelt one was meant to be.</summary>
public static class Suggestion
{
    /// <summary>"; did you mean 'x'?" for the nearest candidate, or nothing when none is near.</summary>
    public static string For(string word, IEnumerable<string> candidates)
    {
        string? nearest = Nearest(word, candidates);
        return nearest is null ? string.Empty : $"; did you mean '{nearest}'?";
    }

    /// <summary>The other candidate with the fewest edits to it, at most one edit in three letters; null when none is that near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) => candidates
        .Where(candidate => candidate != word)
        .Select(candidate => (candidate, edits: Edits(word, candidate)))
        .Where(pair => pair.edits <= Math.Max(1, Math.Max(word.Length, pair.candidate.Length) / 3))
        .OrderBy(pair => pair.edits)
        .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    // Levenshtein's distance without regard to case, one row at a time.
    private static int Edits(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}
