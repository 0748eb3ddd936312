#!/usr/bin/env python3
"""`qingyu match` beside `rg -F` and `rsigma engine eval`, in one run.

1 million chat events of about 286 bytes and 10,000 words in 200 rules of 50 (both made by `qingyu
bench corpus`), each program on one core, repetitions interleaved. Prints the least and the median
time of each, events a second, the ratio to `qingyu match`, and how far what they find agrees.

    tests/eval/match_speed.py --qingyu build/opt/qingyu [--rg rg] [--rsigma rsigma]

A program that is not installed is left out and said so.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS_A_RULE = 50


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qingyu", required=True)
    parser.add_argument("--rg", default="rg")
    parser.add_argument("--rsigma", default="rsigma")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--rsigma-repetitions", type=int, default=3)
    parser.add_argument("--folder", help="keep the corpus here")
    return parser.parse_args()


def run(command, output=subprocess.DEVNULL):
    return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False)


def pack_of(words):
    lines = ["pack: bench", "owner: bench", "rules:"]
    for first in range(0, len(words), WORDS_A_RULE):
        part = words[first:first + WORDS_A_RULE]
        number = first // WORDS_A_RULE
        lines += [f"  - id: bench-{number}", "    name: bench", "    issue: expiry",
                  "    level: blue", "    subject: product",
                  "    when: {any: [" + ", ".join(part) + "]}",
                  f"    tests: [{{hit: {part[0]}}}, {{miss: '0'}}]"]
    return "\n".join(lines) + "\n"


def sigma_rules(words):
    rules = []
    for first in range(0, len(words), WORDS_A_RULE):
        number = first // WORDS_A_RULE
        part = words[first:first + WORDS_A_RULE]
        rules.append("\n".join(
            [f"title: bench {number}", f"id: 00000000-0000-4000-8000-{number:012d}",
             "status: test", "logsource: {category: chat}", "detection:", "  words:",
             "    text|contains:"] + [f"      - '{word}'" for word in part] +
            ["  condition: words", "level: low"]))
    return "\n---\n".join(rules) + "\n"


def write_corpus(folder, args):
    events, words_file = folder / "events.jsonl", folder / "words"
    with open(words_file, "wb") as out:
        subprocess.run([args.qingyu, "bench", "corpus", "--events", "1", "--print-words"],
                       stdout=out, check=True)
    words = words_file.read_text().split()
    if not events.exists():
        with open(events, "wb") as out:
            subprocess.run([args.qingyu, "bench", "corpus", "--events", str(args.events)],
                           stdout=out, check=True)
    (folder / "pack.yaml").write_text(pack_of(words))
    (folder / "sigma").mkdir(exist_ok=True)
    (folder / "sigma" / "bench.yml").write_text(sigma_rules(words))
    return words


def contestants(folder, args):
    events = str(folder / "events.jsonl")
    one_core = ["taskset", "-c", str(min(os.sched_getaffinity(0)))]
    match = [args.qingyu, "match", events, "--rules", str(folder / "pack.yaml"), "--threads", "1"]
    all_of = {"qingyu match -c": (one_core + match + ["-c"], args.repetitions)}
    all_of["qingyu match --format json"] = (one_core + match + ["--format", "json"],
                                            args.repetitions)
    if shutil.which(args.rg):
        all_of["rg -F -c"] = (one_core + [args.rg, "-F", "-c", "-j1", "-f", str(folder / "words"),
                                          events], args.repetitions)
    if shutil.which(args.rsigma):
        all_of["rsigma engine eval"] = (
            one_core + [args.rsigma, "engine", "eval", "--rules", str(folder / "sigma"), "-e",
                        "@" + events], args.rsigma_repetitions)
    for name, program in (("rg", args.rg), ("rsigma", args.rsigma)):
        if not shutil.which(program):
            print(f"{name}: not installed, left out")
    return all_of


def measure(all_of):
    seconds = {name: [] for name in all_of}
    for repetition in range(max(n for _, n in all_of.values())):
        for name, (command, repetitions) in all_of.items():
            if repetition >= repetitions:
                continue
            start = os.times()
            begin = time.monotonic()
            done = run(command)
            wall = time.monotonic() - begin
            end = os.times()
            cpu = end.children_user + end.children_system
            cpu -= start.children_user + start.children_system
            if done.returncode > 1:
                sys.exit(f"{name}: exit {done.returncode}: {done.stderr.decode()[-500:]}")
            seconds[name].append((wall, cpu))
            print(f"  {name}: {wall:.2f} s, of the processor {cpu:.2f} s", flush=True)
    return seconds


def ids_by_rg(folder, args):
    found = run([args.rg, "-F", "-f", str(folder / "words"), str(folder / "events.jsonl")],
                subprocess.PIPE)
    return {json.loads(line)["id"]: json.loads(line)["text"]
            for line in found.stdout.decode().splitlines()}


def ids_by_qingyu(folder, args):
    found = run([args.qingyu, "match", str(folder / "events.jsonl"), "--rules",
                 str(folder / "pack.yaml"), "--format", "json"], subprocess.PIPE)
    return {json.loads(line)["id"]: json.loads(line) for line in found.stdout.decode().splitlines()}


def texts_by_rsigma(folder, args):
    """rsigma's findings carry the text and no id, one line a rule that takes it."""
    found = run([args.rsigma, "engine", "eval", "--rules", str(folder / "sigma"), "-e",
                 "@" + str(folder / "events.jsonl")], subprocess.PIPE)
    return {json.loads(line)["matched_fields"][0]["value"]
            for line in found.stdout.decode().splitlines()}


