"""Benchmarks of topics on complaints that people wrote: labels, stability, coherence, and a hundred thousand of them at once.

Prints JSON lines: name, value, unit, against, ratio, machine. Reads ``../shared/data/cfpb_complaints`` (US public domain; 389 own
words) and stops with a message where that is not there. The anchors are public figures on the same file.

    python bench/voice.py                        all
    python bench/voice.py --only voice.labels    product and issue by a linear machine over the features that topics are made of
    python bench/voice.py --only voice.topics    how well parts of the texts find the same topics, and how coherent they are
    python bench/voice.py --only voice.many      100,000 texts fitted and sorted, drawn again from the 389 with noise
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # this folder last: bench/http.py must not hide the standard library's http
    sys.path.append(sys.path.pop(0))

import argparse
import csv
import time
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, adjusted_rand_score, f1_score, normalized_mutual_info_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from farthing.voice.cases.scrubber import scrubbed
from farthing.voice.model import Text
from farthing.voice.topics import fitting, frozen, wording
from lines import show

NAMES = ("voice.labels", "voice.topics", "voice.many")
FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "cfpb_complaints" / "complaints_2023-08_1MiB.csv"
ANCHORS = {"Product": (0.83, 0.47), "Issue": (0.63, None)}
"""Accuracy and macro-F1 of TF-IDF and a linear machine on this file, as the reference measured them."""
STABLE, MANY, MINUTES = 0.72, 100_000, 5
LEAST = 5
ROUNDS, SHUFFLES = 10, 5


def read(path: Path) -> tuple[list[Text], list[dict[str, str]]]:
    """The complaints in people's own words, scrubbed as ours are."""
    if not path.exists():
        raise SystemExit(f"{path} is not there: this benchmark needs the shared sample of complaints")
    with path.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if (row["Consumer complaint narrative"] or "").strip()]
    texts = [
        Text(
            f"text-{n}",
            f"who-{n}",
            date(2023, 8, 1),
            "complaint",
            "",
            "en",
            scrubbed(row["Consumer complaint narrative"]),
        )
        for n, row in enumerate(found)
    ]
    return texts, found


def labels(path: Path) -> None:
    """Product and issue by five folds, shuffled five times, of those labels that five people and more chose."""
    texts, found = read(path)
    matrix = TfidfVectorizer(
        analyzer=lambda words: list(wording.features(words)), sublinear_tf=True, min_df=2, max_features=20_000
    ).fit_transform([each.words for each in texts])
    for column, (accuracy, macro) in ANCHORS.items():
        chosen = [row[column] for row in found]
        counts = Counter(chosen)
        kept = [place for place, label in enumerate(chosen) if counts[label] >= LEAST]
        truth = np.array([chosen[place] for place in kept])
        said = [
            cross_val_predict(
                LinearSVC(C=1), matrix[kept], truth, cv=StratifiedKFold(5, shuffle=True, random_state=turn)
            )
            for turn in range(SHUFFLES)
        ]
        name = f"voice.labels.{column.lower()}"
        more = {"texts": len(kept), "classes": len(set(truth))}
        show(
            name,
            float(np.mean([accuracy_score(truth, each) for each in said])),
            "accuracy",
            "the reference's",
            accuracy,
            **more,
        )
        if macro is not None:
            show(
                f"{name}.f1",
                float(np.mean([f1_score(truth, each, average="macro") for each in said])),
                "macro-F1",
                "the reference's",
                macro,
                **more,
            )


def topics(path: Path) -> None:
    """Fits to four fifths of the texts against the fit to all, by how both sort all of them; coherence of the label words."""
    texts, found = read(path)
    whole = fitting.fit(texts)
    ready = frozen.sorters(whole)["en"]
    own = [ready.topic(each.words) for each in texts]
    drawn, alike = np.random.default_rng(1), []
    for turn in range(ROUNDS):
        part = sorted(drawn.choice(len(texts), int(0.8 * len(texts)), replace=False))
        other = frozen.sorters(fitting.fit([texts[place] for place in part], seed=100 + turn))["en"]
        alike.append(adjusted_rand_score(own, [other.topic(each.words) for each in texts]))
    number = len(whole.topics)
    show(
        "voice.topics.stability", float(np.mean(alike)), "adjusted Rand index", "the reference's NMF(12)", STABLE,
        least=round(min(alike), 3), rounds=ROUNDS, topics=number, unsorted=own.count(""),
    )  # fmt: skip
    issues = [row["Issue"] for row in found]
    show("voice.topics.issues", normalized_mutual_info_score(issues, own), "NMI", "the reference's NMF(16)", 0.32)
    said = [wording.candidates(each.words) for each in texts]
    shuffled = sorted({word for words in said for word in words})
    chance = [_coherence(list(drawn.choice(shuffled, 5, replace=False)), said) for _ in range(200)]
    mine = [_coherence(list(each.label), said) for _, each in whole.topics]
    show(
        "voice.topics.coherence",
        float(np.mean(mine)),
        "NPMI",
        "five words by chance",
        float(np.mean(chance)),
        topics=number,
    )


def _coherence(words: list[str], said: list[set[str]]) -> float:
    """The mean normalised pointwise mutual information of pairs of words in one text."""
    found = []
    for place, one in enumerate(words):
        for other in words[:place]:
            both = sum(one in each and other in each for each in said) / len(said)
            apart = sum(one in each for each in said) * sum(other in each for each in said) / len(said) ** 2
            found.append(-1.0 if both == 0 else 0.0 if both == 1 else float(np.log(both / apart) / -np.log(both)))
    return float(np.mean(found)) if found else 0.0


def many(path: Path, count: int) -> None:
    """So many texts, made of those there are: one word in ten left out, one from elsewhere; three of a hundred are copies."""
    texts, _ = read(path)
    drawn = np.random.default_rng(7)
    words = [each.words.split() for each in texts]
    everywhere = np.array([word for each in words for word in each])
    made = []
    for number in range(count):
        held = words[int(drawn.integers(len(words)))]
        if drawn.random() < 0.03:
            said = " ".join(held)
        else:
            kept = np.array(held)[drawn.random(len(held)) > 0.1]
            said = " ".join([*kept, *drawn.choice(everywhere, max(1, len(held) // 10))])
        made.append(Text(f"text-{number}", f"who-{number}", date(2023, 8, 1), "complaint", "", "en", said))
    start, worked = time.perf_counter(), time.process_time()
    found = fitting.fit(made)
    fitted = time.process_time() - worked
    ready = frozen.sorters(found)["en"]
    unsorted = sum(not ready.topic(each.words) for each in made)
    took, worked = time.perf_counter() - start, time.process_time() - worked
    show(
        "voice.many", took, "s", "five minutes", MINUTES * 60, texts=count, cpu=round(worked, 1), cpu_fitting=round(fitted, 1),
        topics=len(found.topics), unsorted=unsorted,
    )  # fmt: skip


def main() -> None:
    """All, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--file", type=Path, default=FILE, help="another file of the same columns")
    parser.add_argument("--count", type=int, default=MANY, help="texts of voice.many")
    chosen = parser.parse_args()
    if chosen.only in (None, "voice.labels"):
        labels(chosen.file)
    if chosen.only in (None, "voice.topics"):
        topics(chosen.file)
    if chosen.only in (None, "voice.many"):
        many(chosen.file, chosen.count)


if __name__ == "__main__":
    main()
