"""Fit the weights of the reward filter to what developers did: dumps in, a readable file out.

    proactive-lsp bench history DIR… --no-filter --order random --features dump.jsonl
    python bench/fit_filter.py dump.jsonl… --out proactive_lsp/reward/weights.json

Logistic regression over the features of `bench history --features`, one row for each place when it
was first noticed: a prior for each kind of need, a weight for each feature, and for features that
mean another thing with another kind a weight of its own. Wants numpy and scikit-learn.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

# A kind that fewer commits know is left aside; one that fewer than the second number know has a
# part in the common weights, but keeps its estimate. A feature seen less often has no weight.
FEWEST_COMMITS = 60
FEWEST_OWN = 100
FEWEST = 30
# Weights smaller than this say nothing.
LEAST = 0.02
# Histories know one kind of moment alone.
MOMENT = re.compile("at-|relevance")


def rows_of(files: list[Path]) -> list[dict]:
    """The rows of the kinds that enough commits know, those of a commit together."""
    rows = [
        json.loads(line) | {"dump": file.stem}
        for file in files
        for line in file.open(encoding="utf-8")
    ]
    commits: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        commits[row["kind"]].add(row["commit"])
    for row in rows:
        # The same commit in another order is another story.
        row["commit"] = f"{row['dump']} {row['commit']}"
    return [row for row in rows if len(commits[row["kind"]]) >= FEWEST_COMMITS]


def names_of(rows: list[dict], own: frozenset[str]) -> dict[str, int]:
    """The columns: a prior a kind, each feature, and some features for each kind by itself."""
    kinds = Counter(row["kind"] for row in rows)
    names: dict[str, None] = {
        f"prior {kind}": None for kind in sorted(kinds) if kinds[kind] >= FEWEST
    }
    seen = Counter(name for row in rows for name in row["features"] if MOMENT.match(name) is None)
    names |= {name: None for name in sorted(seen) if seen[name] >= FEWEST}
    pairs = Counter(
        f"{row['kind']} {name}"
        for row in rows
        if kinds[row["kind"]] >= 10 * FEWEST
        for name in row["features"]
        if name in own
    )
    names |= {name: None for name in sorted(pairs) if pairs[name] >= FEWEST}
    return {name: number for number, name in enumerate(names)}


def matrix_of(rows: list[dict], columns: dict[str, int]) -> np.ndarray:
    """One line a row."""
    matrix = np.zeros((len(rows), len(columns)), dtype=np.float32)
    for number, row in enumerate(rows):
        kind = row["kind"]
        if (column := columns.get(f"prior {kind}")) is not None:
            matrix[number, column] = 1
        for name, value in row["features"].items():
            for column in (columns.get(name), columns.get(f"{kind} {name}")):
                if column is not None:
                    matrix[number, column] = value
    return matrix


def importance_of(rows: list[dict]) -> np.ndarray:
    """A boundary counts the same however many places it had, nearly."""
    sizes = Counter((row["repository"], row["commit"], row["edits"]) for row in rows)
    each = [sizes[row["repository"], row["commit"], row["edits"]] for row in rows]
    return 1 / np.sqrt(np.array(each, dtype=np.float64))


def fit(rows: list[dict], columns: dict[str, int], options: argparse.Namespace) -> np.ndarray:
    """The weights in the order of the columns."""
    model = LogisticRegression(C=options.strength, fit_intercept=False, max_iter=300)
    labels = np.array([bool(row["hunks"]) for row in rows])
    model.fit(matrix_of(rows, columns), labels, sample_weight=importance_of(rows))
    return model.coef_[0]


def predict(rows: list[dict], columns: dict[str, int], weights: np.ndarray) -> np.ndarray:
    """The probabilities."""
    return 1 / (1 + np.exp(-(matrix_of(rows, columns) @ weights)))


def cards(rows: list[dict], odds: np.ndarray, card: float, share: float) -> dict[str, float]:
    """What one card per boundary would come to at these thresholds; located places alone."""
    boundaries: dict[tuple, list[tuple[float, dict]]] = defaultdict(list)
    follow_ups: dict[tuple, int] = {}
    for row, p in zip(rows, odds, strict=True):
        commit = (row["repository"], row["commit"])
        follow_ups[commit] = max(follow_ups.get(commit, 0), row["follow_ups"])
        if row["line"] is not None:
            boundaries[(*commit, row["edits"])].append((p, row))
    alarms = right = places = right_places = 0
    found: set[tuple] = set()
    shown: set[tuple] = set()
    for key in sorted(boundaries, key=lambda key: (key[0], key[1], key[2])):
        best: dict[tuple, tuple[float, dict]] = {}
        for p, row in boundaries[key]:
            where = (*key[:2], row["path"], row["line"])
            if where not in shown and (where not in best or best[where][0] < p):
                best[where] = (p, row)
        if not best or max(p for p, _ in best.values()) < card:
            continue
        chosen = {where: row for where, (p, row) in best.items() if p >= card * share}
        shown |= chosen.keys()
        alarms += 1
        right += any(row["hunks"] for row in chosen.values())
        places += len(chosen)
        right_places += sum(bool(row["hunks"]) for row in chosen.values())
        found |= {(*key[:2], hunk) for row in chosen.values() for hunk in row["hunks"]}
    total = sum(follow_ups.values())
    return {
        "cards": alarms,
        "alarm": right / max(alarms, 1),
        "place": right_places / max(places, 1),
        "recall": len(found) / max(total, 1),
        "fa": 100 * (alarms - right) / max(total, 1),
    }


def show(title: str, rows: list[dict], odds: np.ndarray, share: float) -> None:
    """A line for each threshold."""
    for card in (0.6, 0.7, 0.8, 0.85, 0.9):
        got = cards(rows, odds, card, share)
        print(f"{title:>12} T={card:.2f}", *(f"{name} {value:.3f}" for name, value in got.items()))


def main() -> None:
    """Fit on everything, after a round that holds out some repositories at a time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--card", type=float, default=0.8)
    parser.add_argument("--share", type=float, default=0.7)
    parser.add_argument("--own", default="agree,neighbours,distance,done,same-file,no-edit,overlap")
    options = parser.parse_args()
    rows = rows_of(options.dumps)
    own = frozenset(options.own.split(","))
    columns = names_of(rows, own)
    print(len(rows), "rows", len(columns), "columns")
    repositories = sorted({row["repository"] for row in rows})
    left_out = np.zeros(len(rows))
    for fold in range(options.folds):
        held = frozenset(repositories[fold :: options.folds])
        weights = fit([row for row in rows if row["repository"] not in held], columns, options)
        test = [row for row in rows if row["repository"] in held]
        outside = np.array([row["repository"] in held for row in rows])
        left_out[outside] = predict(test, columns, weights)
        for repository in sorted(held):
            own = np.array([row["repository"] == repository for row in test])
            mine = [row for row in test if row["repository"] == repository]
            show(repository, mine, left_out[outside][own], options.share)
    show("all", rows, left_out, options.share)
    weights = fit(rows, columns, options)
    figures = cards(rows, left_out, options.card, options.share)
    commits: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        commits[row["kind"]].add(row["commit"].partition(" ")[2])
    known = {kind for kind, ids in commits.items() if len(ids) >= FEWEST_OWN}
    table = table_of(columns, weights, known) | {
        "provenance": provenance_of(options, rows, figures)
    }
    text = json.dumps(table, indent=1, sort_keys=True) + "\n"
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)


