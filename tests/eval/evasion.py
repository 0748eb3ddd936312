#!/usr/bin/env python3
"""How many hidden words each fold of a rule finds, trick by trick, and what it finds for nothing.

    ninja -C build/release evasion_eval
    python3 tests/eval/evasion.py [--tool PROGRAM] [--data FOLDER] [--samples N]

The words are the target words of the CNTP sentences (those of two characters and more, which is
what a rule may have). Recall: the share of a trick's sentences in which one of the sentence's own
targets is found. False alarms: the share of innocent texts with a hit in which the standard fold
finds nothing. `strict` and `standard` are folds of a rule; the tricks in between are the aggressive
fold with that trick alone, each from the same run of its own tables.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
# Bits of rules/trick.h.
TRICKS = {"sound": 4, "pinyin": 8, "initials": 16, "split": 32, "shape": 64, "emoji": 128,
          "shuffled": 256}
ALL = sum(TRICKS.values())
SENTENCES = ["none", "traditional", "homophone", "pinyin", "pinyin-initials", "split-char",
             "radical", "emoji", "swap"]
INNOCENT = ["innocent", "reviews", "telegram ham", "review ham"]
SPAM = ["telegram spam", "review spam"]


def lines(path):
    done = subprocess.run(["zstd", "-dcq", str(path)], check=True, stdout=subprocess.PIPE,
                          text=True)
    return done.stdout.splitlines()


def events(path):
    return [json.loads(line) for line in lines(path)]


class Texts:
    """All texts, what each is, and the words that are hidden in it."""

    def __init__(self, data):
        self.texts, self.kinds, self.targets = [], [], []
        evasion = data / "evasion"
        self.words = [line.split("\t")[0] for line in lines(evasion / "cntp.targets.tsv.zst")[1:]]
        labels = [line.split("\t") for line in lines(evasion / "cntp.labels.tsv.zst")[1:]]
        of = {row[0]: (row[2], set(row[4].split("|"))) for row in labels}
        for event in events(evasion / "cntp.events.jsonl.zst"):
            self.add(event, *of[event["id"]])
        for name, short in (("telegram", "telegram"), ("reviewspam", "review")):
            rows = [line.split("\t") for line in lines(evasion / f"{name}.labels.tsv.zst")[1:]]
            spam = {row[0]: row[1] == "1" for row in rows}
            for event in events(evasion / f"{name}.events.jsonl.zst"):
                self.add(event, f"{short} {'spam' if spam[event['id']] else 'ham'}", set())
        for name in ("labelled", "jd_timed"):
            for event in events(data / "reviews" / f"{name}.events.jsonl.zst"):
                self.add(event, "reviews", set())
        self.totals = collections.Counter(self.kinds)

    def add(self, event, kind, targets):
        self.texts.append(re.sub(r"[\r\n]+", "，", event["text"]))
        self.kinds.append(kind)
        self.targets.append(targets)


def find(tool, texts, tricks):
    """Matches by text: (word, begin, end, tricks); and the tool's words about time."""
    with tempfile.TemporaryDirectory() as folder:
        words, messages = pathlib.Path(folder, "words"), pathlib.Path(folder, "texts")
        words.write_text("\n".join(texts.words) + "\n", encoding="utf-8")
        messages.write_text("\n".join(texts.texts) + "\n", encoding="utf-8")
        done = subprocess.run([str(tool), str(words), str(messages), str(tricks)], check=True,
                              stdout=subprocess.PIPE, text=True)
    matches, time = collections.defaultdict(list), ""
    for line in done.stdout.splitlines():
        if line.startswith("#"):
            time = line[2:]
            continue
        text, word, begin, end, how = map(int, line.split("\t")[:5])
        matches[text].append((texts.words[word], begin, end, how))
    return matches, time


def measure(texts, matches, counts):
    """Hits, own hits and added hits by kind, of the matches that `counts` lets count."""
    hit, own, added = (collections.Counter() for _ in range(3))
    for i, found in matches.items():
        good = [m for m in found if counts(m[3])]
        standard = any(m[3] & ALL == 0 for m in found)
        kind = texts.kinds[i]
        hit[kind] += bool(good)
        own[kind] += any(m[0] in texts.targets[i] for m in good)
        added[kind] += bool(good) and not standard
    return hit, own, added


def row(texts, name, matches, counts):
    hit, own, added = measure(texts, matches, counts)
    share = lambda counter, kind: 100 * counter[kind] / texts.totals[kind]
    cells = [f"{share(own, kind):.1f}" for kind in SENTENCES]
    cells += [f"{share(added, kind):.2f}" for kind in INNOCENT]
    cells += [f"{share(hit, kind):.1f}" for kind in SPAM]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def show_samples(texts, matches, wanted):
    """False alarms of the aggressive fold, evenly spread over the innocent texts."""
    wrong = []
    for i in sorted(matches):
        if texts.kinds[i] in INNOCENT and all(m[3] & ALL for m in matches[i]):
            wrong.append((texts.kinds[i], texts.texts[i], matches[i][0]))
    step = max(1, len(wrong) // max(wanted, 1))
    for kind, text, (word, begin, end, how) in wrong[::step][:wanted]:
        around = text[max(0, begin - 8):end + 8]
        names = ", ".join(name for name, bit in TRICKS.items() if how & bit)
        print(f"{kind}: {word} ({names}) in {around!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default=ROOT / "build/release/tests/eval/evasion_eval")
    parser.add_argument("--data", type=pathlib.Path, default=DATA)
    parser.add_argument("--samples", type=int, default=10)
    arguments = parser.parse_args()
    texts = Texts(arguments.data)
    print(f"{len(texts.words)} words, {len(texts.texts)} texts")
    print("| fold | " + " | ".join(SENTENCES + [f"+{k}" for k in INNOCENT] + SPAM) + " |")
    print("|---" * (1 + len(SENTENCES) + len(INNOCENT) + len(SPAM)) + "|")
    everything, time = find(arguments.tool, texts, ALL)
    row(texts, "strict", everything, lambda how: how == 0)
    row(texts, "standard", everything, lambda how: how & ALL == 0)
    for name, bit in TRICKS.items():
        alone, _ = find(arguments.tool, texts, bit)
        row(texts, f"+ {name}", alone, lambda how: True)
    row(texts, "aggressive", everything, lambda how: True)
    print(time)
    show_samples(texts, everything, arguments.samples)


if __name__ == "__main__":
    main()
