"""The sides of a comparison: what is run, in which environment, and how a rate is read from it. A side is a
fresh process each time. Refuses to know shapes (cases.py) and statistics (report.py)."""
import json
import os
import re
import shutil
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEERING = re.compile(r"^(OMP_|GOMP_|KMP_|.*_NUM_THREADS$|BLIS_.*_NT$|OPENBLAS_|BLIS_)")


class Absent(Exception):
    """This side cannot be measured here; the text says why."""


def environment(threads, waiting, more=None):
    """waiting: None, the runtime's own way; "active": our team's; "brief": what computes on others' threads."""
    kept = {key: value for key, value in os.environ.items() if not STEERING.match(key)}
    for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
        kept[f"{name}_NUM_THREADS"] = str(threads)
    kept["OMP_DYNAMIC"] = "false"
    if waiting == "active":
        kept |= {"OMP_WAIT_POLICY": "active", "KMP_BLOCKTIME": "infinite"}
    elif waiting == "brief":
        kept |= {"GOMP_SPINCOUNT": "300000", "KMP_BLOCKTIME": "1"}
    return kept | (more or {})


def call(command, env, patience_s=600):
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=patience_s, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise Absent(f"{Path(command[0]).name}: {failure}") from failure
    if done.returncode != 0:
        words = (done.stderr.strip() or "no word of why").splitlines()[-1]
        raise Absent(f"exit code {done.returncode}: {words}")
    return done.stdout


def smallest_caches(caches):
    """As acelera tells them to its worker: the smallest of each level that is known, by the worker's words."""
    words, known = {1: "l1d", 2: "l2", 3: "l3"}, {}
    for cache in caches:
        if cache["bytes"] and cache["level"] in words:
            word = words[cache["level"]]
            known[word] = min(cache["bytes"], known.get(word, cache["bytes"]))
    return known


class Machine:
    """The PUs to use, in the order that threads take them, and what the report says of the machine."""

    def __init__(self, build):
        self.pus, self.caches = sorted(os.sched_getaffinity(0)), {}
        try:
            told = json.loads(call([str(build / "acelera"), "topology", "--format", "json"], dict(os.environ)))
            self.pus = told["orders"]["spread"] or self.pus
            self.caches = smallest_caches(told["caches"])
        except (Absent, ValueError, KeyError, TypeError):
            pass  # an older program: the order of the system, caches unknown
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = re.search(r"^(?:model name|CPU part)\s*:\s*(.*)$", text, re.M)
        flags = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", text, re.M)
        self.model = model.group(1) if model else "unknown CPU"
        self.flags = set(flags.group(1).split()) if flags else set()

    def pinned(self, threads, command):
        return ["taskset", "-c", ",".join(map(str, self.pus[:threads])), *command]


class Worker:
    """Our kernels, and through matmul:blas those of others, by the worker's line protocol."""

    def __init__(self, build, machine, seconds, name=None):
        self.machine, self.seconds = machine, seconds
        names = [name] if name else [f"{level}-gomp" for level in
                                     ("native", "x86-64-v4", "x86-64-v3", "x86-64-v2", "armv9-a", "armv8.2-a", "armv8-a")]
        for candidate in names:
            self.path = build / f"acelera-worker-{candidate}"
            if not self.path.exists():
                continue
            self.about = json.loads(call([str(self.path), "--describe"], dict(os.environ)))
            if self.about["runnable"]:
                break
        else:
            raise Absent(f"no worker that this CPU can run in {build}; build acelera first (cmake --build), or "
                         "say where with --build")
        self.prices, self.notes = {}, {}

    def variants(self, kernel):
        """Names, the default first."""
        for told in self.about["kernels"]:
            if told["name"] == kernel:
                rows = sorted(told["variants"], key=lambda row: not row["default"])
                return [row["name"] for row in rows]
        return []

    def words(self, kernel, variant, number, shape, options, threads):
        if variant not in self.variants(kernel):
            raise Absent(f"this worker has no {kernel}:{variant}")
        caches = [f"{key}_bytes={size}" for key, size in self.machine.caches.items()]
        return [f"kernel={kernel}", f"variant={variant}", f"type={number}", f"threads={threads}", *caches,
                *(f"shape.{key}={value}" for key, value in shape.items()),
                *(f"set.{key}={value}" for key, value in options.items())]

    def price(self, words):
        """What --cost says: work, traffic, ceilings, and whether the variant is available."""
        key = tuple(words)
        if key not in self.prices:
            self.prices[key] = json.loads(call([str(self.path), "--cost", *words], environment(1, "brief")))
        if self.prices[key].get("unavailable"):
            raise Absent(self.prices[key]["unavailable"])
        return self.prices[key]

    def measure(self, words, threads, env):
        """Median seconds of one verified process, what it says of itself, and its slowest thread's clock in GHz right
        afterwards; None unknown."""
        pus = ",".join(map(str, self.machine.pus[:threads]))
        command = [str(self.path), "--run", *words, f"pus={pus}", f"seconds={self.seconds}", "iterations=0"]
        lines = [json.loads(line) for line in call(self.machine.pinned(threads, command), env).splitlines()]
        note = next((line.get("note") for line in lines if line["kind"] == "process"), None)
        clocks = next((line.get("clock_ghz") for line in lines if line["kind"] == "end_process"), None)
        samples = [line["seconds"] for line in lines if line["kind"] == "sample" and not line["warmup"]]
        return statistics.median(samples), note, min(clocks) if clocks and None not in clocks else None


