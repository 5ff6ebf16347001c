# One process of a condition of the lesson `python`: the same protocol as acelera-worker-lessons, in Python alone (no
# package is needed). Started by the engine; judges nothing. Called as:
#
#   work.py --run experiment=python threads=N pus=0,1|none process=P processes=Q seconds=S seed=N parent=PID
#           work=loop|kernel chunks=N library=PATH
#
# work=loop: rows of a product of matrices in pure Python; work=kernel: whole products by the suite's kernel, called
# through ctypes, which lets go of the interpreter's lock meanwhile. Chunks are shared out to all threads of all processes.
import ctypes
import json
import os
import signal
import sys
import threading
import time

LOOP_N = 24      # a row of its product is one chunk: some 25 µs
KERNEL_N = 192   # its product is one chunk
SPANS_A_LINE = 250
SPANS_MOST = 20000


def parse(words):
    given = dict(word.split("=", 1) for word in words)
    told = {key: int(given.get(key, fallback)) for key, fallback in
            (("threads", 1), ("process", 0), ("processes", 1), ("parent", 0), ("chunks", 400))}
    pus = given.get("pus", "none")
    told["pus"] = None if pus == "none" else [int(pu) for pu in pus.split(",")]
    told["work"] = given.get("work", "loop")
    told["library"] = given.get("library", "")
    return told


def die_with(parent):
    if parent:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            sys.exit("the program that started this one is gone")


def say(**what):
    sys.stdout.write(json.dumps(what, separators=(",", ":")) + "\n")


def say_and_wait(kind):
    say(kind=kind)
    sys.stdout.flush()
    if len(os.read(0, 1)) != 1:
        os._exit(1)  # nobody wants the rest


class Loop:
    """One row of a product a chunk, in pure Python."""
    multiplications = LOOP_N * LOOP_N

    def __init__(self, _library):
        self.rows = [[float((3 * i + k) % 7 - 3) for k in range(LOOP_N)] for i in range(LOOP_N)]
        self.columns = [[float((5 * k + j) % 9 - 4) for k in range(LOOP_N)] for j in range(LOOP_N)]
        self.done = 0
        self.last = None

    def chunk(self):
        row = self.rows[self.done % LOOP_N]
        out = []
        for column in self.columns:
            total = 0.0
            for k in range(LOOP_N):
                total += row[k] * column[k]
            out.append(total)
        self.done += 1
        self.last = out

    def is_right(self):
        row = self.rows[(self.done - 1) % LOOP_N]
        return self.last == [sum(a * b for a, b in zip(row, column)) for column in self.columns]


class Kernel:
    """One whole product a chunk, by the suite's kernel."""
    multiplications = KERNEL_N ** 3

    def __init__(self, library):
        self.kernels = library
        self.product = library.acelera_product_open(KERNEL_N, 1)
        if not self.product:
            sys.exit("no memory for the matrices")

    def chunk(self):
        self.kernels.acelera_product_run(self.product)

    def is_right(self):
        return bool(self.kernels.acelera_product_is_right(self.product))


def open_library(path):
    library = ctypes.CDLL(path)  # CDLL lets go of the lock during a call; PyDLL would keep it
    library.acelera_product_open.restype = ctypes.c_void_p
    library.acelera_product_open.argtypes = [ctypes.c_int, ctypes.c_ulonglong]
    for name in ("acelera_product_run", "acelera_product_is_right"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.acelera_product_run.restype = None
    return library


def off_cpu_ns():
    """Time that this thread wanted a CPU in vain, -1 where the kernel does not say."""
    try:
        with open("/proc/thread-self/schedstat") as file:
            return int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return -1


class Lane:
    def __init__(self, told, thread, library):
        self.pu = told["pus"][thread] if told["pus"] else -1
        lanes = told["threads"] * told["processes"]
        rank = told["process"] * told["threads"] + thread
        self.chunks = told["chunks"] // lanes + (rank < told["chunks"] % lanes)
        self.work = (Loop if told["work"] == "loop" else Kernel)(library)
        self.stamps = [0] * (2 * self.chunks)
        self.bound = self.pu < 0
        self.cpu_ns = self.off_cpu_ns = -1

    def bind(self):
        if self.pu >= 0:
            os.sched_setaffinity(0, {self.pu})
            self.bound = os.sched_getaffinity(0) == {self.pu}

    def run(self):
        now, chunk, stamps = time.monotonic_ns, self.work.chunk, self.stamps
        off_before, cpu_before = off_cpu_ns(), time.thread_time_ns()
        for i in range(0, 2 * self.chunks, 2):
            stamps[i] = now()
            chunk()
            stamps[i + 1] = now()
        self.cpu_ns = time.thread_time_ns() - cpu_before
        off_after = off_cpu_ns()
        self.off_cpu_ns = off_after - off_before if min(off_before, off_after) >= 0 else -1


def run_threads(lanes):
    """All lanes at once, each in a thread of its own; the one that calls this only waits."""
    ready = threading.Barrier(len(lanes) + 1)
    go = threading.Event()

    def body(lane):
        lane.bind()
        ready.wait()
        go.wait()
        lane.run()

    threads = [threading.Thread(target=body, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    ready.wait()
    say_and_wait("ready")
    begin_ns = time.monotonic_ns()
    go.set()
    for thread in threads:
        thread.join()
    return begin_ns, time.monotonic_ns()


def run_alone(lane):
    lane.bind()
    say_and_wait("ready")
    begin_ns = time.monotonic_ns()
    lane.run()
    return begin_ns, time.monotonic_ns()


def has_lock():
    """1: an interpreter lock, 0: none, None: not known of this implementation."""
    if sys.implementation.name != "cpython":
        return None
    asked = getattr(sys, "_is_gil_enabled", None)
    return int(asked()) if asked else 1


def report(told, lanes, begin_ns, end_ns):
    say(kind="end", begin_ns=begin_ns, end_ns=end_ns, checksum="0")
    for thread, lane in enumerate(lanes):
        say(kind="lane", thread=thread, pu=lane.pu, cpu_ns=lane.cpu_ns, off_cpu_ns=lane.off_cpu_ns, seen=lane.chunks)
        spans = [[lane.stamps[i] - begin_ns, lane.stamps[i + 1] - begin_ns, lane.pu, 0, 0]
                 for i in range(0, 2 * min(lane.chunks, SPANS_MOST), 2)]
        for first in range(0, len(spans), SPANS_A_LINE):
            say(kind="spans", thread=thread, spans=spans[first:first + SPANS_A_LINE])
    chunks = sum(lane.chunks for lane in lanes)
    values = (("lock", has_lock(), "1"), ("version", 100 * sys.version_info[0] + sys.version_info[1], "1"),
              ("switch_interval", sys.getswitchinterval(), "s"),
              ("right", int(all(lane.work.is_right() for lane in lanes)), "1"),
              ("multiplications", chunks * lanes[0].work.multiplications, "1"))
    for name, value, unit in values:
        say(kind="value", name=name, unit=unit, value=value)
    say(kind="bye")
    sys.stdout.flush()


def main():
    told = parse(sys.argv[2:])
    die_with(told["parent"])
    library = open_library(told["library"]) if told["work"] == "kernel" else None
    lanes = [Lane(told, thread, library) for thread in range(told["threads"])]
    begin_ns, end_ns = run_alone(lanes[0]) if len(lanes) == 1 else run_threads(lanes)
    if not all(lane.bound for lane in lanes):
        sys.exit("a thread is not where it was bound")
    say_and_wait("done")
    report(told, lanes, begin_ns, end_ns)


if __name__ == "__main__":
    main()
