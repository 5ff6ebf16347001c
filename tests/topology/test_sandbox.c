/* Children that do their worst. */
#include "fixture.h"

#include "harness/machine/sandbox.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for a busy machine wherever the deadline is not what is tested. */
static const struct sandbox_limits limits = {
    .deadline_s = 60, .memory_bytes = 256 << 20, .reply_bytes = 1 << 20, .no_trace = true};

static void assert_end_within(
    double deadline_s, void (*body)(int, const void *), enum sandbox_end expected, const char *reply)
{
    struct text got = {0};
    struct sandbox_limits own = limits;
    own.deadline_s = deadline_s;
    assert_int_equal(sandbox_run(&own, body, "argument", &got), expected);
    assert_string_equal(got.data != NULL ? got.data : "", reply);
    text_free(&got);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing left to reap */
}

static void assert_end(void (*body)(int, const void *), enum sandbox_end expected, const char *reply)
{
    assert_end_within(limits.deadline_s, body, expected, reply);
}

static void answer(int out, const void *argument)
{
    sandbox_write(out, argument, strlen(argument));
}

static void crash(int out, const void *argument)
{
    answer(out, argument);
    raise(SIGSEGV);
}

static void fail_to_start(int out, const void *argument)
{
    answer(out, argument);
    _exit(3);
}

static void stop(int out, const void *argument)
{
    answer(out, argument);
    raise(SIGSTOP);
}

static void spin(int out, const void *argument)
{
    answer(out, argument);
    for (volatile int turning = 1; turning;)
        ;
}

static void ignore_signals_and_sleep(int out, const void *argument)
{
    answer(out, argument);
    for (int number = 1; number < 32; number++)
        signal(number, SIG_IGN);
    for (;;)
        sleep(60);
}

static void close_the_pipe_and_stay(int out, const void *argument)
{
    answer(out, argument);
    for (int file = 0; file < 64; file++)
        close(file);
    for (;;)
        sleep(60);
}

static void flood(int out, const void *argument)
{
    for (;;)
        answer(out, argument);
}

static void report_its_surroundings(int out, const void *argument)
{
    (void)argument;
    struct rlimit core, files;
    getrlimit(RLIMIT_CORE, &core);
    getrlimit(RLIMIT_FSIZE, &files);
    static const char noise[] = "noise";
    bool quiet = write(STDERR_FILENO, noise, sizeof noise - 1) == sizeof noise - 1;
    bool limited = core.rlim_max == 0 && files.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0;
    answer(out, quiet && limited ? "limited" : "free");
}

static void a_reply_comes_back_whole(void **state)
{
    (void)state;
    assert_end(answer, SANDBOX_DONE, "argument");
}

static void a_crash_is_told_from_success(void **state)
{
    (void)state;
    assert_end(crash, SANDBOX_CRASHED, "argument");
    assert_end(fail_to_start, SANDBOX_CRASHED, "argument");
}

static void a_stopped_a_spinning_and_a_deaf_child_end_at_the_deadline(void **state)
{
    (void)state;
    assert_end_within(1, stop, SANDBOX_TIMEOUT, "argument");
    assert_end_within(1, spin, SANDBOX_TIMEOUT, "argument");
    assert_end_within(1, ignore_signals_and_sleep, SANDBOX_TIMEOUT, "argument");
}

static void processor_time_runs_out_before_the_deadline(void **state)
{
    (void)state;
    struct text got = {0};
    struct sandbox_limits own = limits;
    own.cpu_s = 1;
    assert_int_equal(sandbox_run(&own, spin, "argument", &got), SANDBOX_TIMEOUT);
    assert_string_equal(got.data, "argument");
    text_free(&got);
}

static void a_child_that_hangs_up_does_not_live_on(void **state)
{
    (void)state;
    assert_end(close_the_pipe_and_stay, SANDBOX_CRASHED, "argument");
}

static void an_endless_reply_is_cut(void **state)
{
    (void)state;
    struct text got = {0};
    assert_int_equal(sandbox_run(&limits, flood, "argument", &got), SANDBOX_TOO_LONG);
    assert_in_range(got.length, 1, limits.reply_bytes);
    text_free(&got);
}

static void a_child_has_no_core_no_files_and_no_voice(void **state)
{
    (void)state;
    assert_end(report_its_surroundings, SANDBOX_DONE, "limited");
}

static void eat_memory(int out, const void *argument)
{
    for (;;) {
        char *volatile block = malloc(16 << 20); /* volatile: or compilers drop it */
        if (block == NULL) {
            answer(out, argument);
            return;
        }
        memset(block, 1, 16 << 20);
    }
}

static void memory_ends_at_its_limit(void **state)
{
    (void)state;
    if (!sandbox_limits_memory())
        skip();
    assert_end(eat_memory, SANDBOX_DONE, "argument");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_comes_back_whole),
        cmocka_unit_test(a_crash_is_told_from_success),
        cmocka_unit_test(a_stopped_a_spinning_and_a_deaf_child_end_at_the_deadline),
        cmocka_unit_test(processor_time_runs_out_before_the_deadline),
        cmocka_unit_test(a_child_that_hangs_up_does_not_live_on),
        cmocka_unit_test(an_endless_reply_is_cut),
        cmocka_unit_test(a_child_has_no_core_no_files_and_no_voice),
        cmocka_unit_test(memory_ends_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
