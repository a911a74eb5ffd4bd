/*
 * Records what a program does to the files of one folder, for the power-cut test.
 *
 * Preloaded into the program (LD_PRELOAD). Each call that changes a file or hands it to the disk is
 * carried out, and then appended to a log:
 *
 *     u8 kind, u16 length of name, u16 length of second name, u64 offset or length, u32 length of data,
 *     name, second name, data                                   (numbers in the machine's byte order)
 *
 * kinds: C created, W written, T truncated, S synced, U unlinked, R renamed, L linked, A said something
 * on standard output or standard error.
 *
 * POWER_CUT_FOLDER is the folder (absolute, without links), POWER_CUT_LOG the log. The folder's own
 * name is empty.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void record(char kind, const char *name, const char *second, uint64_t number,
                   const void *data, uint32_t length)
{
    int error = errno;
    const char *log = getenv("POWER_CUT_LOG");
    int fd = log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    uint16_t name_length = (uint16_t)strlen(name), second_length = (uint16_t)strlen(second);
    struct iovec parts[] = {
        {&kind, 1}, {&name_length, 2}, {&second_length, 2}, {&number, 8}, {&length, 4},
        {(void *)name, name_length}, {(void *)second, second_length}, {(void *)data, length},
    };
    long expected = 17L + name_length + second_length + length;
    if (fd < 0 || syscall(SYS_writev, fd, parts, 8) != expected)
        abort(); /* a gap in the log would make the test lie */
    syscall(SYS_close, fd);
    errno = error;
}

/* The part of an absolute path below the folder, or NULL. */
static const char *below(const char *path)
{
    const char *folder = getenv("POWER_CUT_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    if (!length || strncmp(path, folder, length) != 0)
        return NULL;
    if (path[length] == '\0')
        return "";
    return path[length] == '/' ? path + length + 1 : NULL;
}

static const char *name_of_fd(int fd, char *buffer)
{
    char link[64];
    int error = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, buffer, PATH_MAX - 1);
    errno = error;
    if (length < 0)
        return NULL;
    buffer[length] = '\0';
    return below(buffer);
}

static const char *name_of_path(int folder, const char *path, char *buffer)
{
    if (path[0] == '/')
        return below(path);
    char base[PATH_MAX];
    if (folder == AT_FDCWD) {
        if (!getcwd(base, sizeof base))
            return NULL;
    } else {
        const char *name = name_of_fd(folder, base);
        if (!name)
            return NULL;
    }
    if (snprintf(buffer, PATH_MAX, "%s/%s", base, path) >= PATH_MAX)
        abort();
    return below(buffer);
}

static int opened(int folder, const char *path, int flags, mode_t mode)
{
    int existed = !(flags & O_CREAT) || faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    char buffer[PATH_MAX];
    const char *name = fd < 0 ? NULL : name_of_fd(fd, buffer);
    if (name && !existed)
        record('C', name, "", 0, NULL, 0);
    else if (name && (flags & O_TRUNC))
        record('T', name, "", 0, NULL, 0);
    return fd;
}

#define MODE_ARGUMENT(flags, mode)                  \
    mode_t mode = 0;                                \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {        \
        va_list arguments;                          \
        va_start(arguments, flags);                 \
        mode = (mode_t)va_arg(arguments, unsigned); \
        va_end(arguments);                          \
    }

int open(const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags, mode)
    return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags, mode)
    return opened(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags, mode)
    return opened(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags, mode)
    return opened(folder, path, flags, mode);
}

ssize_t write(int fd, const void *data, size_t length)
{
    char buffer[PATH_MAX];
    const char *name = name_of_fd(fd, buffer);
    off_t offset = name ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t written = syscall(SYS_write, fd, data, length);
    if (fd == STDOUT_FILENO || fd == STDERR_FILENO)
        record('A', "", "", 0, NULL, 0);
    else if (name && written > 0)
        record('W', name, "", (uint64_t)offset, data, (uint32_t)written);
    return written;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    char buffer[PATH_MAX];
    ssize_t written = syscall(SYS_pwrite64, fd, data, length, offset);
    const char *name = name_of_fd(fd, buffer);
    if (name && written > 0)
        record('W', name, "", (uint64_t)offset, data, (uint32_t)written);
    return written;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset)
{
    return pwrite(fd, data, length, offset);
}

int ftruncate(int fd, off_t length)
{
    char buffer[PATH_MAX];
    int result = (int)syscall(SYS_ftruncate, fd, length);
    const char *name = name_of_fd(fd, buffer);
    if (name && result == 0)
        record('T', name, "", (uint64_t)length, NULL, 0);
    return result;
}

int ftruncate64(int fd, off_t length)
{
    return ftruncate(fd, length);
}

static int synced(int fd, long number)
{
    char buffer[PATH_MAX];
    int result = (int)syscall(number, fd);
    const char *name = name_of_fd(fd, buffer);
    if (name && result == 0)
        record('S', name, "", 0, NULL, 0);
    return result;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }

int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int unlinkat(int folder, const char *path, int flags)
{
    char buffer[PATH_MAX];
    int result = (int)syscall(SYS_unlinkat, folder, path, flags);
    const char *name = name_of_path(folder, path, buffer);
    if (name && result == 0)
        record('U', name, "", 0, NULL, 0);
    return result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    const char *old = name_of_path(from_folder, from, from_buffer);
    const char *new = name_of_path(to_folder, to, to_buffer);
    if (old && new && result == 0)
        record('R', old, new, 0, NULL, 0);
    return result;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return renameat2(from_folder, from, to_folder, to, 0);
}

int rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    int result = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    const char *old = name_of_path(from_folder, from, from_buffer);
    const char *new = name_of_path(to_folder, to, to_buffer);
    if (old && new && result == 0)
        record('L', old, new, 0, NULL, 0);
    return result;
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}
