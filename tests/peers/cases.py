"""What is compared with what: shapes, and the sides of each. Refuses to measure (sides.py)."""
import random
import re

from sides import Absent, Likwid, Ours, Python, build_shim, header_version

SQUARES = (512, 1024, 1536, 2048, 4096)
SKINNY = ((8, 2048, 2048), (32, 2048, 2048), (2048, 32, 2048), (2048, 2048, 32), (100000, 64, 64), (3, 1000, 1000),
          (8, 300, 3000), (2000, 24, 3000), (3000, 1000, 8))
POINTS = ((2000000, 2, 4), (1000000, 8, 16), (500000, 16, 128), (200000, 32, 64), (200000, 64, 32), (100000, 128, 256))
TABLES = ((2000000, 32), (500000, 32), (50000, 32), (2000000, 4), (100000, 256))
METHODS = ("zscore", "minmax", "l2")
ITERATIONS = 10
TYPES = ("f32", "f64")
# The well-known ways to say which code a library should run; those that it or the CPU does not know fail, and
# are left out.
CORES = {
    "OPENBLAS_CORETYPE": (("avx512f", "SKYLAKEX"), ("avx512_bf16", "COOPERLAKE"), ("avx2", "ZEN"), ("avx2", "HASWELL")),
    "BLIS_ARCH_TYPE": tuple(("avx2", kind) for kind in ("zen5", "zen4", "zen3", "skx", "haswell", *map(str, range(12)))),
}


class Case:
    """One shape at one number of threads: our sides first, then the peers, each with rate()."""

    def __init__(self, group, label, number, threads, ours, peers):
        self.group, self.label, self.number, self.threads = group, label, number, threads
        self.ours, self.peers = ours, peers
        self.rates = {side.name: [] for side in ours + peers}

    def sides(self):
        return self.ours + self.peers

    def measure(self, absent):
        """Every side once, in random order. A side that fails is named, and left out from then on."""
        sides = [side for side in self.sides() if (self, side.name) not in absent]
        random.shuffle(sides)
        for side in sides:
            try:
                self.rates[side.name].append(side.rate())
            except Absent as why:
                absent[self, side.name] = str(why)


class Library:
    """A CBLAS to be run through matmul:blas."""

    def __init__(self, name, path, types=TYPES, steering=None, version=None):
        self.name, self.path, self.types = name, path, types
        self.steering, self.more, self.version = steering, {}, version

    def side(self, worker, number, shape, threads):
        return Ours(self.name, worker, ("matmul", "blas", number, shape, {}), threads, library=self.path, more=self.more)

    def choose_core(self, worker, machine):
        """The library may be older than the CPU: its own choice of code, and each that it could run, once; the
        fastest is used. Returns what to say of it."""
        tried = {}
        choices = [{}] + [{self.steering: kind} for flag, kind in CORES.get(self.steering, ()) if flag in machine.flags]
        for choice in choices:
            self.more = choice
            side = self.side(worker, "f32", {"m": 1024, "n": 1024, "k": 1024}, 1)
            try:
                rate = max(side.rate() for _ in range(2))
            except Absent as why:
                if not choice:
                    raise
                del why  # this code is unknown to the library, or the CPU cannot run it
                continue
            tried[rate] = (choice, worker.notes.get(self.name, ""))
        self.more, note = tried[max(tried)]
        worker.notes.pop(self.name, None)
        said = self.version or re.sub(r", 1 thread\b", "", note)
        return said + "".join(f"; fastest with {key}={value}" for key, value in self.more.items())


def find_libraries(worker, machine, folder, compilers, notes):
    cc, cxx = compilers
    found = []
    eigen = ["-O3", "-march=native", "-fopenmp", "-DNDEBUG", "-I/usr/include/eigen3"]
    wanted = (
        ("OpenBLAS", lambda: Library("OpenBLAS", "libopenblas.so.0", steering="OPENBLAS_CORETYPE")),
        ("BLIS", lambda: Library("BLIS", "libblis.so.4", steering="BLIS_ARCH_TYPE")),
        ("oneDNN", lambda: Library("oneDNN", build_shim(folder, "onednn.c", cc, ["-O2", "-ldnnl"]), types=("f32",),
                                   version=header_version(cc, "dnnl.h", "DNNL_VERSION_", ("MAJOR", "MINOR", "PATCH")))),
        ("Eigen", lambda: Library("Eigen", build_shim(folder, "eigen.cpp", cxx, eigen), version=header_version(
            cxx, "Eigen/Core", "EIGEN_", ("WORLD_VERSION", "MAJOR_VERSION", "MINOR_VERSION"), eigen))),
        ("MKL", lambda: Library("MKL", "libmkl_rt.so.2")),
    )
    for name, make in wanted:
        try:
            library = make()
            notes.append(f"{name}: {library.choose_core(worker, machine)}")
            found.append(library)
        except Absent as why:
            notes.append(f"{name}: absent ({why})")
    return found