def spelt_otherwise(text, match):
    """Whether no word that was found stands in the text as it is written in the rule."""
    return all(text[w["start"]:w["end"]] != w["word"]
               for rule in match["rules"] for w in rule["words"])


def compare(folder, args):
    ours, theirs = ids_by_qingyu(folder, args), ids_by_rg(folder, args)
    texts = {}
    with open(folder / "events.jsonl", encoding="utf-8") as events:
        for line in events:
            event = json.loads(line)
            if event["id"] in ours:
                texts[event["id"]] = event["text"]
    only_ours, only_theirs = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    disguised = sum(1 for i in only_ours if spelt_otherwise(texts[i], ours[i]))
    print(f"messages found: qingyu {len(ours)}, rg {len(theirs)}, both {len(ours.keys() & theirs)}")
    print(f"only qingyu: {len(only_ours)}, of which {disguised} by folding (the word is written "
          f"otherwise in the message)")
    print(f"only rg: {len(only_theirs)}")
    for i in sorted(only_theirs)[:5]:
        print(f"    {i} {theirs[i]!r}")
    if shutil.which(args.rsigma):
        print(f"different texts: rg {len(set(theirs.values()))}, of which rsigma finds "
              f"{len(set(theirs.values()) & texts_by_rsigma(folder, args))}")


def main():
    args = parse_arguments()
    folder = Path(args.folder or tempfile.mkdtemp(prefix="qingyu-match-speed-"))
    folder.mkdir(exist_ok=True)
    try:
        words = write_corpus(folder, args)
        size = (folder / "events.jsonl").stat().st_size
        print(f"{args.events} events of {size / args.events:.0f} bytes, {len(words)} words")
        seconds = measure(contestants(folder, args))
        ours = statistics.median(cpu for _, cpu in seconds["qingyu match -c"])
        print("| program | least s | median s | processor s (median) | events/s | ratio |")
        print("|---|---|---|---|---|---|")
        for name, times in seconds.items():
            wall = [w for w, _ in times]
            cpu = statistics.median(c for _, c in times)
            print(f"| `{name}` | {min(wall):.2f} | {statistics.median(wall):.2f} | {cpu:.2f} | "
                  f"{args.events / cpu / 1e6:.2f} M | {cpu / ours:.2f} |")
        if shutil.which(args.rg):
            compare(folder, args)
    finally:
        if not args.folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
