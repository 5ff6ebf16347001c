/* The sentences of a comparison that its formats share. Texts from records are as they came: the writers make
 * them harmless. */
#include "harness/base/cell_keys.h"
#include "harness/report/compare.h"

#include <math.h>
#include <string.h>

/* The ratio farthest from 1 among rows of a verdict. */
static double extreme(const struct comparison *comparison, enum verdict verdict)
{
    double most = 1;
    for (int i = 0; i < comparison->row_count; i++) {
        const struct verdict_row *row = &comparison->row[i].verdict;
        if (row->verdict == verdict && fabs(log(row->point)) > fabs(log(most)))
            most = row->point;
    }
    return most;
}

static void add_part(struct text *text, int count, const char *words)
{
    if (count > 0)
        text_add(text, "%s%d %s", text->length > 0 ? ", " : "", count, words);
}

void comparison_add_sentence(struct text *text, const struct comparison *comparison)
{
    int slower = comparison_count(comparison, VERDICT_SLOWER);
    int faster = comparison_count(comparison, VERDICT_FASTER);
    int all = comparison->row_count;
    struct text parts = {0}, counted = {0};
    if (all == 0) {
        text_add(text, "Nothing could be compared: %d row%s refused.", comparison->refused_count,
            comparison->refused_count == 1 ? "" : "s");
        return;
    }
    add_part(&parts, slower, "slower");
    if (slower > 0)
        text_add(&parts, " (up to %.3f times the time)", extreme(comparison, VERDICT_SLOWER));
    add_part(&parts, faster, "faster");
    if (faster > 0)
        text_add(&parts, " (down to %.3f times the time)", extreme(comparison, VERDICT_FASTER));
    text_add(&counted, "equivalent within %g %%", comparison->delta * 100);
    add_part(&parts, comparison_count(comparison, VERDICT_EQUIVALENT), counted.data);
    add_part(&parts, comparison_count(comparison, VERDICT_INCONCLUSIVE), "inconclusive");
    text_add(text, "B against A, %d row%s: %s.", all, all == 1 ? "" : "s", parts.data);
    if (comparison->refused_count > 0)
        text_add(text, " %d refused.", comparison->refused_count);
    text_free(&parts);
    text_free(&counted);
}

static bool is_named(
    const struct comparison *comparison, int row, enum cell_side side, enum cell_key key, const char *value)
{
    return !comparison->row[row].only_base &&
           strcmp(cell_key_text(comparison->row[row].cell[side], key), value) == 0;
}

/* Every value that the side has in a key, once; a serial base has others of its own. */
static void add_values(
    struct text *text, const struct comparison *comparison, enum cell_side side, enum cell_key key)
{
    int named = 0;
    for (int i = 0; i < comparison->row_count; i++) {
        const char *value = cell_key_text(comparison->row[i].cell[side], key);
        bool seen = value[0] == '\0' || comparison->row[i].only_base;
        for (int j = 0; j < i && !seen; j++)
            seen = is_named(comparison, j, side, key, value);
        if (!seen)
            text_add(text, "%s%s", named++ > 0 ? " | " : "", value);
    }
}

void comparison_add_side(struct text *text, const struct comparison *comparison, enum cell_side side)
{
    int named = 0;
    for (int r = 0; r < comparison->run_count && !comparison->live; r++)
        if (comparison->run[r].side == side)
            text_add(text, "%s%s", named++ > 0 ? ", " : "", comparison->run[r].record.directory);
    for (enum cell_key key = 0; key < CELL_KEYS && comparison->live; key++)
        if ((comparison->ignored & 1u << key) != 0) {
            text_add(text, "%s%s ", named++ > 0 ? ", " : "", cell_key_name(key));
            add_values(text, comparison, side, key);
        }
    if (named == 0)
        text_add(text, "the same as %c", side == SIDE_A ? 'B' : 'A');
}
