/*
 * A program that has been loaded, and waits before its main(): each request makes a fork of it, which goes on into main() with arguments of its own.
 * Loading is most of what ffmpeg does for a clip of a few frames: 43,000 symbols are looked up in 200 libraries.
 *
 * Built as a library for LD_PRELOAD. A request on standard input: its length (a host int), then strings that each end in a zero: a name for the
 * answer, the folder to work in, files for standard output and standard error, and the arguments, the first of them the program's own name. The
 * answer on standard output: a line with the name and the exit code. The end of standard input ends the server.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int Main(int, char **, char **);
typedef int Start(Main *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

enum { NAME, FOLDER, OUTPUT, ERRORS, FIRST_ARGUMENT };

static Main *program;

/* Exactly so many bytes, or the end of the server. */
static void receive(void *to, size_t count)
{
    for (size_t had = 0; had < count;) {
        ssize_t got = read(STDIN_FILENO, (char *)to + had, count - had);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            _exit(0);
        had += (size_t)got;
    }
}

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        _exit(1);
    return memory;
}

static void redirect(int descriptor, const char *file, int flags)
{
    int opened = open(file, flags, 0600);
    if (opened < 0 || dup2(opened, descriptor) < 0)
        _exit(126);
    close(opened);
}

static int run(char **strings, int count, char **environment)
{
    redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, strings[OUTPUT], O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, strings[ERRORS], O_WRONLY | O_CREAT | O_TRUNC);
    if (chdir(strings[FOLDER]) != 0)
        _exit(126);
    return program(count - FIRST_ARGUMENT, strings + FIRST_ARGUMENT, environment);
}

static void answer(const char *name, int code)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%s %d\n", name, code);
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        _exit(1);
}

/* The exit code of the fork that runs the program, as shells give it. */
static int await(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 126;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* In a fork of the server: runs the program in another one, and gives the answer when it has ended. */
static int attend(char *request, int length, char **strings, char **environment)
{
    int count = 0;
    for (char *next = request; next < request + length; next += strlen(next) + 1)
        strings[count++] = next;
    strings[count] = NULL;
    signal(SIGCHLD, SIG_DFL);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return run(strings, count, environment);
    }
    answer(strings[NAME], child < 0 ? 126 : await(child));
    _exit(0);
}

static int serve(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int length;
        receive(&length, sizeof length);
        char *request = allocate((size_t)length), **strings = allocate(((size_t)length + 1) * sizeof *strings);
        receive(request, (size_t)length);
        pid_t child = fork();
        if (child == 0)
            return attend(request, length, strings, environment);
        if (child < 0)
            answer(request, 126);
        free(request);
        free(strings);
    }
}

int __libc_start_main(Main *main, int argc, char **argv, void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    Start *start = (Start *)dlsym(RTLD_NEXT, "__libc_start_main");
    program = main;
    unsetenv("LD_PRELOAD");
    return start(serve, argc, argv, init, fini, rtld_fini, stack_end);
}
