using System.Runtime.CompilerServices;

// Kernels write all of their working memory on the stack before they read it: .NET need not clear it at every call.
[module: SkipLocalsInit]
