/* The good run of tests/golden in a folder where it may be spoilt, and the reading of what became of it. For
 * test programs that include it once; make_folder and remove_folder are for the group, restore_files for each
 * test. */
#ifndef ACELERA_TEST_RUN_FILES_H
#define ACELERA_TEST_RUN_FILES_H

#include "harness/base/text.h"
#include "harness/report/summary.h"
#include "harness/store/run_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct text good_run, good_samples; /* the whole files */
static char folder[64], run_path[96], samples_path[96];

static inline void read_file(const char *path, struct text *content)
{
    char buffer[4096];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_add_bytes(content, buffer, got);
    fclose(file);
}

static inline void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static inline int make_folder(void **state)
{
    (void)state;
    read_file(GOLDEN_FOLDER "/run/run.json", &good_run);
    read_file(GOLDEN_FOLDER "/run/samples.jsonl", &good_samples);
    strcpy(folder, "/tmp/acelera-test-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(run_path, sizeof run_path, "%s/run.json", folder);
    snprintf(samples_path, sizeof samples_path, "%s/samples.jsonl", folder);
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    unlink(run_path);
    unlink(samples_path);
    text_free(&good_run);
    text_free(&good_samples);
    return rmdir(folder);
}

static inline int restore_files(void **state)
{
    (void)state;
    write_file(run_path, good_run.data, good_run.length);
    write_file(samples_path, good_samples.data, good_samples.length);
    return 0;
}

static inline void write_everything(const struct run_record *record)
{
    struct summary summary;
    char *output = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&output, &length);
    summary_make(record, &summary);
    assert_true(table_write(stream, &summary, &(struct table_style){true, true, 100}));
    assert_true(markdown_write(stream, &summary));
    assert_true(csv_write(stream, &summary));
    assert_true(json_write(stream, &summary));
    fclose(stream);
    assert_true(length > 0);
    free(output);
    summary_free(&summary);
}

/* Reads the folder; true if it was a run. Either way nothing may break, and a fault is one line. */
static inline bool read_folder(struct error *error)
{
    struct run_record record;
    strcpy(error->text, "");
    if (run_record_read(folder, &record, error) != STATUS_OK) {
        assert_true(error->text[0] != '\0');
        assert_null(strchr(error->text, '\n'));
        assert_int_equal(strncmp(error->text, folder, strlen(folder)), 0);
        return false;
    }
    write_everything(&record);
    run_record_free(&record);
    return true;
}

#endif
