#!/usr/bin/env python3
"""How soon the spreads of the composed group chats are told, and what else is.

    python3 tests/eval/chat.py [DATA_DIRECTORY ...] [--qingyu BINARY]

Replays the days of each directory (default: chat, chat2 and chat3 of the evaluation data) with the
shipped rules and the directory's own catalogue, and only then reads its truth files. Told = a
notification of an incident of the truth's brand (a courier's delay: brand, merchant or courier)
within 24 h after its first message. False = an incident somebody was told of that matches no truth.
The stream is composed from real parts: results on it are results on it.
"""
import argparse
import collections
import csv
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
DAY_MS = 24 * 3600 * 1000


def replay(qingyu, directory, ledger):
    files = sorted(str(p) for p in directory.glob("day*.events.jsonl.zst"))
    command = [str(qingyu), "replay", *files, "--catalogue", str(directory)]
    command += ["--ledger", ledger, "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def unpacked(path):
    command = ["zstd", "-dcq", str(path)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Incident:
    """What a ledger says of one incident."""

    def __init__(self):
        self.family, self.subjects, self.told_at, self.first_at = "", [], None, None

    def subject_at(self, ts):
        known = [subject for at, subject in self.subjects if at <= ts]
        return known[-1] if known else ""


def read_ledger(path):
    incidents = collections.defaultdict(Incident)
    for line in open(path, encoding="utf-8"):
        entry = json.loads(line)
        if entry["kind"] == "incident":
            one = incidents[entry["incident"]]
            one.family = entry["family"]
            one.first_at = entry["first_at"]
            one.subjects.append((entry["at"], entry["subject"]))
        elif entry["kind"] == "notification":
            one = incidents[entry["incident"]]
            if one.told_at is None:
                one.told_at = entry["at"]
    return incidents


def read_truth(directory):
    truths = [json.loads(line) for line in open(directory / "truth.jsonl", encoding="utf-8")]
    merchant_ids = {}
    for row in csv.DictReader(open(directory / "merchants.csv", encoding="utf-8-sig")):
        merchant_ids[row["name"]] = row["merchant_id"]
    lines = unpacked(directory / "truth_messages.tsv.zst").rstrip("\n").split("\n")
    texts = list(csv.DictReader(lines, delimiter="\t"))
    messages = collections.defaultdict(set)
    for row in texts:
        messages[row["incident"]].add(row["id"])
    times, channel, courier_texts = {}, {}, collections.defaultdict(list)
    wanted = {i: n for n, ids in messages.items() for i in ids}
    for path in sorted(directory.glob("day*.events.jsonl.zst")):
        for line in unpacked(path).rstrip("\n").split("\n"):
            event = json.loads(line)
            if event["id"] in wanted:
                times[event["id"]] = event["ts"]
                courier_texts[wanted[event["id"]]].append(event["text"])
    for truth in truths:
        n = str(truth["incident"])
        truth["times"] = sorted(times[i] for i in messages[n] if i in times)
        truth["families"] = {"brand:" + truth["brand"]}
        if not truth.get("product_risk", 1) or "courier" in truth["key"]:
            truth["families"].add("merchant:" + merchant_ids.get(truth.get("merchant", ""), "?"))
            truth["texts"] = courier_texts[n]
    return truths


def matches(truth, family):
    if family in truth["families"]:
        return True
    if family.startswith("courier:") and "texts" in truth:
        return any(family[len("courier:"):] in text for text in truth["texts"])
    return False


def judge(truths, incidents, days):
    rows, matched = [], set()
    for truth in truths:
        first = truth["first_ts"]
        mine = [(one.told_at, name) for name, one in incidents.items()
                if one.told_at is not None and matches(truth, one.family)]
        for _, name in mine:
            matched.add(name)
        in_time = sorted((at, name) for at, name in mine if first <= at <= first + DAY_MS)
        row = {"key": truth["key"], "told": bool(in_time), "sku": None}
        if in_time:
            at, name = in_time[0]
            groups = truth["groups_over_time"]
            third = groups[2][0] if len(groups) > 2 else None
            row["minutes"] = (at - first) / 60000
            row["messages"] = sum(1 for t in truth["times"] if t <= at)
            if third is not None:
                row["after_third"] = (at - third) / 60000
                row["messages_after_third"] = sum(1 for t in truth["times"] if third < t <= at)
            row["sku"] = incidents[name].subject_at(at + 3600 * 1000) == "product:" + truth["sku"]
            row["family"] = incidents[name].family
        rows.append(row)
    false = [(one.family, one.told_at) for name, one in incidents.items()
             if one.told_at is not None and name not in matched]
    return rows, false, len(false) / days


def number(value, digits=1):
    return "-" if value is None else f"{value:.{digits}f}"


COLUMNS = (  # title, width, what a row shows there
    ("spread", 22, lambda row: row["key"]),
    ("told", 6, lambda row: "yes" if row["told"] else "NO"),
    ("min", 8, lambda row: number(row.get("minutes"))),
    ("messages", 10, lambda row: number(row.get("messages"), 0)),
    ("min after 3rd", 15, lambda row: number(row.get("after_third"))),
    ("messages after 3rd", 20, lambda row: number(row.get("messages_after_third"), 0)),
    ("SKU 1 h later", 15, lambda row: {True: "right", False: "wrong", None: "-"}[row["sku"]]),
)


def print_rows(rows):
    for show in [lambda column: column[0]] + [lambda column, r=row: column[2](r) for row in rows]:
        first, *others = COLUMNS
        line = f"{show(first):<{first[1]}}" + "".join(f"{show(c):>{c[1]}}" for c in others)
        print("  " + line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directories", nargs="*", type=pathlib.Path)
    parser.add_argument("--qingyu", type=pathlib.Path, default=ROOT / "build/release/qingyu")
    options = parser.parse_args()
    directories = options.directories or [DATA / name for name in ("chat", "chat2", "chat3")]
    figures = {}
    for directory in directories:
        with tempfile.TemporaryDirectory() as folder:
            ledger = folder + "/ledger.jsonl"
            summary = replay(options.qingyu, directory, ledger)
            incidents = read_ledger(ledger)
        truths = read_truth(directory)
        days = len(list(directory.glob("day*.events.jsonl.zst")))
        rows, false, false_a_day = judge(truths, incidents, days)
        print(f"{directory.name}: {summary['events']} events in {days} days, composed")
        print_rows(rows)
        for family, at in false:
            print(f"  false: {family} at {at}")
        told = [row for row in rows if row["told"]]
        name = directory.name
        figures[name + "_told"] = f"{len(told)}/{len(rows)}"
        median = statistics.median(row["minutes"] for row in told) if told else None
        figures[name + "_median_minutes"] = number(median)
        figures[name + "_false_a_day"] = number(false_a_day, 2)
        figures[name + "_sku_right"] = f"{sum(1 for row in told if row['sku'])}/{len(told)}"
    print(" ".join(f"{key}={value}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
