using AdaConv.Tests.Support;

namespace AdaConv.Storage.Tests;

public sealed class DurableStoreTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_replaces_the_one_before_and_leaves_nothing_beside_it()
    {
        DurableStore.Write(_folder["inner/report.md"], "one");
        DurableStore.Write(_folder["inner/report.md"], "two");
        DurableStore.Write(_folder["inner/data.bin"], stream => stream.Write([1, 2, 3]));

        Assert.Equal("two", File.ReadAllText(_folder["inner/report.md"]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["inner/data.bin"]));
        Assert.Equal(["data.bin", "report.md"], Names("inner"));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_stood_there()
    {
        DurableStore.Write(_folder["a/weights"], "old");

        Assert.Throws<InvalidOperationException>(() => DurableStore.Write(_folder["a/weights"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(_folder["a/weights"]));
        Assert.Equal(["weights"], Names("a"));
    }

    [Fact]
    public void What_a_killed_process_left_is_cleared_by_the_next_write()
    {
        Directory.CreateDirectory(_folder["b"]);
        string stale = _folder["b/.weights.999999999.partial.bin"];
        File.WriteAllText(stale, "half");

        DurableStore.Write(_folder["b/weights.bin"], "whole");

        Assert.Equal(["weights.bin"], Names("b"));
    }

    [Fact]
    public void A_name_that_is_taken_is_kept_where_it_must_not_be_replaced()
    {
        File.WriteAllText(_folder["partial"], "new");
        File.WriteAllText(_folder["taken"], "old");

        Assert.Throws<StorageException>(() => DurableStore.Publish(_folder["partial"], _folder["taken"], overwrite: false));

        Assert.Equal(("new", "old"), (File.ReadAllText(_folder["partial"]), File.ReadAllText(_folder["taken"])));
    }

    [Fact]
    public void A_folder_is_published_with_all_that_is_in_it()
    {
        Directory.CreateDirectory(_folder["next/deep"]);
        File.WriteAllText(_folder["next/deep/file"], "content");

        DurableStore.Publish(_folder["next"], _folder["checkpoint"]);

        Assert.Equal("content", File.ReadAllText(_folder["checkpoint/deep/file"]));
        Assert.False(Directory.Exists(_folder["next"]));
        DurableStore.Remove(_folder["checkpoint"]);
        DurableStore.Remove(_folder["checkpoint"]);
        Assert.False(Directory.Exists(_folder["checkpoint"]));
    }

    [Fact]
    public void A_full_disk_is_told_with_the_file_and_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full stands for a full disk.");

        var error = Assert.Throws<StorageException>(() => DurableStore.Write(_folder["weights"], _ =>
        {
            using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write([1]);
        }));

        Assert.True(error.IsDiskFull);
        Assert.Equal($"Writing {_folder["weights"]}: the disk is full. Free some space, or choose another disk.", error.Message);
        Assert.Equal(("Writing", _folder["weights"], "the disk is full"), (error.Operation, error.Path, error.Problem));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_told_as_the_store_s_own_error()
    {
        File.WriteAllText(_folder["file"], "");
        Directory.CreateDirectory(_folder["taken/inner"]);

        Assert.Contains(_folder["file"], Assert.Throws<StorageException>(() => DurableStore.Write(_folder["file/report.md"], "text")).Message,
            StringComparison.Ordinal);
        Assert.Contains(_folder["taken"], Assert.Throws<StorageException>(() => DurableStore.Write(_folder["taken"], "text")).Message,
            StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => DurableStore.Publish(_folder["missing"], _folder["name"]));
        Assert.Throws<StorageException>(() => DurableStore.CreateFolder(_folder["file/folder"]));
        Assert.Equal(["file", "taken"], _folder.Names);
    }

    private string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(_folder[folder]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
