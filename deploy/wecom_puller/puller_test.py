"""The puller without the vendor's library: python3 -m unittest puller_test"""
import base64
import json
import os
import tempfile
import unittest

import puller


class FakeSdk:
    """An archive of messages; "encrypted" with the key in front of the text."""

    def __init__(self, messages, errcode=0):
        self.messages, self.errcode = messages, errcode

    def chat_data(self, after):
        data = [record(seq, message) for seq, message in self.messages if seq > after]
        return json.dumps({"errcode": self.errcode, "errmsg": "", "chatdata": data[:puller.LIMIT]})

    def decrypt(self, key, message):
        if not message.startswith(key):
            raise puller.ArchiveError("DecryptData", 10006)
        return message[len(key):]


class FakeKeys:
    def message_key(self, version, encrypted):
        if version != 3:
            raise puller.ArchiveError("private key", puller.NO_KEY)
        return base64.b64decode(encrypted)


class FakeSink:
    def __init__(self):
        self.lines, self.flushed, self.broken = [], 0, False

    def put(self, key, line):
        self.lines.append((key, line))

    def flush(self):
        if self.broken:
            raise OSError("no room")
        self.flushed = len(self.lines)


def record(seq, message, version=3):
    key = b"k%d:" % seq
    return {"seq": seq, "msgid": str(seq), "publickey_ver": message.pop("version", version) if
            isinstance(message, dict) else version,
            "encrypt_random_key": base64.b64encode(key).decode(),
            "encrypt_chat_msg": message if isinstance(message, str) else
            (key + json.dumps(message).encode()).decode()}


def text(seq, room="r1", at=1773100000000):
    return seq, {"msgid": f"m{seq}", "from": "zhao", "tolist": ["qian"], "roomid": room,
                 "msgtime": at, "msgtype": "text", "text": {"content": "好"}}


class PullerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.position = puller.Position(os.path.join(self.folder.name, "position"))
        self.sink, self.said = FakeSink(), []

    def tearDown(self):
        self.folder.cleanup()

    def step(self, sdk, now_ms=1773100000000):
        return puller.step(sdk, FakeKeys(), self.sink, self.position, self.said.append, now_ms)

    def test_what_is_new_is_handed_on_and_the_position_moves_behind_it(self):
        sdk = FakeSdk([text(1), text(2, room="")])
        self.assertFalse(self.step(sdk))
        self.assertEqual([key for key, _ in self.sink.lines], [b"r1", b"pair:qian|zhao"])
        self.assertEqual(json.loads(self.sink.lines[0][1])["msgid"], "m1")
        self.assertEqual(self.position.load(), 2)
        self.step(sdk)
        self.assertEqual(len(self.sink.lines), 2)

    def test_a_full_answer_asks_for_more_at_once(self):
        sdk = FakeSdk([text(seq) for seq in range(1, puller.LIMIT + 2)])
        self.assertTrue(self.step(sdk))
        self.assertFalse(self.step(sdk))
        self.assertEqual(self.position.load(), puller.LIMIT + 1)

    def test_what_the_sink_did_not_take_is_pulled_again(self):
        sdk = FakeSdk([text(1)])
        self.sink.broken = True
        with self.assertRaises(OSError):
            self.step(sdk)
        self.assertEqual(self.position.load(), 0)
        self.sink.broken = False
        self.step(sdk)
        self.assertEqual(self.position.load(), 1)

    def test_a_message_that_cannot_be_decrypted_is_named_and_passed_over(self):
        self.step(FakeSdk([text(1), (2, "rubbish"), text(3)]))
        self.assertEqual(len(self.sink.lines), 2)
        self.assertEqual(self.position.load(), 3)
        self.assertIn("seq 2", self.said[0])

    def test_a_missing_key_stops_everything_until_a_person_adds_it(self):
        seq, message = text(1)
        with self.assertRaises(puller.ArchiveError):
            self.step(FakeSdk([(seq, {**message, "version": 4})]))
        self.assertEqual(self.position.load(), 0)

    def test_a_gap_and_being_far_behind_are_told(self):
        self.position.save(10)
        self.step(FakeSdk([text(15)]), now_ms=1773100000000 + 30 * 3_600_000)
        self.assertIn("4 numbers before seq 15 are missing", self.said[0])
        self.assertIn("behind by 30 h", self.said[1])

    def test_a_refusal_of_the_vendor_is_an_error(self):
        with self.assertRaises(puller.ArchiveError) as caught:
            self.step(FakeSdk([], errcode=301052))
        self.assertEqual(caught.exception.code, 301052)

    def test_lines_in_a_file_are_whole_and_the_position_survives(self):
        path = os.path.join(self.folder.name, "out.jsonl")
        sink = puller.FileSink(path)
        sink.put(b"k", b"{}")
        sink.flush()
        sink.close()
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"{}\n")
        self.position.save(7)
        self.assertEqual(puller.Position(self.position._path).load(), 7)

    def test_real_keys_decrypt_what_their_public_halves_encrypted(self):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path = os.path.join(self.folder.name, "key.pem")
        with open(path, "wb") as file:
            file.write(key.private_bytes(serialization.Encoding.PEM,
                                         serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))
        keys = puller.Keys({3: path})
        encrypted = base64.b64encode(key.public_key().encrypt(b"inner", padding.PKCS1v15()))
        self.assertEqual(keys.message_key(3, encrypted.decode()), b"inner")
        with self.assertRaises(puller.ArchiveError):
            keys.message_key(4, encrypted.decode())

    def test_settings_come_from_the_environment_and_the_files_it_names(self):
        path = os.path.join(self.folder.name, "secret")
        with open(path, "w", encoding="utf-8") as file:
            file.write("s3\n")
        settings = puller.Settings.read({"WECOM_CORP_ID": "ww1", "WECOM_SECRET_FILE": path,
                                         "WECOM_PRIVATE_KEYS": "1=/a.pem,2=/b.pem"})
        self.assertEqual(settings.secret, "s3")
        self.assertEqual(settings.key_paths, {1: "/a.pem", 2: "/b.pem"})
        with self.assertRaises(SystemExit):
            puller.Settings.read({"WECOM_SECRET": "x"})


if __name__ == "__main__":
    unittest.main()
