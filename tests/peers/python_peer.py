"""One peer in a process of its own: scikit-learn or NumPy on made-up tables. Prints one JSON line: the seconds
of one iteration (k-means) or of one call (scaling), and the versions. Refuses to judge.

    python_peer.py kmeans TYPE N D K
    python_peer.py scikit-learn|numpy TYPE ROWS COLUMNS zscore|minmax|l2
"""
import json
import statistics
import sys
import time
import warnings

import numpy

WARM, TIMED = 2, 10  # iterations of k-means before the timed ones, and timed
REPEATS = 3


def seconds_of(call):
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def kmeans_iteration(table, k):
    """A fit has costs that are no iteration's (validation, norms, the labels at the end): the difference of two
    lengths is free of them."""
    from sklearn.cluster import KMeans

    def fit(iterations):
        model = KMeans(k, init=table[:k], n_init=1, max_iter=iterations, tol=0, algorithm="lloyd")
        seconds, fitted = seconds_of(lambda: model.fit(table))
        return seconds, fitted.n_iter_

    fit(1)
    found = []
    for _ in range(REPEATS):
        (short, few), (long, many) = fit(WARM), fit(WARM + TIMED)
        if many <= few:
            raise SystemExit("k-means converged before an iteration could be timed")
        found.append((long - short) / (many - few))
    return statistics.median(found)


def scaler(name, method):
    if name == "numpy":
        return {
            "zscore": lambda x: (x - x.mean(0)) / x.std(0),
            "minmax": lambda x: (x - x.min(0)) / (x.max(0) - x.min(0)),
            "l2": lambda x: x / numpy.linalg.norm(x, axis=1, keepdims=True),
        }[method]
    from sklearn import preprocessing

    return {
        "zscore": lambda x: preprocessing.StandardScaler().fit_transform(x),
        "minmax": lambda x: preprocessing.MinMaxScaler().fit_transform(x),
        "l2": preprocessing.normalize,
    }[method]


def main(words):
    warnings.simplefilter("ignore")
    name, number = words[0], {"f32": numpy.float32, "f64": numpy.float64}[words[1]]
    rows, columns = int(words[2]), int(words[3])
    table = numpy.random.default_rng(1).random((rows, columns), dtype=number)
    versions = {"numpy": numpy.__version__}
    if name == "kmeans":
        seconds = kmeans_iteration(table, int(words[4]))
    else:
        call = scaler(name, words[4])
        call(table)
        seconds = statistics.median(seconds_of(lambda: call(table))[0] for _ in range(REPEATS))
    if name != "numpy":
        import sklearn

        versions["scikit-learn"] = sklearn.__version__
    print(json.dumps({"seconds": seconds, "versions": versions}))


main(sys.argv[1:])
