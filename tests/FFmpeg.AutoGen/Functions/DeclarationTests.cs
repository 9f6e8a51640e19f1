using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using AdaConv.FFmpeg.Tests.Headers;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Functions;

/// <summary>
/// Names, values and signatures of the binding against FFmpeg's headers, by C programs written from the binding's own metadata: so that
/// none can be forgotten.
/// </summary>
public sealed class DeclarationTests
{
    // Headers that a machine may lack are tested for by name.
    private static readonly string[] headers =
    [
        "libavcodec/avcodec.h", "libavcodec/codec_desc.h", "libavfilter/avfilter.h", "libavfilter/buffersink.h", "libavfilter/buffersrc.h",
        "libavformat/avformat.h", "libavformat/avio.h", "libavutil/avutil.h", "libavutil/channel_layout.h", "libavutil/cpu.h",
        "libavutil/dict.h", "libavutil/error.h", "libavutil/frame.h", "libavutil/hwcontext.h", "libavutil/imgutils.h", "libavutil/log.h",
        "libavutil/mathematics.h", "libavutil/opt.h", "libavutil/parseutils.h", "libavutil/pixdesc.h", "libavutil/time.h",
        "libswscale/swscale.h",
    ];

    [Fact]
    public void Every_enumeration_value_is_that_of_the_headers()
    {
        (string Name, long Value)[] values = [.. typeof(ffmpeg).Assembly.GetExportedTypes()
            .Where(type => type.IsEnum && type.Namespace == "FFmpeg.AutoGen")
            .SelectMany(type => Enum.GetNames(type).Select(name => (name, Convert.ToInt64(Enum.Parse(type, name), null))))];

        Assert.True(values.Length > 50);
        AssertValues(values);
    }

    [Fact]
    public void Every_constant_is_that_of_the_headers()
    {
        (string Name, long Value)[] constants = [.. typeof(ffmpeg).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.FieldType == typeof(int) || field.FieldType == typeof(long))
            .Select(field => (field.Name, Convert.ToInt64(field.GetValue(null), null)))];

        Assert.True(constants.Length > 30);
        AssertValues(constants);
    }

    [Fact]
    public void Every_function_is_declared_as_in_the_headers()
    {
        CCompiler.SkipUnlessHeadersAreThere();
        MethodInfo[] functions = [.. typeof(ffmpeg).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(method => method.IsDefined(typeof(LibraryImportAttribute)))
            .OrderBy(method => method.Name, StringComparer.Ordinal)];
        Assert.True(functions.Length > 100);

        // Without const the types of C say no more than those of C#.
        var code = new StringBuilder(Includes()).AppendLine("int main(void)\n{");
        foreach (MethodInfo function in functions)
        {
            string check = string.Join(" || ", Declarations(function)
                .Select(type => $"__builtin_types_compatible_p(__typeof__({function.Name}), {type})"));
            string line = $"    if (!({check})) puts(\"{function.Name}\");";
            code.AppendLine(IsFilter(function) ? $"#if __has_include(<libavfilter/avfilter.h>)\n{line}\n#endif" : line);
        }
        code.AppendLine("    return 0;\n}");

        Assert.Equal("", CCompiler.BuildAndRun(code.ToString(), "-Dconst="));
    }

    private static bool IsFilter(MethodInfo function) =>
        function.Name.StartsWith("avfilter", StringComparison.Ordinal) || function.Name.StartsWith("av_buffers", StringComparison.Ordinal);

    private static void AssertValues((string Name, long Value)[] values)
    {
        CCompiler.SkipUnlessHeadersAreThere();
        var code = new StringBuilder(Includes()).AppendLine("int main(void)\n{");
        foreach ((string name, _) in values)
        {
            code.AppendLine(null, $"    printf(\"%s %lld\\n\", \"{name}\", (long long)({name}));");
        }
        code.AppendLine("    return 0;\n}");

        Assert.Equal(
            values.Select(value => $"{value.Name} {value.Value}"),
            CCompiler.BuildAndRun(code.ToString()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Includes() => string.Concat(headers
        .Select(header => $"#if __has_include(<{header}>)\n#include <{header}>\n#endif\n")
        .Prepend("#include <errno.h>\n#include <stdint.h>\n#include <stdio.h>\n"));

    /// <summary>All C types that a function may have: for each byte* in C#, C has char* or uint8_t*.</summary>
    private static IEnumerable<string> Declarations(MethodInfo function)
    {
        IEnumerable<string> declarations = InC(function.ReturnType).Select(type => type + " (");
        ParameterInfo[] parameters = function.GetParameters();
        foreach (ParameterInfo parameter in parameters)
        {
            string separator = parameter.Position == 0 ? "" : ", ";
            // The arguments of a log line reach C# as the address they are passed by.
            string[] types = parameter.Name == "vl" ? ["va_list"] : InC(parameter.ParameterType);
            declarations = [.. declarations.SelectMany(start => types.Select(type => start + separator + type))];
        }
        return declarations.Select(declaration => declaration + (parameters.Length == 0 ? "void)" : ")"));
    }

    private static string[] InC(Type type)
    {
        if (type.IsByRef)
        {
            // in int_array4: const int[4]
            return [.. InC(type.GetElementType()!.GetProperty("Item")!.PropertyType).Select(element => element + " *")];
        }
        if (type.IsPointer)
        {
            return [.. InC(type.GetElementType()!).Select(target => target + " *")];
        }
        if (type.IsEnum)
        {
            return ["enum " + type.Name];
        }
        if (type.Name.EndsWith("_func", StringComparison.Ordinal))
        {
            return Callback(type);
        }
        return type.FullName switch
        {
            "System.Void" => ["void"],
            "System.String" => ["char *"],
            "System.Byte" => ["uint8_t", "char"],
            "System.Int32" => ["int"],
            "System.UInt32" => ["unsigned"],
            "System.Int64" => ["int64_t"],
            "System.UInt64" => ["size_t"],
            "System.Double" => ["double"],
            _ => ["struct " + type.Name],
        };
    }

    private static string[] Callback(Type type)
    {
        MethodInfo callback = type.Assembly.GetType(type.FullName![..^"_func".Length], throwOnError: true)!.GetMethod("Invoke")!;
        return type == typeof(av_log_set_callback_callback_func)
            ? ["void (*)(void *, int, char *, va_list)"]
            : [.. Declarations(callback).Select(declaration => declaration.Replace(" (", " (*)(", StringComparison.Ordinal))];
    }
}
