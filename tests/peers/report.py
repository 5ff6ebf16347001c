"""From rates to Markdown: paired ratios with their intervals, and shares of the ceilings. Refuses to average
ratios over shapes."""
import math
import statistics


def interval(values):
    """The median of paired log-ratios with the narrowest pair of order statistics whose level is 95 % or more;
    with fewer than six blocks that is the whole range, under its own level. (Each value is below the median with
    probability 1/2: the level is binomial.)"""
    logs = sorted(map(math.log, values))
    n = len(logs)
    level, low = 1 - 2 ** (1 - n), 0
    for r in range(1, n // 2):
        narrower = 1 - 2 * sum(math.comb(n, i) for i in range(r + 1)) / 2**n
        if narrower < 0.95:
            break
        level, low = narrower, r
    return [math.exp(x) for x in (statistics.median(logs), logs[low], logs[n - 1 - low])] + [level]


def paired(ours, theirs):
    text = "–"
    pairs = [a / b for a, b in zip(ours, theirs)]
    if pairs:
        middle, low, high, level = interval(pairs)
        text = f"**{middle:.2f}** [{low:.2f}, {high:.2f}]" + ("" if len(pairs) > 1 else " (one block)")
        return text, level
    return text, None


def relative_clock(side, limit):
    """The side's clock over that of a ceiling; NaN unknown, or none that counts: memory has a clock of its own."""
    clocks = getattr(side, "clocks", []), limit.ours[0].clocks
    return statistics.median(clocks[0]) / statistics.median(clocks[1]) if all(clocks) else math.nan


def share(case, side, limits):
    """Of the ceiling that bounds the case: the time that the ceiling would take, over the time taken. In brackets
    that of an arithmetic ceiling at the side's own clock, which is lower where data is moved beside the arithmetic."""
    rate = statistics.median(case.rates[side.name]) if case.rates[side.name] else None
    price = case.ours[0].price()
    own = case.ours[0].work
    bound_s, work, limit = max(((price[work] / statistics.median(limit.rates[limit.ours[0].name]), work, limit)
                                for limit, work in limits if limit.rates[limit.ours[0].name]),
                               key=lambda bound: bound[0], default=(None, None, None))
    if rate is None or bound_s is None or side.name.endswith("bounded"):
        return "–"
    reached = bound_s * rate / price[own]
    clock = relative_clock(side, limit) if work == "flop" else math.nan
    return f"{100 * reached:.0f} %" + ("" if math.isnan(clock) else f" ({100 * reached / clock:.0f} %)")


HEADS = {
    "matmul": "Matrix product (GFLOP/s)",
    "kmeans": "k-means, one iteration (GFLOP/s of the full assignment)",
    "normalize": "Scaling a table (GB/s of compulsory traffic)",
    "ceilings": "Ceilings against likwid-bench (GFLOP/s, GB/s)",
}


def table(group, cases, absent, bounds):
    """One row for each of our sides and peer. ratio: the peer's time over ours."""
    yield f"\n## {HEADS[group]}\n"
    yield "| problem | type | threads | ours | rate | of the ceiling (at its clock) | peer | rate | of the ceiling " \
          "(at its clock) | peer's time / ours |"
    yield "|---|---|--:|---|--:|--:|---|--:|--:|--:|"
    levels = {}
    for case in cases:
        for ours in case.ours:
            for peer in case.peers:
                cells = [case.label, case.number, str(case.threads)]
                for side in (ours, peer):
                    rates = case.rates[side.name]
                    known = f"{statistics.median(rates) / 1e9:.1f}" if rates else "absent"
                    cells += [side.name, known, share(case, side, bounds.get(case, ())) if rates else "–"]
                whole = not {(case, ours.name), (case, peer.name)} & absent.keys()
                text, level = paired(case.rates[ours.name], case.rates[peer.name]) if whole else ("–", None)
                if level is not None:
                    levels.setdefault(f"{100 * level:.1f} %", len(case.rates[peer.name]))
                yield f"| {' | '.join(cells + [text])} |"
    for level, blocks in levels.items():
        yield f"\nIntervals: order statistics of the paired log-ratios of {blocks} blocks, level {level}."


def competitor_table(rows, pu):
    """rows: (case, {side: [(quiet, busy), …]})."""
    yield f"\n## With a busy process on PU {pu}\n"
    yield "| problem | type | threads | side | rate alone | rate beside it | kept |"
    yield "|---|---|--:|---|--:|--:|--:|"
    level = None
    for case, found in rows:
        for name, pairs in found.items():
            if not pairs:
                continue
            alone, beside = (statistics.median(pair[i] for pair in pairs) / 1e9 for i in (0, 1))
            middle, low, high, level = interval([busy / quiet for quiet, busy in pairs])
            yield (f"| {case.label} | {case.number} | {case.threads} | {name} | {alone:.1f} | {beside:.1f} | "
                   f"**{100 * middle:.0f} %** [{100 * low:.0f}, {100 * high:.0f}] |")
    if level is not None:
        yield f"\nIntervals at level {100 * level:.1f} %."


def absences(absent):
    """Who was missing, each reason once."""
    reasons = {}
    for (case, name), why in absent.items():
        reasons.setdefault((name, why), []).append(f"{case.label} {case.number}")
    if reasons:
        yield "\n## Absent\n"
    for (name, why), where in reasons.items():
        yield f"- {name}: {why} ({where[0]}{f' and {len(where) - 1} more' if len(where) > 1 else ''})"
