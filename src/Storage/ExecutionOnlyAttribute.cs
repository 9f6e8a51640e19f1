namespace AdaConv;

/// <summary>
/// Marks an option that says how the work is done (threads, memory, queues), not what comes out. Such options are left out where a run is
/// compared with an earlier one: a conversion resumes, and a batch skips finished files, whatever their values.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExecutionOnlyAttribute : Attribute;
