using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace AdaConv.Fuzz;

/// <summary>Damages what is not video: settings files, weight files, logs and manifests.</summary>
internal static class TextMutator
{
    private static readonly string[] Values =
    [
        "999999999999999999999999", "-1", "0", "1e308", "-1e308", ".nan", ".inf", "2147483648", "9223372036854775807",
        "0x7fffffff", "1/0", "0/1", "1/2147483647",
        "~", "''", "\"\\0\"", "[1, 2]", "{a: b}", "*anchor", "!!binary aGk=", "| \n    text\n", "auto", "off",
        "on", "none", "8", "64", "1TiB", "0B", "../../etc/passwd",
    ];

    // What readers of numbers and names may trip over.
    private static readonly string[] Tokens =
    [
        "null", "{}", "[]", "-1", "1e400", "99999999999999999999", "\"\"", "\"\\u0000\"", "\"..\"", "\"../../x\"", "\"/etc/passwd\"", "true", "\"\\ud800\"",
        "2147483647", "9223372036854775807", "0", "1", "1e308", "\"\\\\\"",
    ];

    /// <summary>A preset of filter.yaml's text or another preset's.</summary>
    public static string Settings(string text, Random random) => random.Next(8) switch
    {
        0 => new string('[', random.Next(1, 200_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 20_000)).Select(i => $"{new string(' ', Math.Min(i, 40))}a: {{")),
        2 => Bomb(random.Next(3, 40)),
        3 => new string('a', random.Next(1, 1_500_000)) + ": 1\n",
        4 => "extends: " + Pick(random, ["mutant", "./mutant.yaml", "*a", "[a]", "/dev/zero", "/", "''", "nothing"]) + "\n" + text,
        5 => Characters(text, random),
        _ => Lines(text, random),
    };

    /// <summary>A weight file.</summary>
    public static byte[] Weights(byte[] bytes, Random random)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        switch (random.Next(6))
        {
            case 0:
                long[] lengths = [0, 1, -1, length - 1, length + 1, bytes.Length, long.MaxValue, long.MinValue, 1L << 31];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, Pick(random, lengths));
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                // Not a number, infinite, and merely huge.
                for (int i = random.Next(1, 200); i > 0; i--)
                {
                    ushort half = Pick<ushort>(random, [0x7E00, 0x7C00, 0xFC00, 0x7BFF, 0xFBFF]);
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan((8 + length + random.Next(bytes.Length - length - 10)) & ~1), half);
                }

                return bytes;
            case 3:
                for (int i = random.Next(1, 30); i > 0; i--)
                {
                    bytes[random.Next(8, 8 + length)] = (byte)random.Next(256);
                }

                return bytes;
            default:
                JsonNode header = JsonNode.Parse(bytes.AsSpan(8, length))!;
                string json = Damage(header, random);
                byte[] text = Encoding.UTF8.GetBytes(json);
                byte[] whole = [.. new byte[8], .. text, .. bytes[(8 + length)..]];
                BinaryPrimitives.WriteInt64LittleEndian(whole, text.Length);
                return whole;
        }
    }

    /// <summary>JSON, one object a line or a single one.</summary>
    public static string Json(string text, Random random)
    {
        string[] lines = text.Split('\n');
        int at = random.Next(lines.Length);
        if (random.Next(3) > 0 && lines[at].Length > 2 && lines[at][0] == '{')
        {
            lines[at] = Damage(JsonNode.Parse(lines[at])!, random);
            return string.Join('\n', lines);
        }

        return random.Next(4) switch
        {
            0 => string.Concat(Enumerable.Repeat("[", random.Next(1, 100_000))),
            1 => text[..random.Next(text.Length)],
            2 => string.Join('\n', lines.Append(Pick(random, Tokens)).Append(new string('x', random.Next(1_000_000))).Append("\0")),
            _ => Characters(text, random),
        };
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    // A value anywhere is replaced, or taken out.
    private static string Damage(JsonNode root, Random random)
    {
        JsonNode node = root;
        while (true)
        {
            JsonNode?[] children = node switch
            {
                JsonObject map => [.. map.Select(pair => pair.Value)],
                JsonArray list => [.. list],
                _ => [],
            };
            if (children.Length == 0)
            {
                break;
            }

            int at = random.Next(children.Length);
            if (children[at] is { } child and (JsonObject or JsonArray) && random.Next(4) > 0)
            {
                node = child;
                continue;
            }

            const string Mark = "the-place";
            if (node is JsonArray array)
            {
                array[at] = Mark;
            }
            else
            {
                JsonObject map = (JsonObject)node;
                string key = map.ElementAt(at).Key;
                if (random.Next(5) == 0)
                {
                    map.Remove(key);
                    return root.ToJsonString();
                }

                map[key] = Mark;
            }

            return root.ToJsonString().Replace($"\"{Mark}\"", Pick(random, Tokens), StringComparison.Ordinal);
        }

        return Pick(random, Tokens);
    }

    private static string Bomb(int levels) =>
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + string.Concat(Enumerable.Range(1, levels).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));

    private static string Characters(string text, Random random)
    {
        StringBuilder damaged = new(text);
        for (int i = random.Next(1, 40); i > 0; i--)
        {
            damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (char)random.Next(0xD7FF) : Pick(random, [.. "\0\t\n :[]{}&*!|>'\"%@`#-"]);
        }

        return damaged.ToString();
    }

    private static string Lines(string text, Random random)
    {
        string[] lines = text.Split('\n');
        int[] settings = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith(' ') && lines[i].Contains(": ", StringComparison.Ordinal))];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = Pick(random, settings);
            lines[at] = random.Next(6) == 0 ? lines[at] + "\n" + lines[at] : lines[at].Split(':')[0] + ": " + Pick(random, Values);
        }

        return string.Join('\n', lines);
    }
}
