"""A witness outside keeps heads, over real HTTP: an honest log goes on, a rewritten one is caught and shouted about."""

import json
import threading

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

from backend.cli import main
from backend.draws import merkle, witness
from media.canonical import canonical_json
from tests.makers import Ceremony, a_scored_district


class Log:
    """A log that its keeper may rewrite: what the endpoints of DRAWS §5 serve, computed afresh from any records."""

    def __init__(self) -> None:
        self.records = [f"record {n}".encode() for n in range(5)]
        self.signer = Ed25519PrivateKey.generate()
        app = Flask("log")
        app.add_url_rule("/log/head", view_func=lambda: jsonify(self.head()))
        app.add_url_rule("/log/consistency", view_func=self.consistency, endpoint="consistency")
        self.server = make_server("127.0.0.1", 0, app)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(record) for record in self.records]

    def head(self) -> dict:
        head = {"size": len(self.records), "root": merkle.root(self.leaves()).hex(), "time": "2026-11-23T08:00:00Z"}
        key = self.signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        return {**head, "key": key, "signature": self.signer.sign(canonical_json(head)).hex()}

    def consistency(self):
        first, second = int(request.args["from"]), int(request.args["to"])
        path = merkle.consistency_path(self.leaves()[:second], first)
        return jsonify(path=[step.hex() for step in path])

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()


@pytest.fixture
def log():
    log = Log()
    yield log
    log.close()


@pytest.fixture
def look(log, tmp_path):
    """``fieldlot witness URL``, with its file."""

    def look(*more: str):
        return CliRunner().invoke(main, ["witness", log.url, "--file", str(tmp_path / "heads.json"), *more])

    look.file = tmp_path / "heads.json"
    return look


def test_an_honest_log_goes_on(log, look):
    assert look().exit_code == 0
    log.records.append(b"one more")
    told = look()
    assert told.exit_code == 0
    assert "6 records, 1 new" in told.output
    assert look().exit_code == 0
    assert [head["size"] for head in json.loads(look.file.read_text())["heads"]] == [5, 6]


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda log: log.records.__setitem__(2, b"another record"),
        lambda log: log.records.pop(),
        lambda log: log.records.insert(0, b"slipped in"),
        lambda log: (log.records.__setitem__(4, b"another"), log.records.extend([b"x", b"y", b"z"])),
    ],
)
def test_a_rewritten_log_is_caught_and_shouted_about(log, look, rewrite):
    look()
    rewrite(log)
    told = look()
    assert told.exit_code == 2
    assert "公开日志被改写" in told.output
    assert "The public log was rewritten" in told.output
    kept = json.loads(look.file.read_text())
    assert [head["size"] for head in kept["heads"]] == [5]
    assert kept["alarms"][0]["root"] == log.head()["root"]


def test_a_changed_key_is_asked_about(log, look):
    look()
    log.signer = Ed25519PrivateKey.generate()
    told = look()
    assert told.exit_code == 2
    assert "签名密钥已更换" in told.output
    assert look("--accept-key", log.head()["key"]).exit_code == 0
    assert look().exit_code == 0


def test_a_silent_log_is_no_rewritten_one(log, look):
    look()
    log.records.clear()
    log.head = lambda: {"size": 0}
    told = look()
    assert told.exit_code == 1
    assert "cannot be read" in told.output


@pytest.fixture
def served(app):
    """The product's own doors over HTTP."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def test_our_own_log_begun_anew_is_caught(session, connection, served, tmp_path):
    """What a keeper does who restores the database from before a lot and draws again for a better list."""
    ceremony = Ceremony(session, a_scored_district(session))
    round_ = ceremony.a_round()
    session.commit()
    before, file = connection.begin_nested(), tmp_path / "heads.json"
    ceremony.draw(round_)
    session.commit()
    assert witness.visit(served, file).fresh == 4
    before.rollback()
    session.expire_all()
    with pytest.raises(witness.LogRewritten):
        witness.visit(served, file)
    ceremony.draw(round_)
    session.commit()
    with pytest.raises(witness.LogRewritten):
        witness.visit(served, file)
