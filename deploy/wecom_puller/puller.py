#!/usr/bin/env python3
"""Pulls an enterprise WeChat chat archive (会话内容存档) and hands it on, decrypted.

One JSON object a message, as the vendor's SDK gives it, appended to a file that qingyu follows, or
to a Kafka topic. An example to build on: about what to keep in mind, see README.md beside it.

What is read from the environment or from files, never from the command line: see Settings.
"""
import argparse
import base64
import ctypes
import json
import os
import sys
import time
from dataclasses import dataclass

LIMIT = 1000  # messages a call, the vendor's maximum
CALL_SECONDS = 10  # the SDK's own time-out
PAUSE_SECONDS = 1.0  # between calls; the vendor allows 600 a minute
WINDOW_HOURS = 5 * 24  # what is older cannot be pulled any more
WARN_HOURS = 24  # behind by this much is worth a line
EXPIRED = 10010  # the SDK's code for "older than the window"
NO_KEY = 10007


class ArchiveError(Exception):
    """The SDK or the vendor refused a call; `code` is theirs."""

    def __init__(self, call, code):
        super().__init__(f"{call} failed with code {code}")
        self.code = code


class Sdk:
    """libWeWorkFinanceSdk_C.so, its calls as Python values. Tests put a fake in its place."""

    def __init__(self, path, corp_id, secret):
        lib = ctypes.CDLL(path)
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        for name, result, arguments in (
            ("NewSdk", pointer, []),
            ("Init", ctypes.c_int, [pointer, text, text]),
            ("DestroySdk", None, [pointer]),
            ("NewSlice", pointer, []),
            ("FreeSlice", None, [pointer]),
            ("GetContentFromSlice", pointer, [pointer]),
            ("GetSliceLen", ctypes.c_int, [pointer]),
            ("DecryptData", ctypes.c_int, [text, text, pointer]),
            ("GetChatData", ctypes.c_int,
             [pointer, ctypes.c_ulonglong, ctypes.c_uint, text, text, ctypes.c_int, pointer]),
        ):
            function = getattr(lib, name)
            function.restype, function.argtypes = result, arguments
        self._lib = lib
        self._sdk = lib.NewSdk()
        code = lib.Init(self._sdk, corp_id.encode(), secret.encode())
        if code != 0:
            raise ArchiveError("Init", code)

    def close(self):
        self._lib.DestroySdk(self._sdk)

    def chat_data(self, after):
        """The answer to "what came after seq `after`", a JSON text."""
        return self._slice(
            "GetChatData",
            lambda out: self._lib.GetChatData(self._sdk, after, LIMIT, b"", b"", CALL_SECONDS, out))

    def decrypt(self, key, message):
        """One message's JSON text."""
        return self._slice("DecryptData", lambda out: self._lib.DecryptData(key, message, out))

    def _slice(self, call, fill):
        out = self._lib.NewSlice()
        try:
            code = fill(out)
            if code != 0:
                raise ArchiveError(call, code)
            size = self._lib.GetSliceLen(out)
            return ctypes.string_at(self._lib.GetContentFromSlice(out), size)
        finally:
            self._lib.FreeSlice(out)


