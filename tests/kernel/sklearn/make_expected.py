#!/usr/bin/env python3
"""What scikit-learn makes of awkward tables, as text: the fixture of the test kernel.normalize.sklearn.

    make_expected.py > expected.txt       writes the fixture
    make_expected.py --compare FIXTURE    exit 1 if this scikit-learn makes something else, 77 without one

Each table is a line "table TYPE METHOD ROWS COLUMNS NAMES" and then a line for each entry, row by row: the
input, scikit-learn's result, and the result in exact arithmetic (rationals, then 60 digits for roots) with
scikit-learn's own decision which columns and rows are left unscaled. It knows nothing of the kernel.
"""
import math
import sys
import warnings
from decimal import Decimal, getcontext
from fractions import Fraction

try:
    import numpy
    import sklearn
    from sklearn.preprocessing import MinMaxScaler, StandardScaler, normalize
except ImportError as reason:
    print(f"skipped: {reason}", file=sys.stderr)
    sys.exit(77)

ROWS = 13
TYPES = {"f32": numpy.float32, "f64": numpy.float64}


def noise(seed):
    """Numbers in [-1, 1) that no version of anything changes (Knuth's MMIX generator)."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 11) / 2**52 - 1


def columns_of(name):
    """Named columns, as functions of row, noise and the type's limits."""
    tiny = 1e-42 if name == "f32" else 1e-310
    huge = 3e38 if name == "f32" else 1e150
    near = 0.1 + (2.0**-27 if name == "f32" else 2.0**-56)
    gap = math.nan
    return {
        "plain": lambda i, t: t,
        "far": lambda i, t: 1e6 + 1e-3 * t,
        "farther": lambda i, t: -1e4 + t,
        "constant": lambda i, t: 0.1,
        "near_constant": lambda i, t: 0.1 if i % 3 else near,
        "zero": lambda i, t: 0.0,
        "all_missing": lambda i, t: gap,
        "some_missing": lambda i, t: gap if i % 4 == 1 else 7 + t,
        "one_there": lambda i, t: 5.5 if i == 0 else gap,
        "denormal": lambda i, t: tiny * t,
        "small": lambda i, t: 1e-5 * t,
        "below_threshold": lambda i, t: 1e-8 * t if name == "f32" else 1e-16 * t,
        "huge": lambda i, t: huge * t,
        "two_values": lambda i, t: float(i % 2),
        "outlier": lambda i, t: 1e5 if i == 3 else t,
    }


def table_of(name, rows):
    numbers = noise(rows)
    columns = columns_of(name)
    cells = [[make(i, next(numbers)) for make in columns.values()] for i in range(rows)]
    with numpy.errstate(over="ignore"):
        return list(columns), numpy.array(cells, dtype=TYPES[name])


def rows_of(name):
    """For l2, which refuses NaN: rows of every magnitude, a zero row, single entries."""
    numbers = noise(99)
    huge = 3e38 if name == "f32" else 1e160
    scales = [1, 0, 1e-3, 1e-8, 1e-17, 1e-40, 1e6, huge, 1e30, 1, 2, 5e-7, 3]
    cells = [[scale * next(numbers) for _ in range(7)] for scale in scales]
    cells[9] = [0, 0, 1e-20, 0, 0, 0, 0]
    cells[10] = [0, -3, 0, 0, 0, 0, 0]
    return ["row"] * 7, numpy.array(cells, dtype=TYPES[name])


def root(square):
    return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()


def quotient(value, divisor):
    return float(Decimal(value.numerator) / Decimal(value.denominator) / divisor)


def exact_zscore(column, unscaled):
    there = [Fraction(float(x)) for x in column if not math.isnan(x)]
    if not there:
        return [math.nan] * len(column)
    mean = sum(there) / len(there)
    variance = sum((x - mean) ** 2 for x in there) / len(there)
    scale = Decimal(1) if unscaled else root(variance)
    return [math.nan if math.isnan(x) else quotient(Fraction(float(x)) - mean, scale) for x in column]


def exact_minmax(column, unscaled):
    there = [Fraction(float(x)) for x in column if not math.isnan(x)]
    if not there:
        return [math.nan] * len(column)
    least, extent = min(there), Decimal(1)
    if not unscaled:
        span = max(there) - least
        extent = Decimal(span.numerator) / Decimal(span.denominator)
    return [math.nan if math.isnan(x) else quotient(Fraction(float(x)) - least, extent) for x in column]


def exact_l2(row, unscaled):
    entries = [Fraction(float(x)) for x in row]
    norm = Decimal(1) if unscaled else root(sum(x * x for x in entries))
    return [quotient(x, norm) for x in entries]


def solve(name, method, table):
    """scikit-learn's result and the exact one."""
    if method == "l2":
        result = normalize(table)
        small = 10 * numpy.finfo(TYPES[name]).eps
        exact = [exact_l2(row, math.hypot(*map(float, row)) < small) for row in table]
        return result, numpy.array(exact)
    if method == "zscore":
        scaler = StandardScaler().fit(table)
        unscaled = scaler.scale_ == 1
        exact = [exact_zscore(column, one) for column, one in zip(table.T, unscaled)]
    else:
        scaler = MinMaxScaler().fit(table)
        unscaled = scaler.data_range_ < 10 * numpy.finfo(TYPES[name]).eps
        exact = [exact_minmax(column, one) for column, one in zip(table.T, unscaled)]
    return scaler.transform(table), numpy.array(exact).T


def lines():
    getcontext().prec = 60
    getcontext().Emin, getcontext().Emax = -5000, 5000
    yield f"# scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}: made by make_expected.py, do not edit"
    yield "# table TYPE METHOD ROWS COLUMNS NAMES; then for each entry: input, scikit-learn's result, exact result"
    for name in TYPES:
        tables = [(method, table_of(name, rows)) for method in ("zscore", "minmax") for rows in (ROWS, 1)]
        for method, (names, table) in tables + [("l2", rows_of(name))]:
            result, exact = solve(name, method, table)
            yield f"table {name} {method} {table.shape[0]} {table.shape[1]} {','.join(names)}"
            for cells in zip(table.flat, result.flat, exact.flat):
                yield " ".join(float(x).hex() for x in cells)


def same(old, new, single):
    """Inputs and exact results to the bit; results as near each other as to what is exact, or 4 ulps."""
    if old == new:
        return True
    if old.startswith("table") or new.startswith("table"):
        return False
    old, new = [[float.fromhex(x) for x in line.split()] for line in (old, new)]
    if repr(old[::2]) != repr(new[::2]) or math.isnan(old[1]) != math.isnan(new[1]):
        return False
    unit = (2.0**-23 if single else 2.0**-52) * max(abs(old[2]), 1)
    return abs(old[1] - new[1]) <= max(4 * unit, 4 * abs(old[1] - old[2]))


def compare(path):
    with open(path, encoding="ascii") as fixture:
        stored = [line.rstrip("\n") for line in fixture if not line.startswith("#")]
    current = [line for line in lines() if not line.startswith("#")]
    single = True
    for number, (old, new) in enumerate(zip(stored, current)):
        single = old.split()[1] == "f32" if old.startswith("table") else single
        if not same(old, new, single):
            print(f"entry {number}: stored {old}, now {new}")
            return 1
    print(f"{len(stored)} lines, {len(current)} now, scikit-learn {sklearn.__version__}")
    return int(len(stored) != len(current))


warnings.simplefilter("ignore")
if sys.argv[1:2] == ["--compare"]:
    sys.exit(compare(sys.argv[2]))
print("\n".join(lines()))
