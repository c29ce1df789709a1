"""Scans: strict study files, restarts, and the same bits from one process, several and a Dask cluster."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

from renp.rates.experiment import experiment
from renp.studies.scan import run, workers
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.run import run_scan
from renp.studies.scan.study import load_study, parse_study
from renp.studies.sensitivity import sensitivity

ROOT = Path(__file__).parents[4]

SPECTRUM = """
title = "Two mediators"
quantity = "spectral_function"
chunk = 2

[neutrinos]
nature = "majorana"

[vector]
mass = 0.5
g_V = 0.1
g_A = 1.0

[couplings]
"vector.g_R[1,2].imag" = 1e-24

[[axis]]
parameter = "photon_energy"
start = 1.0
stop = 1.0716
number = 5

[[axis]]
parameter = "vector.g_L[1,1]"
values = [-1e-23, 0.0, 1e-23]

[[axis]]
parameter = "lightest_mass"
values = [0.0, 0.02]
"""

LIMITS = """
quantity = "sensitivity"
chunk = 2

[sensitivity]
coupling = "vector.g_L[1,1]"
level = 0.95

[[axis]]
parameter = "vector.mass"
start = 1e-3
stop = 1e4
number = 7
spacing = "log"
"""

EVENTS = 'quantity = "events"\n[[axis]]\nparameter = "exposure_days"\nvalues = [10.0, 20.0]\n'


def opened(path: Path) -> xarray.Dataset:
    with xarray.open_dataset(path, engine="h5netcdf") as data:
        return data.load()


def test_values_units_and_provenance(tmp_path: Path) -> None:
    study = parse_study(SPECTRUM)
    data = opened(run_scan(study, tmp_path / "a.nc"))
    assert dict(data.sizes) == {"vector_g_L_11": 3, "lightest_mass": 2, "photon_energy": 5}
    assert data.photon_energy.attrs["units"] == data.lightest_mass.attrs["units"] == "eV"
    assert data.vector_g_L_11.attrs["long_name"] == "vector.g_L[1,1]"
    g_L, g_R = np.diag([-1e-23, 0, 0]), np.zeros((3, 3), dtype=complex)
    g_R[0, 1], g_R[1, 0] = 1e-24j, -1e-24j
    run = experiment(lightest_mass=0.02, nature="majorana")
    group = {"mass": 0.5, "g_V": 0.1, "g_A": 1.0, "g_L": g_L, "g_R": g_R}
    expected = run.spectrum(data.photon_energy.values, vector=group)
    assert data.spectral_function.sel(vector_g_L_11=-1e-23, lightest_mass=0.02).values == pytest.approx(
        expected, rel=1e-6, abs=0
    )
    assert data.attrs["title"] == "Two mediators"
    assert json.loads(data.attrs["study"]) == study.document
    assert {"source_hash", "backend", "fingerprint", "renp_version", "numpy_version", "python_version"} <= set(
        data.attrs
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "a.nc"]


def test_limits_are_those_of_the_function(tmp_path: Path) -> None:
    data = opened(run_scan(parse_study(LIMITS), tmp_path / "a.nc"))
    for mass in (1e-3, 1e4):
        limit = sensitivity("vector.g_L[1,1]", vector={"mass": mass}, level=0.95)
        row = data.sel(vector_mass=mass, method="nearest")
        assert [float(row[name]) for name in ("negative", "positive", "magnitude")] == pytest.approx(
            [limit.negative, limit.positive, limit.magnitude], rel=1e-6, abs=0
        )


def test_events_scale_with_exposure(tmp_path: Path) -> None:
    data = opened(run_scan(parse_study(EVENTS), tmp_path / "a.nc"))
    assert data.events.sel(exposure_days=20.0).values == pytest.approx(
        2 * data.events.sel(exposure_days=10.0).values, rel=1e-6, abs=0
    )


def test_zarr_holds_the_same(tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    study = parse_study(EVENTS)
    netcdf = opened(run_scan(study, tmp_path / "a.nc"))
    with xarray.open_zarr(run_scan(study, tmp_path / "a.zarr"), consolidated=False) as zarr:
        assert netcdf.identical(zarr.load())


def test_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    files = [run_scan(parse_study(LIMITS), tmp_path / name).read_bytes() for name in ("a.nc", "b.nc")]
    assert files[0] == files[1]


def test_interrupted_scan_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, target = parse_study(LIMITS), tmp_path / "a.nc"
    computed: list[int] = []

    def count(document: Any, index: int) -> Any:
        if index == 2 and computed.count(2) == 0:
            computed.append(index)
            raise KeyboardInterrupt
        computed.append(index)
        return compute_chunk(document, index)

    monkeypatch.setattr(workers, "compute_chunk", count)
    with pytest.raises(KeyboardInterrupt):
        run_scan(study, target)
    assert not target.exists()
    parts = tmp_path / "a.nc.parts"
    assert sorted(p.name for p in parts.iterdir()) == ["00000000.npy", "00000001.npy", "study.json"]
    # A damaged chunk counts as missing, and so does one of another size.
    (parts / "00000001.npy").write_bytes(b"half a file")
    np.save(parts / "00000000.npy", np.zeros((1, 3)))
    seen: list[tuple[int, int]] = []
    run_scan(study, target, progress=lambda done, total: seen.append((done, total)))
    assert computed == [0, 1, 2, 0, 1, 2, 3]
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert target.read_bytes() == run_scan(study, tmp_path / "b.nc").read_bytes()
    # The finished scan is not computed again.
    before = len(computed)
    run_scan(study, target)
    assert len(computed) == before


def test_another_study_is_not_mixed_in(tmp_path: Path) -> None:
    target = run_scan(parse_study(EVENTS), tmp_path / "a.nc")
    other = parse_study(LIMITS)
    with pytest.raises(ValueError, match="exists and is not this study"):
        run_scan(other, target)
    parts = tmp_path / "b.nc.parts"
    parts.mkdir()
    (parts / "study.json").write_text('{"fingerprint": "x"}')
    (parts / "00000000.npy").write_bytes(b"their chunk")
    with pytest.raises(ValueError, match="holds chunks of another study"):
        run_scan(other, tmp_path / "b.nc")
    run_scan(other, target, fresh=True)
    assert "magnitude" in opened(target)
    # Nothing is lost by replacing a directory in which no chunk was finished.
    (parts / "00000000.npy").unlink()
    run_scan(other, tmp_path / "b.nc")


PARALLEL = """
import os, signal, sys, multiprocessing
from renp.studies.scan.run import run_scan
from renp.studies.scan.study import load_study

