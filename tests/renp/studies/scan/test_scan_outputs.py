"""Outputs of scans: locks, links, what is not theirs, full disks, and what a killed scan leaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import renp.output.files
from renp.generate import write_c_files
from renp.output.files import turn, write_files
from renp.output.trees import write_tree
from renp.studies.scan import dataset, run, workers
from renp.studies.scan.dataset import fingerprint_of
from renp.studies.scan.run import run_scan
from renp.studies.scan.study import parse_study

EVENTS = 'quantity = "events"\n[[axis]]\nparameter = "exposure_days"\nvalues = [10.0, 20.0]\n'
OTHER = EVENTS.replace("20.0", "30.0")
LONG = """
quantity = "sensitivity"
chunk = 1
[sensitivity]
coupling = "vector.g_L[1,1]"
[[axis]]
parameter = "vector.mass"
start = 1e-3
stop = 1e4
number = 100000
spacing = "log"
"""
SUFFIXES = (".nc", ".zarr")
LONG_ENOUGH = 120
"""Seconds after which processes that should have ended are taken for immortal; a good run needs a few."""


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def fingerprint(path: Path) -> str | None:
    return fingerprint_of(path, path.suffix)


def test_a_chunk_larger_than_the_grid_is_one_chunk(tmp_path: Path) -> None:
    expected = run_scan(parse_study(EVENTS), tmp_path / "a.nc")
    study = parse_study(EVENTS.replace("[[axis]]", "chunk = 1000000000\n[[axis]]", 1))
    assert (study.chunk_points, study.chunks) == (2, 1)
    found = run_scan(study, tmp_path / "b.nc")
    with renp_open(expected) as one, renp_open(found) as other:
        assert one.events.equals(other.events)
    with pytest.raises(ValueError, match=r"^study:2: chunk: expected a whole number from 1 to 1000000000, got 1000"):
        parse_study(EVENTS.replace("[[axis]]", "chunk = 1" + 330 * "0" + "\n[[axis]]", 1))


@contextmanager
def renp_open(path: Path) -> Iterator[Any]:
    import xarray

    with xarray.open_dataset(path, engine="h5netcdf") as data:
        yield data


# -- what is not theirs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("mark", [None, "not json", '{"fingerprint": "x", "study": {}}'])
def test_a_directory_of_somebody_else_is_left_alone(fresh: bool, mark: str | None, tmp_path: Path) -> None:
    parts = tmp_path / "a.nc.parts"
    parts.mkdir()
    (parts / "thesis.tex").write_text("years of work")
    if mark is not None:
        (parts / "study.json").write_text(mark)
    before = names(parts)
    with pytest.raises(ValueError, match=r"^output: '[^\n]*a\.nc\.parts' holds 'thesis\.tex', which no scan [^\n]+$"):
        run_scan(parse_study(EVENTS), tmp_path / "a.nc", fresh=fresh)
    assert names(parts) == before


def test_chunks_without_a_study_are_left_alone(tmp_path: Path) -> None:
    parts = tmp_path / "a.nc.parts"
    parts.mkdir()
    (parts / "00000000.npy").write_text("measured in the laboratory")
    with pytest.raises(ValueError, match=r"holds '00000000\.npy', which no scan"):
        run_scan(parse_study(EVENTS), tmp_path / "a.nc", fresh=True)
    assert names(parts) == ["00000000.npy"]


def test_a_file_among_the_chunks_outlives_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, target = parse_study(EVENTS), tmp_path / "a.nc"
    with monkeypatch.context() as patch:
        patch.setattr(workers, "compute_chunk", raising(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_scan(study, target)
    (tmp_path / "a.nc.parts" / "notes.txt").write_text("mine")
    run_scan(study, target)
    assert names(tmp_path / "a.nc.parts") == ["notes.txt"]


def raising(error: type[BaseException]) -> Callable[..., Any]:
    def stand_in(*_: object) -> None:
        raise error

    return stand_in


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_fresh_run_replaces_results_of_scans_alone(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"a{suffix}"
    target.mkdir() if suffix == ".zarr" else target.write_text("measured")
    if suffix == ".zarr":
        (target / "thesis.tex").write_text("years of work")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(
        ValueError, match=r"^output: '[^\n]*': a fresh run does not|^output: [^\n]*a fresh run does not"
    ):
        run_scan(parse_study(EVENTS), target, fresh=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_fresh_run_does_not_delete_a_file_inside_a_result(tmp_path: Path) -> None:
    target = run_scan(parse_study(EVENTS), tmp_path / "a.zarr")
    (target / "events" / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"holds 'events/notes.txt', which no scan has written: a fresh run does not"):
        run_scan(parse_study(OTHER), target, fresh=True)
    assert (target / "events" / "notes.txt").read_text() == "mine"


def test_an_output_of_the_wrong_kind_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "compute_chunk", raising(AssertionError))
    (tmp_path / "a.nc").mkdir()
    (tmp_path / "a.zarr").write_text("")
    for name in ("a.nc", "a.zarr"):
        with pytest.raises(ValueError, match=r"is a directory|is no directory"):
            run_scan(parse_study(EVENTS), tmp_path / name, fresh=True)
    assert names(tmp_path) == ["a.nc", "a.zarr"]


# -- one rule for links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dangling", [False, True])
def test_a_linked_output_stays_a_link(suffix: str, dangling: bool, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    real, link = store / f"b{suffix}", tmp_path / f"a{suffix}"
    link.symlink_to(real)
    if not dangling:
        run_scan(parse_study(OTHER), real)
    study = parse_study(EVENTS)
    assert run_scan(study, link, fresh=True) == link
    assert link.is_symlink()
    assert fingerprint(real) == study.fingerprint
    assert (names(tmp_path), names(store)) == ([link.name, "store"], [real.name])


# -- one scan at a time ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="no locks on directories")
def test_a_second_scan_to_an_output_says_so(tmp_path: Path) -> None:
    study, target = parse_study(EVENTS), tmp_path / "a.nc"
    refused: list[str] = []

    def second(done: int, total: int) -> None:
        with pytest.raises(OSError, match=r"^output: another scan writes to '[^\n]*a\.nc'$") as caught:
            run_scan(study, target)
        refused.append(str(caught.value))

    run_scan(study, target, progress=second)
    assert len(refused) == 2
    assert names(tmp_path) == ["a.nc"]


@pytest.mark.skipif(sys.platform == "win32", reason="no locks on directories")
def test_a_directory_that_was_replaced_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "room"
    room.mkdir()
    opened = os.open

    def late(path: Any, flags: int) -> int:
        descriptor = opened(path, flags)
        room.rmdir()
        room.mkdir()
        return descriptor

    monkeypatch.setattr(renp.output.files.os, "open", late)
    (tmp_path / "keeps the number of the old one in use").mkdir()
    with pytest.raises(FileNotFoundError), turn(room, wait=False):
        pass


# -- killed at any moment ----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for SIGKILL: nothing cleans up after it."""


