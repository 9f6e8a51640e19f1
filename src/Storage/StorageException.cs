namespace AdaConv.Storage;

/// <summary>A file cannot be read or written: the disk is full, a folder is read-only, a device fails. The message is complete and meant
/// for the user.</summary>
public sealed class StorageException : AdaConvException
{
    // Linux: EAGAIN (a lock that is held), ENOSPC, EROFS, EDQUOT. Windows: ERROR_SHARING_VIOLATION, ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL.
    private const int Locked = 11, NoSpace = 28, ReadOnly = 30, Quota = 122;
    private const int WindowsShared = unchecked((int)0x80070020), WindowsHandleFull = unchecked((int)0x80070027), WindowsFull = unchecked((int)0x80070070);

    /// <summary>A failure with everything that is known about it.</summary>
    /// <param name="operation">What was being done: "Writing".</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="problem">What went wrong, in plain words.</param>
    /// <param name="advice">What the user can do about it, if anything.</param>
    /// <param name="innerException">The cause.</param>
    public StorageException(string operation, string path, string problem, string? advice, Exception? innerException)
        : base(operation, path, problem, advice, null, innerException)
    {
    }

    /// <summary>Whether no space is left.</summary>
    public bool IsDiskFull { get; private init; }

    /// <summary>Whether another process holds the file.</summary>
    public bool IsInUse { get; private init; }

    /// <summary>Whether an exception is the system's refusal of a file.</summary>
    public static bool IsRefusal(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The system's refusal in the user's words.</summary>
    /// <param name="operation">What was being done: "Writing".</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="cause">What the system threw.</param>
    public static StorageException Of(string operation, string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause switch
        {
            UnauthorizedAccessException => new(operation, path, "the system does not allow it", "Check the permissions of the file and of its folder.", cause),
            { HResult: NoSpace or WindowsFull or WindowsHandleFull } =>
                new(operation, path, "the disk is full", "Free some space, or choose another disk.", cause) { IsDiskFull = true },
            { HResult: Quota } when OperatingSystem.IsLinux() =>
                new(operation, path, "your quota on this disk is used up", "Free some space, or choose another disk.", cause) { IsDiskFull = true },
            { HResult: ReadOnly } => new(operation, path, "the disk can only be read", "Choose another folder.", cause),
            { HResult: Locked or WindowsShared } =>
                new(operation, path, "another process holds it", "Wait for that process, or end it.", cause) { IsInUse = true },
            DirectoryNotFoundException => new(operation, path, "its folder is not there, or not any more", "Make the folder, or choose another one.", cause),
            _ => new(operation, path, cause.Message.TrimEnd('.'), null, cause),
        };
    }
}
