using System.Runtime.CompilerServices;
using AdaConv.Model;

namespace AdaConv.Training.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    internal static void Initialize() => TorchRuntime.Initialize();
}
