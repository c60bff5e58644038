"""A journal that was changed is never taken for whole, by whatever hand and in whatever place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc.audit.checkpoint import KEY_FILE, Checkpoint, Signer, read_checkpoint
from graphsvc.audit.events import canonical
from graphsvc.audit.ledger import FILE, Ledger
from graphsvc.audit.merkle import leaf
from graphsvc.audit.proof import exported, fault, newest, prove
from graphsvc.audit.verify import verify
from graphsvc.errors import InputRefused, JournalAway, NotFound
from tests.unit.graphsvc.audit.journals import ENTRIES, EVERY, Tampered, copied, written

SEQS = st.integers(1, ENTRIES)
Change = Callable[[Tampered], None]
ENTRY_COLUMNS = ("body", "prev", "hash")
CHECKPOINT_COLUMNS = ("root", "key", "signature", "frontier")
MANY = 10_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("audit") / "journal")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work") / "journal"


def signed(folder: Path) -> list[Checkpoint]:
    ledger = Ledger.readable(folder)
    try:
        return [each for each, _ in ledger.checkpoints()]
    finally:
        ledger.close()


def problem(folder: Path, against: Checkpoint | None = None) -> str | None:
    """Return what is said to be wrong with a journal."""
    try:
        return verify(folder, against).problem
    except JournalAway as error:
        return str(error)


def after(whole: Path, work: Path, change: Change, against: Checkpoint | None = None) -> str | None:
    """Return what is said to be wrong with a journal that somebody changed."""
    copied(whole, work)
    tampered = Tampered(work)
    change(tampered)
    tampered.close()
    return problem(work, against)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """One change: an edit, a deletion, a swap, a truncation, an addition, in one table or both."""
    kind = draw(st.sampled_from(("edit", "unsign", "delete", "swap", "truncate", "add", "forge")))
    seq = draw(SEQS)
    if kind == "edit":
        column, at = draw(st.sampled_from(ENTRY_COLUMNS)), draw(st.integers(0, 31))
        bit = 1 << draw(st.integers(0, 7))
        return lambda file: flip(file, ("entry", column, "seq", seq), at, bit)
    if kind == "unsign":
        size = draw(st.sampled_from(range(1, ENTRIES, EVERY)))
        column, at = draw(st.sampled_from(CHECKPOINT_COLUMNS)), draw(st.integers(0, 31))
        bit = 1 << draw(st.integers(0, 7))
        return lambda file: flip(file, ("checkpoint", column, "size", size), at, bit)
    if kind == "delete":
        return lambda file: file.do("DELETE FROM entry WHERE seq = ?", seq)
    if kind == "swap":
        other = draw(SEQS.filter(lambda each: each != seq))
        return lambda file: swap(file, seq, other)
    if kind == "truncate":
        return lambda file: file.do("DELETE FROM entry WHERE seq >= ?", seq)
    if kind == "add":
        return lambda file: file.do(
            "INSERT INTO entry SELECT ?, body, prev, hash FROM entry WHERE seq = ?", 0 - seq, seq
        )
    return lambda file: forge(file, seq)


def flip(file: Tampered, place: tuple[str, str, str, int], at: int, bit: int) -> None:
    table, column, key, number = place
    [(held,)] = file.all(f"SELECT {column} FROM {table} WHERE {key} = ?", number)  # noqa: S608
    assert isinstance(held, bytes)
    edited = bytearray(held)
    edited[at] ^= bit
    file.do(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", bytes(edited), number)  # noqa: S608


def swap(file: Tampered, one: int, other: int) -> None:
    text = "UPDATE entry SET seq = ? WHERE seq = ?"
    for now, was in ((0, one), (one, other), (other, 0)):
        file.do(text, now, was)


def forge(file: Tampered, seq: int) -> None:
    """Write another body and chain all anew: the links are good, the signed roots are not."""
    file.do("UPDATE entry SET body = ? WHERE seq = ?", b'{"action":"nothing"}', seq)
    file.rechain()


def test_a_whole_journal_is_whole(whole: Path) -> None:
    verdict = verify(whole)
    assert verdict.problem is None
    assert verdict.entries == ENTRIES
    assert [each.size for each in signed(whole)] == [1, 6, 11, 16, 21, 23]
    assert verdict.checkpoints == 6
    assert all(problem(whole, each) is None for each in signed(whole))


@settings(max_examples=100)
@given(change=changes())
def test_every_change_is_found(whole: Path, work: Path, change: Change) -> None:
    assert after(whole, work, change)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(change=changes())
def test_every_one_of_very_many_changes_is_found(whole: Path, work: Path, change: Change) -> None:
    assert after(whole, work, change)


@pytest.mark.parametrize("left", range(1, ENTRIES))
def test_a_journal_cut_back_with_its_checkpoints_is_found_by_who_kept_one(
    whole: Path, work: Path, left: int
) -> None:
    def cut(file: Tampered) -> None:
        file.do("DELETE FROM entry WHERE seq > ?", left)
        file.do("DELETE FROM checkpoint WHERE size > ?", left)

    assert after(whole, work, cut) is None
    assert "were signed" in (after(whole, work, cut, signed(whole)[-1]) or "")


def test_a_journal_written_anew_with_its_key_is_found_by_who_kept_a_checkpoint(
    whole: Path, tmp_path: Path
) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / KEY_FILE).write_bytes((whole / KEY_FILE).read_bytes())
    anew = written(tmp_path / "journal", word="nothing")
    assert problem(anew) is None
    for each in signed(whole):
        assert "not those of the given checkpoint" in (problem(anew, each) or "")


def test_a_journal_written_anew_with_another_key_is_found(whole: Path, tmp_path: Path) -> None:
    anew = written(tmp_path / "journal")
    assert "another key" in (problem(anew, signed(whole)[0]) or "")
    (anew / KEY_FILE).write_bytes((whole / KEY_FILE).read_bytes())
    assert "not signed by this journal" in (problem(anew) or "")


def test_a_checkpoint_that_nobody_signed_proves_nothing(whole: Path) -> None:
    last = signed(whole)[-1]
    forged = Checkpoint(last.size, last.root, "2031-01-01T00:00:00Z", last.key, last.signature)
    assert "good signature" in (problem(whole, forged) or "")


def test_a_body_that_is_no_longer_bytes_is_found(whole: Path, work: Path) -> None:
    def retype(file: Tampered) -> None:
        file.do("PRAGMA writable_schema = ON")
        file.do("UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')")
        file.do("PRAGMA writable_schema = RESET")
        file.do("UPDATE entry SET body = CAST(body AS TEXT) WHERE seq = 3")

    assert "entry 3" in (after(whole, work, retype) or "")


def test_a_damaged_file_is_said(whole: Path, work: Path) -> None:
    copied(whole, work)
    data = bytearray((work / FILE).read_bytes())
    data[4096 * 2 : 4096 * 3] = bytes(4096)
    (work / FILE).write_bytes(data)
    assert problem(work)


def test_there_must_be_a_journal(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        verify(tmp_path / "nowhere")


@pytest.mark.parametrize("seq", [1, 2, 16, 17, ENTRIES])
def test_a_proof_holds_and_no_changed_one_does(whole: Path, seq: int) -> None:
    proof = prove(whole, seq)
    assert proof["seq"] == seq
    assert fault(proof, "p.json") is None
    other = prove(whole, seq % ENTRIES + 1)
    for name in ("body", "prev", "hash", "index", "path", "seq"):
        assert fault({**proof, name: other[name]}, "p.json"), name
    head = {**proof["checkpoint"], "at": "2031-01-01T00:00:00Z"}
    assert "good signature" in (fault({**proof, "checkpoint": head}, "p.json") or "")


def test_what_no_checkpoint_covers_yet_is_signed_to_be_proved(whole: Path, work: Path) -> None:
    copied(whole, work)
    tampered = Tampered(work)
    tampered.do("DELETE FROM checkpoint WHERE size > 6")
    tampered.close()
    proof = prove(work, 20)
    assert proof["checkpoint"]["size"] == ENTRIES
    assert fault(proof, "p.json") is None


@pytest.mark.parametrize("seq", [0, ENTRIES + 1])
def test_there_is_no_proof_of_what_is_not_there(whole: Path, seq: int) -> None:
    with pytest.raises(NotFound):
        prove(whole, seq)


@pytest.mark.parametrize("value", [None, 7, {}, {"checkpoint": {}}, {"checkpoint": None}])
def test_what_is_no_proof_is_refused(value: object) -> None:
    with pytest.raises(InputRefused, match=r"p\.json"):
        fault(value, "p.json")


def test_an_export_can_be_hashed_again(whole: Path) -> None:
    head, *entries = json.loads(json.dumps([*exported(whole)]))
    prev = bytes(32).hex()
    for number, entry in enumerate(entries, 1):
        assert (entry["seq"], entry["prev"]) == (number, prev)
        prev = leaf(bytes.fromhex(prev) + canonical(entry["body"])).hex()
        assert entry["hash"] == prev
    assert head["head"]["hash"] == prev
    assert head["head"]["entries"] == ENTRIES
    assert read_checkpoint(head["head"]["checkpoint"], "head").is_signed()
    assert [entry["seq"] for entry in [*exported(whole, after=20)][1:]] == [21, 22, 23]


def test_entries_are_found_by_what_they_say(whole: Path) -> None:
    assert [each["seq"] for each in newest(whole, {}, first=3)] == [23, 22, 21]
    assert [each["seq"] for each in newest(whole, {"subject": "n-4"}, first=3)] == [5]
    assert newest(whole, {"subject": "n-4", "action": "other"}, first=3) == []


def test_a_signature_is_over_size_root_and_time(tmp_path: Path) -> None:
    one = Signer.of(tmp_path, fresh=True).sign(3, bytes(32), "2031-01-01T00:00:00Z")
    assert one.is_signed()
    assert read_checkpoint(one.as_json(), "x") == one
    for other in (
        Checkpoint(4, one.root, one.at, one.key, one.signature),
        Checkpoint(3, bytes(31) + b"1", one.at, one.key, one.signature),
        Checkpoint(3, one.root, one.at, one.key[:-1], one.signature),
    ):
        assert not other.is_signed()