def matmul(worker, libraries, threads, quick):
    best = worker.variants("matmul")[0]
    squares, skinny = ((512, 1536), SKINNY[1:2]) if quick else (SQUARES, SKINNY)
    shapes = [((n, n, n), f"n = {n}") for n in squares] + [(mnk, "{} × {} × {}".format(*mnk)) for mnk in skinny]
    for number in TYPES[:1] if quick else TYPES:
        for (m, n, k), label in shapes:
            shape = {"m": m, "n": n, "k": k}
            ours = Ours(f"acelera {best}", worker, ("matmul", best, number, shape, {}), threads)
            peers = [library.side(worker, number, shape, threads) for library in libraries if number in library.types]
            yield Case("matmul", label, number, threads, [ours], peers)


def kmeans(worker, machine, threads, quick):
    variants = [name for name in worker.variants("kmeans") if name in (worker.variants("kmeans")[0], "bounded")]
    for number in TYPES[:1] if quick else TYPES:
        for n, d, k in (POINTS[3], POINTS[1]) if quick else POINTS:
            shape = {"n": n, "d": d, "k": k, "iterations": ITERATIONS}
            ours = [Ours(f"acelera {name}", worker, ("kmeans", name, number, shape, {}), threads) for name in variants]
            peer = Python("scikit-learn", machine, ["kmeans", number, n, d, k], threads,
                          lambda side=ours[0]: side.price()["flop"] / ITERATIONS)
            yield Case("kmeans", f"n = {n}, d = {d}, k = {k}", number, threads, ours, [peer])


def normalize(worker, machine, threads, quick):
    best = worker.variants("normalize")[0]
    for number in TYPES[:1] if quick else TYPES:
        for rows, columns in TABLES[1:2] if quick else TABLES:
            for method in METHODS:
                shape = {"rows": rows, "columns": columns}
                ours = Ours(f"acelera {best}", worker, ("normalize", best, number, shape, {"method": method}), threads,
                            work="bytes")
                peers = [Python(name, machine, [name, number, rows, columns, method], threads,
                                lambda side=ours: side.price()["bytes"]) for name in ("scikit-learn", "numpy")]
                yield Case("normalize", f"{method}, {rows} × {columns}", number, threads, [ours], peers)


def ceilings(worker, machine, threads, _quick):
    """The same loops by likwid-bench: arrays of the same size, and the widest code that it and the CPU have."""
    for number, infix in (("f32", "sp_"), ("f64", "")):
        tests = [f"peakflops_{infix}{kind}_fma" for flag, kind in (("avx512f", "avx512"), ("avx2", "avx")) if flag in machine.flags]
        for variant in worker.variants("flops"):
            ours = Ours(f"flops:{variant}", worker, ("flops", variant, number, ceiling_shape(worker, "flops", 0), {}), threads)
            yield Case("ceilings", f"flops:{variant}", number, threads, [ours],
                       [Likwid(test, threads, 20 * threads, "MFlops/s") for test in tests])
    elements = 1 << 25
    names = {"read": ("load", 1), "copy": ("copy", 2), "triad": ("stream", 3), "copy-nt": ("copy_mem", 2), "triad-nt": ("stream_mem", 3)}
    wide = "avx512" if "avx512f" in machine.flags else "avx"
    for variant in worker.variants("stream"):
        test, arrays = names[variant]
        ours = Ours(f"stream:{variant}", worker, ("stream", variant, "f64", {"n": elements}, {}), threads, work="bytes")
        peer = Likwid(f"{test}_{wide}", threads, arrays * elements * 8 // 1000, "MByte/s")
        yield Case("ceilings", f"stream:{variant}", "f64", threads, [ours], [peer])


def ceiling_shape(worker, kernel, extent):
    """extent 0: the class medium."""
    told = next((told for told in worker.about["kernels"] if told["name"] == kernel), None)
    if told is None:
        raise Absent(f"this worker has no {kernel}")
    return {row["key"]: extent if extent and i == 0 else row["by_size"][2] for i, row in enumerate(told["dimensions"])}


class Ceilings:
    """The limits that the cases run into, measured in the same blocks. Each is a case without peers."""

    def __init__(self, worker):
        self.worker, self.cases, self.bounds = worker, {}, {}

    def add(self, case):
        """Notes the bounds of a case: (ceiling, member of --cost that it prices)."""
        self.bounds[case] = []
        try:
            told = case.ours[0].price().get("ceilings", [])
        except Absent:
            return
        for row in told if case.group != "ceilings" else []:
            work = {"flops": "flop", "stream": "bytes"}.get(row["kernel"])
            if work is None:
                continue
            number = row["type"] or case.number
            key = (row["kernel"], row["variant"], row["extent"], number, case.threads)
            if key not in self.cases:
                shape = ceiling_shape(self.worker, row["kernel"], row["extent"])
                side = Ours(":".join(key[:2]), self.worker, (*key[:2], number, shape, {}), case.threads, work=work)
                self.cases[key] = Case("limits", side.name, number, case.threads, [side], [])
            self.bounds[case].append((self.cases[key], work))