class Ours:
    """One of the worker's variants. `work` names the member of --cost that its rate counts."""

    def __init__(self, name, worker, what, threads, work="flop", library=None, more=None):
        self.name, self.worker, self.threads, self.work = name, worker, threads, work
        self.what, self.cblas, self.clocks = what, library, []
        self.env = environment(threads, "brief" if library is not None else "active", more)

    def words(self):
        kernel, variant, number, shape, options = self.what
        options = dict(options, blas=self.cblas) if self.cblas else options
        return self.worker.words(kernel, variant, number, shape, options, self.threads)

    def rate(self):
        seconds, note, clock = self.worker.measure(self.words(), self.threads, self.env)
        if note:
            self.worker.notes[self.name] = note
        if clock:
            self.clocks.append(clock)
        return self.price()[self.work] / seconds

    def price(self):
        return self.worker.price(self.words())


class Python:
    """scikit-learn or NumPy. work: what one iteration or one call takes, as our kernel counts it."""

    interpreter = None
    versions = {}

    def __init__(self, name, machine, words, threads, work):
        self.name, self.work = name, work
        self.command = machine.pinned(threads, ["-", str(HERE / "python_peer.py"), *map(str, words)])
        self.env = environment(threads, None)

    def rate(self):
        if self.interpreter is None:
            raise Absent("no Python with scikit-learn and NumPy was found; name one with --python")
        command = [self.interpreter if word == "-" else word for word in self.command]
        told = json.loads(call(command, self.env))
        Python.versions |= told["versions"]
        return self.work() / told["seconds"]


def find_python(wanted):
    for candidate in [wanted] if wanted else ["python3", "/usr/bin/python3", "/usr/local/bin/python3"]:
        path = shutil.which(candidate)
        if path and subprocess.run([path, "-c", "import sklearn, numpy"], capture_output=True, check=False).returncode == 0:
            Python.interpreter = path
            return


class Likwid:
    """likwid-bench, which places its threads itself."""

    def __init__(self, test, threads, size_kb, unit):
        self.name = f"likwid {test}"
        self.command = ["likwid-bench", "-t", test, "-w", f"N:{size_kb}kB:{threads}", "-s", "1"]
        self.env, self.unit = environment(threads, None), unit

    def rate(self):
        if shutil.which("likwid-bench") is None:
            raise Absent("likwid-bench is not installed")
        found = re.search(rf"^{self.unit}:\s*([0-9.]+)", call(self.command, self.env), re.M)
        if not found:
            raise Absent(f"likwid-bench printed no {self.unit}")
        return 1e6 * float(found.group(1))


def build_shim(folder, source, compiler, flags):
    """Compiles one of the small CBLAS interfaces; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / f"libcblas-{Path(source).stem}.so"
    call([*compiler.split(), "-shared", "-fPIC", str(HERE / source), "-o", str(library), *flags], dict(os.environ))
    return str(library)


def header_version(compiler, header, prefix, parts, flags=()):
    """From the macros of a header: 3.4.0."""
    language = "c++" if header.startswith("Eigen") else "c"
    command = [*compiler.split(), *flags, "-x", language, "-E", "-dM", "-include", header, "/dev/null"]
    macros = call(command, dict(os.environ))
    found = [re.search(rf"^#define {prefix}{part} (\d+)", macros, re.M) for part in parts]
    return ".".join(part.group(1) if part else "?" for part in found)
