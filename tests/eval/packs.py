#!/usr/bin/env python3
"""Precision and recall of the shipped packs on reviews and hot-search titles.

    python3 tests/eval/packs.py [--data DIRECTORY] [--build DIRECTORY] [--errors N]

Reviews: 30,693 with a label (1 content, 0 not). Precision = share of the taken ones that are
labelled 0. The labels say whether the buyer is content, not whether it is a matter for these rules,
so recall is measured on the reviews labelled 0 that hold one of a few bare risk words, written down
here and not taken from the packs; the bare words themselves are the peer. Hot lists: recall on the
titles of the five incidents of the truth file; beside it how many titles of other topics are taken.
--errors prints a random sample of errors for reading.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BARE = "过期|临期|变质|发霉|长毛|烂了|烂的|坏了|假货|假的|异味|漏液|漏了|破了|缺斤|少了|虫"


def lines(path):
    command = ["zstd", "-dcq", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


def judged(judge, texts, kind):
    command = [str(judge), str(ROOT / "rules"), str(ROOT / "rules/packs")]
    given = "".join(json.dumps({"text": t, "kind": kind}) + "\n" for t in texts)
    done = subprocess.run(command, input=given, check=True, stdout=subprocess.PIPE, text=True)
    return [line.split() for line in done.stdout.splitlines()]


def share(part, whole):
    return f"{part}/{whole} = {part / whole:.3f}" if whole else f"{part}/{whole}"


def sample(title, texts, count):
    if count:
        print(f"\n{title}:")
        for text in random.Random(5).sample(texts, min(count, len(texts))):
            print("  ", text[:150])


def reviews(options):
    label = {}
    for row in lines(options.data / "reviews/labels.tsv.zst")[1:]:
        ident, source, category, positive = row.split("\t")
        label[ident] = (category, positive == "1")
    events = map(json.loads, lines(options.data / "reviews/labelled.events.jsonl.zst"))
    events = [e for e in events if e["id"] in label]
    taken = judged(options.judge, [e["text"] for e in events], "review")
    bare = re.compile(BARE)
    print(f"reviews with a label: {len(events)}, labelled 0: "
          f"{sum(not label[e['id']][1] for e in events)}")
    rows = collections.defaultdict(collections.Counter)
    wrong, missed = [], []
    for event, rules in zip(events, taken):
        category, positive = label[event["id"]]
        word = bool(bare.search(event["text"]))
        for name in (category, "all"):
            row = rows[name]
            row["rules"] += bool(rules)
            row["rules, right"] += bool(rules) and not positive
            row["bare"] += word
            row["bare, right"] += word and not positive
            row["pool"] += word and not positive
            row["pool taken"] += word and not positive and bool(rules)
        if rules and positive:
            wrong.append(f"[{' '.join(rules)}] {event['text']}")
        if word and not positive and not rules:
            missed.append(event["text"])
    print(f"{'category':14} {'rules: precision':24} {'bare words: precision':24} "
          "recall on the pool")
    for name, row in sorted(rows.items()):
        print(f"{name:14} {share(row['rules, right'], row['rules']):24} "
              f"{share(row['bare, right'], row['bare']):24} "
              f"{share(row['pool taken'], row['pool'])}")
    by_rule = collections.defaultdict(lambda: [0, 0])
    for event, rules in zip(events, taken):
        for rule in rules:
            by_rule[rule][0] += 1
            by_rule[rule][1] += not label[event["id"]][1]
    print("\nrules that take most:")
    for rule, (n, right) in sorted(by_rule.items(), key=lambda r: -r[1][0])[:15]:
        print(f"  {rule:28} {share(right, n)}")
    sample("taken, labelled content", wrong, options.errors)
    sample("pool, not taken", missed, options.errors)


def hotlists(options):
    titles = {}
    for name in ["weibo_hourly", "other_platforms"]:
        for line in lines(options.data / f"hotlists/{name}.events.jsonl.zst"):
            event = json.loads(line)
            titles.setdefault(" ".join(event["text"].split()), event.get("tags"))
    truth = {}
    rows = (options.data / "hotlists/incidents.tsv").read_text(encoding="utf-8").splitlines()
    for row in rows[1:]:
        truth.setdefault(*row.split("\t")[:2])
    texts = sorted(titles)
    taken = judged(options.judge, texts, "hot")
    print(f"\nhot-search titles: {len(texts)}")
    other, strange = 0, []
    found = collections.defaultdict(lambda: [0, 0])
    missed = []
    for text, rules in zip(texts, taken):
        of = next((name for name, e in truth.items() if re.search(e, text)), None)
        if of is None:
            other += 1
            if rules:
                strange.append(f"[{' '.join(rules)}] {text}")
            continue
        found[of][0] += 1
        found[of][1] += bool(rules)
        if not rules:
            missed.append(text)
    for name, (n, right) in found.items():
        print(f"  {name:20} taken {share(right, n)}")
    print(f"  other topics         taken {share(len(strange), other)}")
    sample("titles of other topics, taken", strange, options.errors)
    sample("titles of the incidents, not taken", missed, options.errors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=ROOT.parent / "shared" / "data", type=pathlib.Path)
    parser.add_argument("--build", default=ROOT / "build" / "release", type=pathlib.Path)
    parser.add_argument("--errors", default=0, type=int)
    options = parser.parse_args()
    options.judge = options.build / "tests/eval/judge_texts"
    reviews(options)
    hotlists(options)


if __name__ == "__main__":
    sys.exit(main())
