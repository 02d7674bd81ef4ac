"""Writing files: whole or not at all, and never over what somebody else has written."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from crashes.kills import COMMANDS, kill
from crashes.writers import compete

from pipeline import files
from pipeline.catalog import dumps, load, new, save, update
from pipeline.errors import ChangedMeanwhileError, PipelineError
from pipeline.locks import locked
from pipeline.model import Catalog, Unit

LEFTOVER = ".diglot-0123456789abcdef"

# Whole or not at all


def test_write_makes_folders_keeps_mode_and_follows_links(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    assert files.write_atomically(path, b"1")
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert files.write_atomically(link, b"2")
    assert not files.write_atomically(link, b"2")
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"2", 0o640)
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(PipelineError) as caught:
        files.write_atomically(path, b"new")
    assert caught.value.path == path
    assert "full" in caught.value.hint
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_write_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path, tmp_path / "file" / "below", tmp_path / "loop", tmp_path / ("x" * 300)):
        with pytest.raises(PipelineError) as caught:
            files.write_atomically(path, b"y")
        assert caught.value.hint


def test_a_read_only_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write what is read-only
    with pytest.raises(PipelineError, match="permission"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_written_file_keeps_its_owner_where_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o640)
    assert files.write_atomically(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1234, 2345, 0o640)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chown", refuse)
    assert files.write_atomically(path, b"newer")
    assert path.stat().st_mode & 0o777 == 0o640


# What a killed process leaves


def test_leftovers_go_with_the_next_write_in_their_folder(tmp_path: Path) -> None:
    for name in (LEFTOVER, ".diglot-mine", ".diglot"):
        (tmp_path / name).write_bytes(b"half")
    assert files.write_atomically(tmp_path / "file", b"new")
    assert {path.name for path in tmp_path.iterdir()} == {".diglot-mine", ".diglot", "file"}


def test_leftovers_below_a_folder_are_removed(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / LEFTOVER).write_bytes(b"half")
    (deep / "post.po").write_bytes(b"")
    files.remove_leftovers(tmp_path)
    assert [path.name for path in deep.iterdir()] == ["post.po"]
    files.remove_leftovers(tmp_path / "none")


def test_what_a_living_process_writes_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / LEFTOVER).write_bytes(b"half")
    waiting = threading.Thread(target=files.remove_leftovers, args=(tmp_path,))
    with locked(tmp_path) as held:
        assert held
        waiting.start()
        waiting.join(0.1)
        assert (tmp_path / LEFTOVER).exists()
    waiting.join()
    assert not (tmp_path / LEFTOVER).exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_loses_nothing(tmp_path: Path, command: str) -> None:
    toll = kill(tmp_path, command, 3)
    assert toll.kills == 3
    assert toll.is_clean, toll


# Two writers


def catalog(path: Path, *units: Unit) -> Catalog:
    return replace(new(path, "zh_CN", "en"), units=units)


def test_a_catalog_takes_the_place_only_of_what_it_was_read_from(tmp_path: Path) -> None:
    path = tmp_path / "post.po"
    save(catalog(path, Unit("Tea"), Unit("Milk")))
    mine = load(path, "zh_CN")
    save(replace(load(path, "zh_CN"), units=(Unit("Tea", "茶"), Unit("Milk"))))
    with pytest.raises(ChangedMeanwhileError, match=r"post\.po: .*changed by somebody else"):
        save(replace(mine, units=(Unit("Tea"), Unit("Milk", "奶"))))
    assert [unit.msgstr for unit in load(path, "zh_CN").units] == ["茶", ""]
    with pytest.raises(ChangedMeanwhileError):
        save(replace(catalog(path, Unit("Tea")), digest=""))


def test_an_update_is_made_to_what_others_have_written(tmp_path: Path) -> None:
    path = tmp_path / "post.po"
    save(catalog(path, Unit("Tea"), Unit("Milk")))
    others = iter([(Unit("Tea", "茶"), Unit("Milk"))])

    def change(read: Catalog) -> Catalog:
        for units in others:
            save(replace(read, units=units))
        return replace(read, units=(read.units[0], Unit("Milk", "奶")))

    assert update(path, "zh_CN", change)
    assert [unit.msgstr for unit in load(path, "zh_CN").units] == ["茶", "奶"]


def test_an_update_gives_up_on_a_file_that_never_rests(tmp_path: Path) -> None:
    path = tmp_path / "post.po"
    save(catalog(path, Unit("Tea")))

    def change(read: Catalog) -> Catalog:
        number = int(read.units[0].msgstr or 0) + 1
        save(replace(read, units=(Unit("Tea", str(number)),)))
        return replace(read, units=())

    with pytest.raises(ChangedMeanwhileError):
        update(path, "zh_CN", change)


def test_a_file_that_broke_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "post.po"
    save(catalog(path, Unit("Tea", "茶")))
    read = load(path, "zh_CN")
    path.write_text("<<<<<<< ours\n" + dumps(read), "utf-8")
    with pytest.raises(PipelineError, match="conflict"):
        save(replace(read, units=()))
    assert path.read_text("utf-8").startswith("<<<")


@pytest.mark.parametrize("again", [False, True])
def test_no_edit_of_several_processes_is_lost_without_a_word(tmp_path: Path, again: bool) -> None:
    contest = compete(tmp_path, writers=2, edits=10, again=again)
    assert contest.edits == 20
    assert contest.missing == 0
    assert not (again and contest.reported)
