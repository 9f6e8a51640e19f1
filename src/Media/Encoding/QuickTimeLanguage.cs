namespace AdaConv.Media.Encoding;

/// <summary>The languages that libav's QuickTime writer knows: those that the Macintosh had numbers for, each by one of its names.</summary>
internal static class QuickTimeLanguage
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "eng", "fra", "ger", "ita", "dut", "sve", "spa", "dan", "por", "nor", "heb", "jpn", "ara", "fin", "gre", "ice", "mlt", "tur", "chi",
        "urd", "hin", "tha", "kor", "lit", "pol", "hun", "est", "lav", "rus", "alb", "ron", "ces", "slk", "slv", "yid", "mac", "bul", "ukr", "bel",
        "uzb", "kaz", "aze", "arm", "geo", "mol", "kir", "tgk", "tuk", "mon", "pus", "kur", "kas", "snd", "tib", "nep", "san", "mar", "ben", "asm",
        "guj", "ori", "mal", "kan", "tam", "tel", "bur", "khm", "lao", "vie", "ind", "tgl", "may", "amh", "tir", "som", "swa", "run", "mlg", "epo",
        "wel", "baq", "cat", "lat", "que", "grn", "aym", "tat", "uig", "dzo", "jav",
    };

    // ISO 639-2 has two codes for some languages, and the Macintosh sometimes one, sometimes the other.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["fre"] = "fra",
        ["deu"] = "ger",
        ["nld"] = "dut",
        ["swe"] = "sve",
        ["ell"] = "gre",
        ["isl"] = "ice",
        ["zho"] = "chi",
        ["sqi"] = "alb",
        ["rum"] = "ron",
        ["cze"] = "ces",
        ["slo"] = "slk",
        ["mkd"] = "mac",
        ["hye"] = "arm",
        ["kat"] = "geo",
        ["bod"] = "tib",
        ["mya"] = "bur",
        ["msa"] = "may",
        ["cym"] = "wel",
        ["eus"] = "baq",
    };

    /// <summary>The name to write for a language; null where QuickTime files do not say it.</summary>
    /// <param name="language">Its code of three letters.</param>
    public static string? NameOf(string language) => Known.Contains(language) ? language : Others.GetValueOrDefault(language);
}
