#!/usr/bin/env python3
"""Whose subject the true messages of the composed group chats get, by name, by reply, by category.

    ninja -C build/release subject_lines
    python3 tests/eval/subjects.py [DATA_DIRECTORY ...] [--tool BINARY]

subject_lines judges the days of each directory (default: chat, chat2 and chat3 of the evaluation
data) with the shipped rules and the directory's own catalogue; only then are its truth files read.
True = the written messages of incidents 1 to 6. Right = a family of the message is the truth's
brand (a courier's delay: brand, merchant or a courier the text names); by category: the category
of the truth's product. A message without a name gets a subject only where a rule hits it: the
first table of a directory. The second asks every message for its subject, hit or not. The stream
is composed from real parts: results on it are results on it.
"""
import argparse
import collections
import csv
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
STEPS = (  # in the order in which a subject is looked for
    ("name", ("name",)),
    ("reply, forward, root", ("reply", "forward", "root")),
    ("category", ("category",)),
    ("unknown", ("unknown",)),
)


def unpacked(path):
    command = ["zstd", "-dcq", str(path)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def found(tool, directory, every):
    """id -> [(family, source, sku, permille)]"""
    days = sorted(directory.glob("day*.events.jsonl.zst"))
    events = b"".join(unpacked(day) for day in days)
    command = [str(tool), str(directory)] + (["--every"] if every else [])
    done = subprocess.run(command, check=True, input=events, stdout=subprocess.PIPE)
    subjects = collections.defaultdict(list)
    for line in done.stdout.decode().splitlines():
        event, family, source, sku, permille, _ = line.split("\t")
        subjects[event].append((family, source, sku, int(permille)))
    return subjects, events


def read_truth(directory):
    """Incident number -> what is right for its messages; id -> incident number."""
    truths = {}
    merchants = {row["name"]: row["merchant_id"] for row in
                 csv.DictReader(open(directory / "merchants.csv", encoding="utf-8-sig"))}
    categories = {row["sku"]: row["category"] for row in
                  csv.DictReader(open(directory / "catalogue.csv", encoding="utf-8-sig"))}
    for line in open(directory / "truth.jsonl", encoding="utf-8"):
        truth = json.loads(line)
        truth["families"] = {"brand:" + truth["brand"]}
        truth["courier"] = not truth.get("product_risk", 1) or "courier" in truth["key"]
        if truth["courier"]:
            truth["families"].add("merchant:" + merchants.get(truth.get("merchant", ""), "?"))
        truth["category"] = "category:" + categories.get(truth["sku"], "?")
        truths[str(truth["incident"])] = truth
    lines = unpacked(directory / "truth_messages.tsv.zst").decode().rstrip("\n").split("\n")
    rows = csv.DictReader(lines, delimiter="\t")
    return truths, {row["id"]: row["incident"] for row in rows if row["incident"] in truths}


def right(truth, family, text):
    if family in truth["families"] or family == truth["category"]:
        return True
    courier = family.startswith("courier:")
    return truth["courier"] and courier and family[len("courier:"):][:2] in text


def percent(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


class Row:
    def __init__(self):
        self.given = self.right = self.votes = self.sku = self.elsewhere = 0


def judge(directory, tool, every):
    subjects, events = found(tool, directory, every)
    truths, incident_of = read_truth(directory)
    texts = {}
    for line in events.decode().split("\n"):
        event = json.loads(line) if line else {"id": ""}
        if event["id"] in incident_of:
            texts[event["id"]] = event["text"]
    rows = {step: Row() for step, _ in STEPS}
    for event, all_of_it in subjects.items():
        for step, sources in STEPS:
            mine = [s for s in all_of_it if s[1] in sources]
            if not mine:
                continue
            row = rows[step]
            if event not in texts:
                row.elsewhere += 1
                break
            truth = truths[incident_of[event]]
            row.given += 1
            row.right += any(right(truth, family, texts[event]) for family, *_ in mine)
            voted = [s for s in mine if s[2] != "-" and s[0] == "brand:" + truth["brand"]]
            row.votes += bool(voted)
            row.sku += any(s[2] == truth["sku"] for s in voted)
            break
    return len(texts), rows


COLUMNS = ("true", "right", "right so far", "precision", "SKU voted", "SKU right", "other messages")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directories", nargs="*", type=pathlib.Path)
    parser.add_argument("--tool", type=pathlib.Path,
                        default=ROOT / "build/release/tests/eval/subject_lines")
    options = parser.parse_args()
    figures = {}
    directories = options.directories or [DATA / n for n in ("chat", "chat2", "chat3")]
    for directory, every in [(d, e) for d in directories for e in (False, True)]:
        true, rows = judge(directory, options.tool, every)
        asked = "every message asked" if every else "as it runs"
        print(f"{directory.name}: {true} true messages, composed, {asked}")
        print("  " + f"{'found by':<22}" + "".join(f"{c:>16}" for c in COLUMNS))
        total = 0
        for step, _ in STEPS:
            row = rows[step]
            total += row.right
            cells = (row.given, row.right, percent(total, true), percent(row.right, row.given),
                     row.votes, percent(row.sku, row.votes), row.elsewhere)
            print("  " + f"{step:<22}" + "".join(f"{c:>16}" for c in cells))
        short = directory.name + ("_every" if every else "")
        named, replied = rows["name"], rows["reply, forward, root"]
        figures[short + "_names"] = f"{named.right}/{true}"
        figures[short + "_with_replies"] = f"{named.right + replied.right}/{true}"
        figures[short + "_with_category"] = (
            f"{named.right + replied.right + rows['category'].right}/{true}")
    print(" ".join(f"{key}={value}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
