#!/usr/bin/env python3
"""What `qingyu draft` makes of half of a topic's messages, judged on the other half.

    python3 tests/eval/draft.py [--data DIRECTORY] [--build DIRECTORY]

20 topics: the 5 incidents of hotlists (titles that match the incident's expression, which the
program never sees), the 6 largest clusters of brand_rumours, the 3 largest events, and the 6
incidents of the composed group chat. Different texts of a topic are dealt in turn into examples and
held-out ones; so is the ordinary traffic of the same set. Beside it, on the same held-out texts:
the shipped packs (any rule), and the five everyday words that an author would take first.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORDINARY_MAX = 20000


def lines(path):
    command = ["zstd", "-dcq", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


def events(path):
    return [json.loads(line) for line in lines(path)]


def flat(text):
    return " ".join(text.split())


def hotlists(data):
    titles = set()
    for name in ["weibo_hourly", "other_platforms"]:
        titles.update(flat(e["text"]) for e in events(data / f"hotlists/{name}.events.jsonl.zst"))
    expressions = {}
    for row in open(data / "hotlists/incidents.tsv", encoding="utf-8").read().splitlines()[1:]:
        expressions.setdefault(*row.split("\t")[:2])
    ordinary = [t for t in titles if not any(re.search(e, t) for e in expressions.values())]
    for incident, expression in expressions.items():
        yield incident, [t for t in titles if re.search(expression, t)], ordinary


def labelled(data, folder, labels, label_column, count, prefix):
    rows = lines(labels) if labels.suffix == ".zst" else open(labels).read().splitlines()
    label = {row.split("\t")[0]: row.split("\t")[label_column] for row in rows[1:]}
    by_label, ordinary = collections.defaultdict(list), []
    for event in events(data / folder / "events.jsonl.zst"):
        of = label.get(event["id"])
        if of is not None and event["text"].strip():
            by_label[of].append(flat(event["text"]))
    chosen = sorted((k for k in by_label if k != "-"), key=lambda k: (-len(by_label[k]), k))[:count]
    for key in chosen:
        others = [t for k, texts in by_label.items() if k != key for t in texts]
        yield f"{prefix} {key}", by_label[key], others


def chats(data):
    truth = {}
    for row in lines(data / "chat/truth_messages.tsv.zst")[1:]:
        ident, incident, *_ = row.split("\t")
        truth[ident] = incident
    by_incident, ordinary = collections.defaultdict(list), []
    for day in (1, 2, 3):
        for event in events(data / f"chat/day{day}.events.jsonl.zst"):
            incident = truth.get(event["id"], "-")
            if event["text"].strip():
                of = by_incident[incident] if incident.isdigit() else ordinary
                of.append(flat(event["text"]))
    for incident in sorted(by_incident):
        yield f"chat {incident}", by_incident[incident], ordinary


def deal(texts, seed):
    different = sorted(set(texts))
    random.Random(seed).shuffle(different)
    return different[0::2], different[1::2]


def figures(hits, negatives):
    taken, all_hits, strangers = sum(hits), len(hits), sum(negatives)
    precision = taken / (taken + strangers) if taken + strangers else 0.0
    return precision, taken / all_hits if all_hits else 0.0


def judged(judge, packs, texts, catalogue):
    command = [str(judge), str(ROOT / "rules"), *map(str, packs)]
    environment = {**os.environ, "QINGYU_CATALOGUE": str(catalogue)} if catalogue else None
    done = subprocess.run(command, input="\n".join(texts) + "\n", check=True,
                          stdout=subprocess.PIPE, text=True, env=environment)
    return [bool(line) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=ROOT.parent / "shared" / "data", type=pathlib.Path)
    parser.add_argument("--build", default=ROOT / "build" / "release", type=pathlib.Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    qingyu, judge = options.build / "qingyu", options.build / "tests/eval/judge_texts"
    topics = [*hotlists(options.data),
              *labelled(options.data, "brand_rumours",
                        options.data / "brand_rumours/labels.tsv.zst", 2, 6, "rumour"),
              *labelled(options.data, "events", options.data / "events/labels.tsv", 1, 3, "event"),
              *chats(options.data)]
    print(f"{'topic':24} {'examples':>8} {'held':>5} {'other':>6}   "
          "draft P/R     shipped P/R   first words P/R")
    sums = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for name, texts, others in topics:
            if options.only not in name:
                continue
            examples, held = deal(texts, 1)
            known = set(texts)
            seen, unseen = deal([t for t in others if t not in known], 2)
            seen, unseen = seen[:ORDINARY_MAX], unseen[:ORDINARY_MAX]
            (work / "hits").write_text("\n".join(examples) + "\n")
            (work / "ordinary").write_text("\n".join(seen) + "\n")
            command = [str(qingyu), "draft", "--hits", str(work / "hits"), "--ordinary",
                       str(work / "ordinary"), "--json"]
            # As its users would: names are then no words of a rule.
            catalogue = options.data / "chat" if name.startswith("chat") else None
            if catalogue:
                command += ["--catalogue", str(catalogue)]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True)
            if done.returncode != 0:
                print(f"{name:24} {len(examples):8} {len(held):5}   {done.stderr.strip()}")
                continue
            drafted = json.loads(done.stdout)
            (work / "draft.yaml").write_text(drafted["pack"])
            words = drafted["first_words"]
            row = []
            for kind, pack in [("draft", work / "draft.yaml"), ("shipped", ROOT / "rules/packs")]:
                row.append(figures(judged(judge, [pack], held, catalogue),
                                   judged(judge, [pack], unseen, catalogue)))
                sums[kind].append(row[-1])
            hit = lambda t: any(w in t for w in words)
            row.append(figures([hit(t) for t in held], [hit(t) for t in unseen]))
            sums["words"].append(row[-1])
            print(f"{name:24} {len(examples):8} {len(held):5} {len(unseen):6}   "
                  + "   ".join(f"{p:4.2f} / {r:4.2f}" for p, r in row), flush=True)
            if options.only:
                print(drafted["pack"], words)
    for kind, rows in sums.items():
        print(f"mean of {len(rows)} {kind}: precision {sum(p for p, _ in rows) / len(rows):.2f}, "
              f"recall {sum(r for _, r in rows) / len(rows):.2f}")


if __name__ == "__main__":
    sys.exit(main())
