#include "harness/measure/protocol_marks.h"
#include "harness/base/text.h"

#include <jansson.h>
#include <time.h>

static char *dump(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(object);
    if (text == NULL)
        memory_grow(NULL, (size_t)-1, 1); /* the only way to fail is memory */
    return text;
}

char *protocol_warm(double seconds, const char *end_process)
{
    json_t *line = end_process != NULL ? json_loads(end_process, 0, NULL) : NULL;
    json_t *clocks = json_object_get(line, "clock_ghz");
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string("warm"));
    json_object_set_new(object, "seconds", json_real(seconds));
    json_object_set_new(object, "clock_ghz", json_is_array(clocks) ? json_incref(clocks) : json_null());
    json_decref(line);
    return dump(object);
}

char *protocol_resume(const char *version, double seconds_before)
{
    char started[32];
    struct tm parts;
    time_t now = time(NULL);
    gmtime_r(&now, &parts);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &parts);
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string("resume"));
    json_object_set_new(object, "started", json_string(started));
    json_object_set_new(object, "version", json_string(version));
    json_object_set_new(object, "seconds_before", json_real(seconds_before));
    return dump(object);
}