def kill(patch: pytest.MonkeyPatch, module: Any, name: str, call: int) -> None:
    """Let a run end at the n-th call of ``module.name`` with a directory of this test."""
    work, calls = getattr(module, name), [0]

    def stand_in(first: Any, *rest: Any, **keywords: Any) -> Any:
        calls[0] += "a.zarr" in str(first) and Path(first).is_dir()
        if calls[0] == call:
            patch.setattr(dataset, "remove", lambda path: None)
            raise Killed
        return work(first, *rest, **keywords)

    patch.setattr(module, name, stand_in)


STEPS = [(dataset, "exchange", 1), (os, "rename", 1), (os, "replace", 1), (shutil, "rmtree", 1)]


@pytest.mark.parametrize("exchanges", [False, True])
@pytest.mark.parametrize(("module", "name", "call"), STEPS, ids=[name for _, name, _ in STEPS])
def test_a_result_is_never_lost(
    module: Any, name: str, call: int, exchanges: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before any step of a replacement, the next run finds the old result or the new one, and cleans up."""
    old, new, target = parse_study(OTHER), parse_study(EVENTS), tmp_path / "a.zarr"
    run_scan(old, target)
    with monkeypatch.context() as patch, suppress(Killed):
        if not exchanges:
            patch.setattr(dataset, "exchange", lambda first, second: False)
        kill(patch, module, name, call)
        run_scan(new, target, fresh=True)
    if target.exists():
        assert fingerprint(target) in (old.fingerprint, new.fingerprint)
    else:
        assert fingerprint(tmp_path / "a.zarr.parts" / "former.zarr") == old.fingerprint
        with pytest.raises(ValueError, match="exists and is not this study"):
            run_scan(new, target)
        assert fingerprint(target) == old.fingerprint
    run_scan(new, target, fresh=True)
    assert fingerprint(target) == new.fingerprint
    assert names(tmp_path) == ["a.zarr"]


def test_what_was_left_after_the_last_step_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, target = parse_study(EVENTS), tmp_path / "a.nc"
    with monkeypatch.context() as patch:
        patch.setattr(run, "clear", lambda parts: parts.iterdir() and raising(KeyboardInterrupt)())
        with pytest.raises(KeyboardInterrupt):
            run_scan(study, target)
    run_scan(study, target)
    assert names(tmp_path) == ["a.nc"]


# -- full disks --------------------------------------------------------------------------------------------------------


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, which fails as a full disk does: in the middle of a write."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


WRITERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "file": (lambda room: write_files({room / "a.csv": b"x" * 5000}), "a.csv"),
    "package": (lambda room: write_tree({"__init__.py": "x" * 5000}, room / "package"), "package"),
    "c": (lambda room: write_c_files({"spectral.c": "x" * 5000}, room / "c"), "spectral.c"),
    "netcdf": (lambda room: run_scan(parse_study(EVENTS), room / "a.nc"), "a.nc"),
    "zarr": (lambda room: run_scan(parse_study(EVENTS), room / "a.zarr"), "a.zarr"),
}


@pytest.mark.parametrize("size", [40, 400])
@pytest.mark.parametrize("kind", WRITERS)
def test_a_full_disk_is_named_and_leaves_no_half_of_anything(kind: str, size: int, tmp_path: Path) -> None:
    write, named = WRITERS[kind]
    try:
        with room_for(size), pytest.raises(OSError, match=r"^\[Errno") as caught:
            write(tmp_path)
    finally:
        assert not [path for path in tmp_path.iterdir() if not path.name.endswith(".parts")]
    assert str(caught.value.filename).startswith(str(tmp_path / named)) or named in str(caught.value.filename)
    assert "\n" not in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("result") or path.name.endswith(".tmp")]
    write(tmp_path)


# -- ended from outside ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_workers_end_with_the_scan(name: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(LONG)
    number = getattr(signal, name)
    command = [sys.executable, "-m", "renp", "scan", "study.toml", "--out", "a.nc", "--workers", "2"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    parts = tmp_path / "a.nc.parts"
    while running.poll() is None and not any(parts.glob("*.npy")):
        time.sleep(0.05)
    os.kill(running.pid, number)
    try:
        # Ends when nobody holds the pipes any more: neither the scan nor a worker.
        out, err = running.communicate(timeout=LONG_ENOUGH)
        # The group lives as long as one of its processes does.
        assert any(group_is_gone(running.pid) for _ in range(20 * LONG_ENOUGH))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    assert "wrote" not in out
    if name == "SIGKILL":
        assert running.returncode == -number
    else:
        assert (running.returncode, err) == (128 + number, "renp: interrupted; the same command goes on\n")
    assert json.loads((parts / "study.json").read_text())["study"]["chunk"] == 1


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    time.sleep(0.05)
    return False


def test_an_interrupted_pool_ends_without_waiting_for_its_chunks() -> None:
    started: list[Future[Any]] = []
    with pytest.raises(KeyboardInterrupt), workers._processes(1) as pool:
        interrupted_with(pool, started)
    assert isinstance(started[0].exception(), BrokenExecutor)


def interrupted_with(pool: Executor, started: list[Future[Any]]) -> None:
    pool.submit(os.getppid).result()
    started.append(pool.submit(time.sleep, 60))
    raise KeyboardInterrupt
