/*
 * Lets reads of one file fail, as a disk does that is about to die.
 *
 * Preloaded into the program (LD_PRELOAD). FAILING_FILE is the file (absolute, without links); its first
 * FAILING_AFTER reads are carried out, all others fail with EIO.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(int fd)
{
    static long done;
    char link[64], path[PATH_MAX];
    const char *file = getenv("FAILING_FILE"), *after = getenv("FAILING_AFTER");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!file || !after || length < 0)
        return 0;
    path[length] = '\0';
    if (strcmp(path, file) != 0 || done++ < atol(after))
        return 0;
    errno = EIO;
    return 1;
}

ssize_t read(int fd, void *buffer, size_t length)
{
    return fails(fd) ? -1 : syscall(SYS_read, fd, buffer, length);
}

ssize_t pread(int fd, void *buffer, size_t length, off_t offset)
{
    return fails(fd) ? -1 : syscall(SYS_pread64, fd, buffer, length, offset);
}

ssize_t pread64(int fd, void *buffer, size_t length, off64_t offset)
{
    return fails(fd) ? -1 : syscall(SYS_pread64, fd, buffer, length, offset);
}