def main():
    study, kind = load_study(sys.argv[1]), sys.argv[2]
    killed = []

    def kill_one(pids):
        def progress(done, total):
            if done == 1 and not killed:
                assert total > 4
                killed.append(pids()[0])
                os.kill(killed[0], signal.SIGKILL)
        return progress

    if kind == "pool":
        run_scan(study, "pool.nc", workers=2, progress=kill_one(lambda: [p.pid for p in multiprocessing.active_children()]))
    else:
        from distributed import Client, LocalCluster
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory="dask") as cluster:
            with Client(cluster) as client:
                pids = list(client.run(os.getpid).values())
            run_scan(study, "dask.nc", scheduler=cluster.scheduler_address, progress=kill_one(lambda: pids))
    assert killed

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("kind", [pytest.param("pool", marks=pytest.mark.slow), "dask"])
def test_a_killed_worker_costs_nothing(kind: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(LIMITS.replace("number = 7", "number = 24"))
    (tmp_path / "run.py").write_text(PARALLEL)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # In a process of its own: a cluster starts threads and processes that the test run must not inherit.
    result = subprocess.run(
        [sys.executable, "run.py", "study.toml", kind],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    serial = run_scan(load_study(tmp_path / "study.toml"), tmp_path / "serial.nc")
    assert (tmp_path / f"{kind}.nc").read_bytes() == serial.read_bytes()


class BreakingPool(ThreadPoolExecutor):
    """Breaks on the last chunk, as a pool of processes does when one of them is killed."""

    broken = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if args[1] == 6 and not BreakingPool.broken:
            BreakingPool.broken += 1
            raise BrokenProcessPool("a process was killed")
        return super().submit(fn, *args, **kwargs)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_an_interruption_is_one_line_whatever_the_workers_do(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(LIMITS.replace("number = 7", "number = 5000"))
    # A shell starts its background jobs, and with them these tests, with Ctrl-C ignored.
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from renp.cli.main import main; main()"
    command = [sys.executable, "-c", start, "scan", "study.toml", "--out", "limits.nc", "--workers", "2"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    parts = tmp_path / "limits.nc.parts"
    while running.poll() is None and not any(parts.glob("*.npy")):
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, words = running.communicate()
    assert running.returncode == 130
    assert words.strip() == "renp: interrupted; the same command goes on"


def test_no_more_processes_than_chunks_are_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # More would have nothing to do.
    widths: list[int] = []

    def pool(width: int) -> ThreadPoolExecutor:
        widths.append(width)
        return ThreadPoolExecutor(1)

    monkeypatch.setattr(workers, "_processes", pool)
    run_scan(parse_study(LIMITS.replace("chunk = 2", "chunk = 3")), tmp_path / "a.nc", workers=100_000)
    assert widths == [3]


def test_a_broken_pool_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_processes", BreakingPool)
    study = parse_study(LIMITS.replace("chunk = 2", "chunk = 1"))
    seen: list[tuple[int, int]] = []
    parallel = run_scan(study, tmp_path / "a.nc", workers=2, progress=lambda done, total: seen.append((done, total)))
    assert BreakingPool.broken == 1
    assert seen == [(done, 7) for done in range(8)]
    assert parallel.read_bytes() == run_scan(study, tmp_path / "b.nc").read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quantity = ", "not valid TOML"),
        ("", ":1: quantity: missing at the top level, expected one of spectral_function, events, sensitivity"),
        ('quantity = "events"\ncolour = 1', ":2: colour: unknown field, allowed are title"),
        (
            'quantity = "events"\n[neutrinos]\nnature = "both"',
            ":3: [neutrinos] nature: must be one of dirac, majorana",
        ),
        (
            'quantity = "events"\n[neutrinos]\nlightest_mass = "0.1"',
            "[neutrinos] lightest_mass: expected a finite number",
        ),
        ('quantity = "events"\n[exposure]\ndays = true', "[exposure] days: expected a finite number, got True"),
        ('quantity = "events"\n[exposure]\ndays = nan', "[exposure] days: expected a finite number, got nan"),
        (
            'quantity = "events"\n[atom]\nname = "He"',
            "[atom] name: unknown atom 'He': known atoms are Xe, Yb, and files *.toml",
        ),
        ('quantity = "events"\n[couplings]\n"vector.h[1,1]" = 1.0', "unknown matrix 'h' of group 'vector'"),
        (
            'quantity = "events"\n[couplings]\n"tensor.t[1,4]" = 1.0',
            ":3: [couplings] tensor.t[1,4]: coupling: tensor.t[1,4] has an index above",
        ),
        ('quantity = "events"\n[couplings]\n"vector.g_L[1,1]" = 1.0', "[vector] mass: missing"),
        ('quantity = "events"\nchunk = 0', ":2: chunk: expected a whole number from 1 to 1000000000, got 0"),
        ('quantity = "spectral_function"', "axis over 'photon_energy' belongs to"),
        ('quantity = "sensitivity"', "[sensitivity]: give this table"),
        ('quantity = "sensitivity"\n[sensitivity]\nlevel = 0.9', "[sensitivity] coupling: missing"),
        ('quantity = "events"\n[[axis]]\nvalues = [1.0]', "[[axis]] 1 parameter: expected the name of a parameter"),
        (
            'quantity = "events"\n[[axis]]\nparameter = "x"\nvalues = [1.0]',
            "[[axis]] 1 parameter: unknown 'x', allowed",
        ),
        ('quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nvalues = []', "expected a list of at least one"),
        ('quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nvalues = [0.0, 0.0]', "a value is given twice"),
        (
            'quantity = "events"\n[couplings]\n"tensor.t[1,2]" = 0.1\n[[axis]]\nparameter = "tensor.t[2,1]"\nvalues = [0.0]',
            ":5: [[axis]] 1 parameter: couplings: 'tensor.t[1,2]' and 'tensor.t[2,1]' are the same parameter, give it once",
        ),
        (
            'quantity = "events"\n[couplings]\n"tensor.t[1,1]" = 0.1\n"tensor.t[1, 1]" = 0.1',
            ":4: [couplings] tensor.t[1, 1]: couplings: 'tensor.t[1,1]' and 'tensor.t[1, 1]' are the same parameter, give",
        ),
        (
            'quantity = "sensitivity"\n[sensitivity]\ncoupling = "tensor.t[1,1]"\nprofile = ["tensor.t[1,1].real"]',
            ":4: [sensitivity] profile: couplings: 'tensor.t[1,1]' and 'tensor.t[1,1].real' are the same parameter, give",
        ),
        (
            'quantity = "sensitivity"\n[sensitivity]\ncoupling = "tensor.t[1,1]"\n[couplings]\n"tensor.t[1,1]" = 0.1',
            ":3: [sensitivity] coupling: couplings: 'tensor.t[1,1]' and 'tensor.t[1,1]' are the same parameter, give it",
        ),
        (
            'quantity = "sensitivity"\n[sensitivity]\ncoupling = "tensor.t[1,1]"\n'
            '[[axis]]\nparameter = "tensor.t[1,1].real"\nvalues = [0.1]',
            ":3: [sensitivity] coupling: couplings: 'tensor.t[1,1].real' and 'tensor.t[1,1]' are the same parameter, give",
        ),
        ('quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nstart = 0.0', "either values or start, stop"),
        (
            'quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nstart=0.0\nstop=1.0\nnumber=3\nspacing="log"',
            "logarithmic spacing needs positive ends",
        ),
    ],
)
def test_study_files_are_checked(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^[^\n]*study\.toml:(\d+:)? [^\n]+$") as caught:
        load_study(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "[" * 60000 + "]" * 60000, ": not valid TOML: nested too deeply"),
        ("x = " + "9" * 5000, ": not valid TOML: a number with too many digits"),
        (
            'quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nstart = 0\nstop = 1\nnumber = 99999999999\n',
            ":6: [[axis]] 1 number: expected a whole number from 1 to 10000000, got 99999999999",
        ),
    ],
    ids=["deep", "digits", "points"],
)
def test_study_files_that_would_exhaust_the_machine_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^study{re.escape(message)}$"):
        parse_study(text)


def test_bad_outputs_are_refused_before_any_work(tmp_path: Path) -> None:
    study = parse_study(EVENTS)
    with pytest.raises(ValueError, match=r"output: expected a name ending in \.nc or \.zarr, got 'a\.csv'"):
        run_scan(study, tmp_path / "a.csv")
    with pytest.raises(ValueError, match="does not exist"):
        run_scan(study, tmp_path / "missing" / "a.nc")
    (tmp_path / "link.nc").symlink_to(tmp_path / "behind" / "a.nc")
    with pytest.raises(ValueError, match=r"^output: directory '[^\n]*behind' does not exist$"):
        run_scan(study, tmp_path / "link.nc")
    (tmp_path / "link.nc").unlink()
    with pytest.raises(ValueError, match="scheduler: expected an address like tcp://host:8786, got 'host'"):
        run_scan(study, tmp_path / "a.nc", scheduler="host")
    with pytest.raises(ValueError, match="workers: expected 0"):
        run_scan(study, tmp_path / "a.nc", workers=-1)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "find_spec", lambda module: None)
    with pytest.raises(ImportError, match=r"^scan: xarray is not installed; pip install 'renp\[scan\]'$"):
        run_scan(parse_study(EVENTS), tmp_path / "a.nc")
    assert not list(tmp_path.iterdir())
