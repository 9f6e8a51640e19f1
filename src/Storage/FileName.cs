using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AdaConv.Storage;

/// <summary>What systems let a file be called.</summary>
public static class FileName
{
    /// <summary>Bytes of a name in UTF-8 that the usual file systems take; Windows counts characters, of which there are no more.</summary>
    private const int MostBytes = 255;

    /// <summary>What is said of a file whose name cannot be said in Unicode, so that .NET cannot open it.</summary>
    public const string NotUnicode = "its name is not UTF-8, and only such names can be opened";

    /// <summary>Whether a file of that name could not be made.</summary>
    public static bool IsTooLong(string name) => Encoding.UTF8.GetByteCount(name) > MostBytes;

    /// <summary>Whether a path came out of bytes that are not UTF-8: the system gives such names with U+FFFD in them, by which there is no file.</summary>
    public static bool IsNotUnicode(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !OperatingSystem.IsWindows() && path.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path);
    }

    /// <summary>A name that leaves room for more: itself, or its beginning and a number that follows from the whole.</summary>
    /// <param name="name">The name.</param>
    /// <param name="others">Bytes of what is put around it.</param>
    public static string Fit(string name, int others)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Encoding.UTF8.GetByteCount(name) + others <= MostBytes)
        {
            return name;
        }

        string number = "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
        StringBuilder start = new();
        int room = MostBytes - others - number.Length;
        foreach (string sign in StringInfo.GetTextElementEnumerator(name).Each())
        {
            room -= Encoding.UTF8.GetByteCount(sign);
            if (room < 0)
            {
                break;
            }

            start.Append(sign);
        }

        return start.Append(number).ToString();
    }

    private static IEnumerable<string> Each(this TextElementEnumerator signs)
    {
        while (signs.MoveNext())
        {
            yield return signs.GetTextElement();
        }
    }
}