def table_of(columns: dict[str, int], weights: np.ndarray, known: set[str]) -> dict:
    """What `reward.model.Weights` reads, with what the `known` kinds have of their own."""
    values = {name: round(float(weights[column]), 3) for name, column in columns.items()}
    priors = {
        name.removeprefix("prior "): value
        for name, value in values.items()
        if name.startswith("prior ") and name.removeprefix("prior ") in known
    }
    kinds = {kind: {"prior": prior, "weights": {}} for kind, prior in priors.items()}
    shared: dict[str, float] = {}
    for name, value in values.items():
        kind, _, feature = name.partition(" ")
        if kind == "prior" or abs(value) < LEAST:
            continue
        if feature and kind in known:
            kinds[kind]["weights"][feature] = value
        elif not feature:
            shared[name] = value
    return {"shared": shared, "kinds": kinds}


def provenance_of(options: argparse.Namespace, rows: list[dict], figures: dict) -> dict:
    """Which commits of which repositories, from the reports beside the dumps."""
    reports = [
        json.loads(dump.with_suffix(".json").read_text(encoding="utf-8")) for dump in options.dumps
    ]
    return {
        "method": "logistic regression, " + f"C={options.strength}",
        "rows": len(rows),
        "repositories": [
            {key: row[key] for key in ("name", "head", "head_date", "order", "seed", "commits")}
            for report in reports
            for row in report["repositories"]
        ],
        "held_out": {
            name: round(value, 3) for name, value in (figures | {"threshold": options.card}).items()
        },
    }


if __name__ == "__main__":
    main()
