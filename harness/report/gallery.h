/* Many runs side by side: curves of the same problem over each other, one table of machines. Refuses to
 * average: what differs in problem, data or placement is another panel. */
#ifndef ACELERA_GALLERY_H
#define ACELERA_GALLERY_H

#include "harness/report/row_columns.h"
#include "harness/report/summary.h"

/* One run; what people call a machine. */
struct gallery_machine {
    struct run_record record;
    struct summary summary;    /* of this record */
    char *data_digest;         /* of a person's own table; NULL: the data were made from the seed */
    char *label;               /* the host, told apart where it repeats; a letter where names are left out */
    char **warnings;           /* their ids and those of the doctor's, each once, NULL-terminated */
    double clock_ghz;          /* the highest of all rows; NaN unknown */
    const char *hypervisor;    /* NULL unknown */
    unsigned long long digest; /* of what was measured where and when, whatever the directory is called */
};

/* One machine's rows in a panel, which differ in threads only. */
struct gallery_curve {
    int machine;
    const char *worker;
    const char *side;
    const struct summary_row **row; /* ascending; no serial base */
    int count;
    const struct summary_row *largest; /* verified team; NULL none */
    const struct summary_row *cores;   /* one thread on every usable core, verified; NULL none */
};

/* One problem: kernel, variant, type, size, shape, options, placement, scaling and data are the same. */
struct gallery_panel {
    char *name;    /* "matmul packed f32 medium" */
    char *details; /* the rest of what is the same */
    char *key;
    enum cell_rate rate;
    struct gallery_curve *curve; /* by machine */
    int curve_count, machine_count;
    bool shown; /* on at least half of the machines, and not one too many */
};

struct gallery_left_out {
    char *path, *reason;
};

struct gallery {
    struct gallery_machine **machine;
    int machine_count;
    struct gallery_panel *panel; /* those on most machines first */
    int panel_count, shown_count;
    struct gallery_left_out *left_out; /* runs that could not be read */
    int left_out_count;
    int repeated; /* runs that were there already */
    bool anonymous;
};

/* Takes the record over. data_digest: NULL for data made from the seed. A run that is there already, under
 * whatever name, is freed and counted. */
void gallery_add(struct gallery *gallery, struct run_record *record, const char *data_digest);
void gallery_leave_out(struct gallery *gallery, const char *path, const char *reason);
/* Once, after the last run: order, labels and panels follow from what was measured, not from who came first.
 * anonymous: labels are letters, and no text from a run shows a host, a path or a command line. */
void gallery_arrange(struct gallery *gallery, bool anonymous);
void gallery_free(struct gallery *gallery);

/* A text of this machine's run as the gallery may show it; owned by the caller. */
char *gallery_words(const struct gallery *gallery, int machine, const char *string);
/* The label, and the worker where the machine has several curves in the panel; owned by the caller. */
char *gallery_curve_label(
    const struct gallery *gallery, const struct gallery_panel *panel, const struct gallery_curve *curve);
/* One after the other without a boundary of cores, SMT, kinds or memory between them. */
bool gallery_joined(const struct summary_row *left, const struct summary_row *right);

void gallery_columns_visit_machine(
    const struct gallery *gallery, int machine, const struct column_visitor *visitor);

/* The table of machines. False if the stream is in error. */
bool gallery_table_write(FILE *stream, const struct gallery *gallery, const struct table_style *style);
bool gallery_markdown_write(FILE *stream, const struct gallery *gallery);
bool gallery_csv_write(FILE *stream, const struct gallery *gallery);
bool gallery_json_write(FILE *stream, const struct gallery *gallery);

/* Every row of every machine, as CSV; what gallery.csv holds. */
bool gallery_rows_write(FILE *stream, const struct gallery *gallery);

/* Writes gallery.html and gallery.csv into the folder, which is made. */
enum status gallery_write_files(const struct gallery *gallery, const char *folder, struct error *error);

#endif