class Keys:
    """The private keys by version: {1: "/etc/qingyu/wecom-1.pem"}. A key that was replaced stays
    here until its last message has been pulled."""

    def __init__(self, paths):
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        self._keys = {}
        for version, path in paths.items():
            with open(path, "rb") as file:
                self._keys[version] = load_pem_private_key(file.read(), password=None)

    def message_key(self, version, encrypted):
        """The key of one message, which the vendor encrypted for us (RSA, PKCS1)."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        if version not in self._keys:
            raise ArchiveError(f"private key of version {version}", NO_KEY)
        return self._keys[version].decrypt(base64.b64decode(encrypted), PKCS1v15())


class FileSink:
    """Appends lines to a file; flush() returns when they are on the disk."""

    def __init__(self, path):
        self._file = open(path, "ab")

    def put(self, _key, line):
        self._file.write(line + b"\n")

    def flush(self):
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self):
        self._file.close()


class KafkaSink:
    """Writes to a topic, keyed by the talk; flush() returns when the broker has all of them."""

    def __init__(self, settings, topic):
        from confluent_kafka import Producer
        ours = {"enable.idempotence": True, "compression.type": "lz4"}
        self._producer = Producer({**ours, **settings})
        self._topic = topic
        self._failed = 0

    def put(self, key, line):
        self._producer.produce(self._topic, value=line, key=key, on_delivery=self._delivered)
        self._producer.poll(0)

    def flush(self):
        if self._producer.flush(60) > 0 or self._failed > 0:
            raise OSError(f"Kafka did not take all messages ({self._failed} refused)")

    def _delivered(self, error, _message):
        self._failed += error is not None


class Position:
    """The last seq that was handed on, in a small file that is replaced as a whole."""

    def __init__(self, path):
        self._path = path

    def load(self):
        try:
            with open(self._path, encoding="ascii") as file:
                return int(file.read())
        except FileNotFoundError:
            return 0

    def save(self, seq):
        with open(self._path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seq}\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(self._path + ".new", self._path)


def talk_of(message):
    """What qingyu calls the channel: the room, or the pair. Messages of one stay in order."""
    room = message.get("roomid") or ""
    to = (message.get("tolist") or [""])[0]
    return room or "pair:" + "|".join(sorted((message.get("from", ""), to)))


@dataclass
class Pulled:
    """What one call brought."""
    seq: int  # of the last message; the one asked for when there was none
    handed_on: int = 0
    unreadable: int = 0  # could not be decrypted: counted, named on standard error, passed over
    missing: int = 0  # numbers between the last seq and the first one given
    newest_ms: int = 0


def pull(sdk, keys, sink, after, say):
    """One call: what came after seq `after`, decrypted, into `sink`. Nothing is remembered here."""
    answer = json.loads(sdk.chat_data(after))
    if answer.get("errcode", 0) != 0:
        raise ArchiveError("GetChatData", answer["errcode"])
    pulled = Pulled(seq=after)
    for record in answer.get("chatdata", []):
        if pulled.seq == after and after > 0:
            pulled.missing = max(0, record["seq"] - after - 1)
        pulled.seq = max(pulled.seq, record["seq"])
        try:
            key = keys.message_key(record["publickey_ver"], record["encrypt_random_key"])
            text = sdk.decrypt(key, record["encrypt_chat_msg"].encode())
            message = json.loads(text)
        except (ArchiveError, ValueError) as error:
            if getattr(error, "code", 0) == NO_KEY:
                raise  # a person must add the key; until then nothing is passed over
            pulled.unreadable += 1
            say(f"seq {record['seq']} cannot be decrypted: {type(error).__name__}")
            continue
        line = text if b"\n" not in text else json.dumps(message, ensure_ascii=False).encode()
        sink.put(talk_of(message).encode(), line)
        pulled.handed_on += 1
        pulled.newest_ms = max(pulled.newest_ms, int(message.get("msgtime", 0)))
    return pulled


def behind_hours(newest_ms, now_ms):
    return 0.0 if newest_ms == 0 else max(0.0, (now_ms - newest_ms) / 3_600_000)


def step(sdk, keys, sink, position, say, now_ms):
    """One call and everything that belongs to it: first the sink has it, then the position moves.
    Returns whether there may be more at once. A crash between the two repeats messages; qingyu
    drops them by their msgid."""
    after = position.load()
    pulled = pull(sdk, keys, sink, after, say)
    sink.flush()
    if pulled.seq > after:
        position.save(pulled.seq)
    if pulled.missing > 0:
        say(f"{pulled.missing} numbers before seq {after + pulled.missing + 1} are missing: "
            f"older than the archive's window, or not visible to us")
    hours = behind_hours(pulled.newest_ms, now_ms)
    if hours > WARN_HOURS:
        say(f"behind by {hours:.0f} h; what is older than {WINDOW_HOURS} h is lost")
    return pulled.handed_on + pulled.unreadable >= LIMIT


def run(sdk, keys, sink, position, say):
    wait = PAUSE_SECONDS
    while True:
        try:
            more = step(sdk, keys, sink, position, say, int(time.time() * 1000))
            wait = PAUSE_SECONDS if more else 2 * PAUSE_SECONDS
        except ArchiveError as error:
            if error.code == NO_KEY:
                raise
            say(str(error) + (" (older than the window)" if error.code == EXPIRED else ""))
            wait = min(60.0, wait * 2)
        time.sleep(wait)


@dataclass
class Settings:
    """Secrets come from the environment or from files it names."""
    corp_id: str
    secret: str
    key_paths: dict
    sdk_path: str

    @staticmethod
    def read(environment):
        def needed(name):
            if not environment.get(name):
                raise SystemExit(f"puller: set {name} (see README.md)")
            return environment[name]

        secret = environment.get("WECOM_SECRET", "")
        if not secret:
            with open(needed("WECOM_SECRET_FILE"), encoding="utf-8") as file:
                secret = file.read().strip()
        pairs = (pair.split("=", 1) for pair in needed("WECOM_PRIVATE_KEYS").split(","))
        return Settings(
            corp_id=needed("WECOM_CORP_ID"),
            secret=secret,
            key_paths={int(version): path for version, path in pairs},
            sdk_path=environment.get("WECOM_SDK", "./libWeWorkFinanceSdk_C.so"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--position", required=True, help="file that remembers the last seq")
    parser.add_argument("--out", help="file to append JSON lines to")
    parser.add_argument("--topic", help="Kafka topic, instead of --out")
    parser.add_argument("--kafka", help="file with librdkafka settings, name=value lines")
    parser.add_argument("--once", action="store_true", help="stop when nothing is left")
    arguments = parser.parse_args()
    if bool(arguments.out) == bool(arguments.topic and arguments.kafka):
        parser.error("give either --out, or --topic and --kafka")
    settings = Settings.read(os.environ)
    if arguments.out:
        sink = FileSink(arguments.out)
    else:
        with open(arguments.kafka, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip() and line[0] != "#"]
        sink = KafkaSink(dict(line.split("=", 1) for line in lines), arguments.topic)
    sdk = Sdk(settings.sdk_path, settings.corp_id, settings.secret)
    keys, position = Keys(settings.key_paths), Position(arguments.position)

    def say(line):
        print("puller: " + line, file=sys.stderr, flush=True)

    try:
        if arguments.once:
            while step(sdk, keys, sink, position, say, int(time.time() * 1000)):
                time.sleep(PAUSE_SECONDS)
        else:
            run(sdk, keys, sink, position, say)
    except ArchiveError as error:
        raise SystemExit(f"puller: {error}") from None
    except KeyboardInterrupt:
        pass
    finally:
        sdk.close()


if __name__ == "__main__":
    main()
