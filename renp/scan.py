"""Scans over any parameters: a study file in, a labelled data set on disk out.

In: ``study.toml``, data and nothing else. Out: an ``xarray`` data set as NetCDF (``.nc``) or Zarr (``.zarr``) with units,
coordinates and provenance. The grid is cut into chunks; each finished chunk is a file beside the output, so a stopped
scan goes on where it was, and the output appears in one step when all chunks are there. The chunks do not depend on who
computes them: one process, several, or a Dask cluster of like machines give the same bits.

A study::

    title = "Sensitivity to a vector mediator"
    quantity = "sensitivity"              # or "spectral_function", "events"

    [neutrinos]
    lightest_mass = 0.01                  # eV

    [vector]
    mass = 1.0                            # eV

    [sensitivity]
    coupling = "vector.g_L[1,1]"
    level = 0.95

    [[axis]]
    parameter = "vector.mass"
    start = 1e-3
    stop = 1e4
    number = 100
    spacing = "log"
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import signal
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from math import ceil, isfinite, prod
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import renp_generated
from renp.atoms import ATOMS
from renp.events import MEDIATOR_FREQUENCIES, Experiment, experiment
from renp.oscillation import OSCILLATION_SETS
from renp.sensitivity import Coupling, as_couplings, electron_couplings, sensitivity

if TYPE_CHECKING:
    import xarray

__all__ = ["QUANTITIES", "Axis", "Study", "compute_chunk", "load_study", "parse_study", "run_scan", "source_hash"]

FloatArray = NDArray[np.float64]

QUANTITIES: Final[dict[str, str]] = {
    "spectral_function": "dimensionless spectral function I(omega); needs an axis over photon_energy",
    "events": "expected photons at each photon energy of the exposure",
    "sensitivity": "limits on one coupling",
}
"""What a scan can compute."""

_NUMBER: Final = "a finite number"
_MEDIATOR_NUMBERS: Final[dict[str, tuple[str, ...]]] = {
    "vector": ("mass", "width", "g_V", "g_A"),
    "scalar": ("mass", "width", "y_S", "y_P"),
    "tensor_mediator": ("mass", "width", "c_T"),
}
_CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("", "quantity"): tuple(QUANTITIES),
    ("neutrinos", "nature"): ("dirac", "majorana"),
    ("vector", "propagator"): ("feynman", "unitary"),
    ("vector", "m1"): ("spin", "full"),
    ("electromagnetic", "m1"): ("spin", "full"),
    ("axis", "spacing"): ("linear", "log"),
}
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "title",
        "quantity",
        "chunk",
        "atom",
        "neutrinos",
        "exposure",
        "sensitivity",
        "axis",
        "couplings",
        *_MEDIATOR_NUMBERS,
        "electromagnetic",
    ),
    "atom": ("name", "E_eg", "E_vg"),
    "neutrinos": ("oscillation", "lightest_mass", "nature", "majorana_phases"),
    "exposure": ("frequencies", "days", "volume_cm3", "density_cm3", "photon_density_cm3", "eta"),
    "sensitivity": ("coupling", "level", "profile"),
    "vector": (*_MEDIATOR_NUMBERS["vector"], "propagator", "m1"),
    "scalar": _MEDIATOR_NUMBERS["scalar"],
    "tensor_mediator": _MEDIATOR_NUMBERS["tensor_mediator"],
    "electromagnetic": ("m1",),
    "axis": ("parameter", "values", "start", "stop", "number", "spacing"),
}
_PLAIN_AXES: Final[dict[str, str]] = {"photon_energy": "eV", "lightest_mass": "eV", "exposure_days": "day"}
_UNITS: Final[dict[str, str]] = {"mass": "eV", "width": "eV"}
_MOST_POINTS: Final = 10**9
_MOST_ON_AXIS: Final = 10**7
_CHUNK_VALUES: Final = {"spectral_function": 200_000, "events": 20_000, "sensitivity": 100}
_RESTARTS: Final = 3
_ADDRESS: Final = re.compile(r"(tcp|tls|ucx|ws|wss)://\S+:\d+/?|inproc://\S+")


@dataclass(frozen=True)
class Axis:
    """One axis of the grid.

    Parameters
    ----------
    parameter : ``photon_energy``, ``lightest_mass``, ``exposure_days``, a mediator's number such as ``vector.mass``, or a
        coupling such as ``electromagnetic.mu[1,2]``.
    values : grid points in the parameter's unit.

    Example
    -------
    >>> axis = Axis("vector.mass", (0.1, 1.0))
    >>> axis.dimension, axis.unit
    ('vector_mass', 'eV')
    """

    parameter: str
    values: tuple[float, ...]

    @property
    def dimension(self) -> str:
        """Name of the dimension in the data set: letters, digits and underscores alone."""
        plain = "".join(c if c.isalnum() else "_" for c in self.parameter.replace(",", ""))
        return "_".join(part for part in plain.split("_") if part)

    @property
    def unit(self) -> str:
        """Unit of the values, ``"1"`` if they have none."""
        if self.parameter in _PLAIN_AXES:
            return _PLAIN_AXES[self.parameter]
        if "[" in self.parameter:
            return Coupling.parse(self.parameter).unit
        return _UNITS.get(self.parameter.split(".")[1], "1")


@dataclass(frozen=True)
class Study:
    """A validated study.

    Parameters
    ----------
    document : the study as plain data, as read and completed.
    axes : grid axes, outermost first; ``photon_energy`` is always last.

    Example
    -------
    >>> study = parse_study('quantity = "events"\\n[[axis]]\\nparameter = "lightest_mass"\\nvalues = [0.0, 0.01]')
    >>> study.quantity, study.shape
    ('events', (2,))
    """

    document: Mapping[str, Any]
    axes: tuple[Axis, ...]

    @property
    def quantity(self) -> str:
        """One of :data:`QUANTITIES`."""
        return str(self.document["quantity"])

    @property
    def outer(self) -> tuple[Axis, ...]:
        """The axes that are cut into chunks: all but ``photon_energy``."""
        return tuple(axis for axis in self.axes if axis.parameter != "photon_energy")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of points of each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def row(self) -> int:
        """Values per outer grid point."""
        if self.quantity == "spectral_function":
            return len(self.axes[-1].values)
        return 3 if self.quantity == "sensitivity" else len(self.frequencies)

    @property
    def frequencies(self) -> tuple[float, ...]:
        """Photon energies [eV] of the exposure."""
        return tuple(self.document.get("exposure", {}).get("frequencies", MEDIATOR_FREQUENCIES))

    @property
    def points(self) -> int:
        """Number of outer grid points."""
        return prod(len(axis.values) for axis in self.outer)

    @property
    def chunk_points(self) -> int:
        """Outer grid points of one chunk."""
        return int(self.document.get("chunk", max(1, _CHUNK_VALUES[self.quantity] // self.row)))

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return ceil(self.points / self.chunk_points)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the study and of the code and backend that compute it: chunks of another one are never mixed in."""
        parts = {"study": self.document, "source": source_hash(), "backend": renp_generated.backend()}
        text = json.dumps(parts, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def source_hash() -> str:
    """Return the SHA-256 of the evaluator and of the modules of this package that turn it into results.

    Example
    -------
    >>> len(source_hash())
    64
    """
    digest = hashlib.sha256()
    names = {
        "renp_generated": None,
        "renp": (
            "atoms.py",
            "constants.py",
            "events.py",
            "oscillation.py",
            "parameters.py",
            "scan.py",
            "sensitivity.py",
        ),
    }
    for package, chosen in names.items():
        entries = sorted(
            (e for e in files(package).iterdir() if e.name.endswith((".py", ".c", ".h"))), key=lambda e: e.name
        )
        for entry in entries:
            if chosen is None or entry.name in chosen:
                digest.update(f"{package}/{entry.name}\n".encode())
                digest.update(entry.read_bytes())
    for entry in sorted(files("renp").joinpath("data").iterdir(), key=lambda e: e.name):
        if entry.name in ("atoms.toml", "oscillation.toml"):
            digest.update(entry.read_bytes())
    return digest.hexdigest()


def load_study(path: str | os.PathLike[str]) -> Study:
    """Read and check a study file.

    Raises
    ------
    ValueError : the file is not valid TOML or a field is unknown, missing or out of range; the message starts with the
        file's name and names the field.
    OSError : the file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not a text file in UTF-8") from error
    return parse_study(text, name=str(path))


def parse_study(text: str, *, name: str = "study") -> Study:
    """Check a study given as text; see :func:`load_study`.

    Parameters
    ----------
    text : TOML.
    name : how messages call the file.

    Example
    -------
    >>> parse_study('quantity = "events"\\ncolour = 1')
    Traceback (most recent call last):
    ...
    ValueError: study: unknown field 'colour', allowed are title, quantity, chunk, atom, neutrinos, exposure, ...
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not valid TOML: {error}") from error
    except RecursionError:
        raise ValueError(f"{name}: not valid TOML: nested too deeply") from None
    except ValueError:
        # Python reads integers of at most some thousand digits.
        raise ValueError(f"{name}: not valid TOML: a number with too many digits") from None
    try:
        return _checked_study(data)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def compute_chunk(document: Mapping[str, Any], index: int) -> FloatArray:
    """Return chunk ``index`` of a study, shape (outer points of the chunk, values per point).

    Parameters
    ----------
    document : :attr:`Study.document`; plain data, so that it can be sent to any worker.
    index : chunk number from 0.

    Example
    -------
    >>> study = parse_study('quantity = "events"\\n[[axis]]\\nparameter = "lightest_mass"\\nvalues = [0.0, 0.01]')
    >>> compute_chunk(study.document, 0).shape
    (2, 3)
    """
    study = _checked_study(document)
    shape = tuple(len(axis.values) for axis in study.outer)
    first = index * study.chunk_points
    last = min(first + study.chunk_points, study.points)
    rows = np.empty((last - first, study.row))
    for row, flat in enumerate(range(first, last)):
        place = np.unravel_index(flat, shape) if shape else ()
        values = {axis.parameter: axis.values[int(at)] for axis, at in zip(study.outer, place, strict=True)}
        rows[row] = _compute_point(study, values)
    return rows


def run_scan(
    study: Study,
    output: str | os.PathLike[str],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    fresh: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Compute a study and write it; go on from the finished chunks of an earlier run of the same study.

    Parameters
    ----------
    study : from :func:`load_study`.
    output : ``.nc`` or ``.zarr``. While the scan runs, finished chunks lie in ``<output>.parts``.
    workers : number of processes, 0 for one per core; ignored with ``scheduler``.
    scheduler : address of a running Dask scheduler, for example ``"tcp://host:8786"``.
    fresh : throw away chunks and output of another study instead of refusing.
    progress : called with the number of finished chunks and of all chunks.

    Returns
    -------
    The path of the output.

    Raises
    ------
    ValueError : another suffix, a scheduler that is no address, or the output or its chunks belong to another study.
    OSError : a file cannot be written, the scheduler does not answer.
    ImportError : a package for labelled data or for clusters is not installed.
    """
    target = Path(output)
    if target.suffix not in (".nc", ".zarr"):
        raise ValueError(f"output: expected a name ending in .nc or .zarr, got {target.name!r}")
    if scheduler is not None and not _ADDRESS.fullmatch(scheduler):
        raise ValueError(f"scheduler: expected an address like tcp://host:8786, got {scheduler!r}")
    if workers < 0:
        raise ValueError(f"workers: expected 0 (all cores) or more, got {workers}")
    if not target.parent.is_dir():
        raise ValueError(f"output: directory {str(target.parent)!r} does not exist")
    _require("xarray", "h5netcdf" if target.suffix == ".nc" else "zarr", *(("distributed",) if scheduler else ()))
    if target.exists() and not fresh:
        if _fingerprint_of(target) == study.fingerprint:
            return target
        raise ValueError(
            f"output: {str(target)!r} exists and is not this study; take another name or ask for a fresh run"
        )
    parts = target.with_name(target.name + ".parts")
    _open_parts(parts, study, fresh=fresh)
    missing = [i for i in range(study.chunks) if _load_part(parts, study, i) is None]
    finished = study.chunks - len(missing)
    if progress is not None:
        progress(finished, study.chunks)
    for index, rows in _computed(study.document, missing, workers, scheduler):
        _save_part(parts, index, rows)
        finished += 1
        if progress is not None:
            progress(finished, study.chunks)
    _write_dataset(study, parts, target)
    shutil.rmtree(parts)
    return target


def _computed(
    document: Mapping[str, Any], missing: list[int], workers: int, scheduler: str | None
) -> Iterator[tuple[int, FloatArray]]:
    """Yield finished chunks; a lost worker costs time, not results."""
    if scheduler is None and workers == 1:
        yield from ((index, compute_chunk(document, index)) for index in missing)
        return
    left = list(missing)
    for attempt in range(_RESTARTS + 1):
        try:
            with _executor(workers, scheduler, len(left)) as (executor, width):
                for index, rows in _through(executor, width, document, list(left)):
                    left.remove(index)
                    yield index, rows
            return
        except BrokenExecutor:
            # A killed process breaks the whole pool; what it had not delivered is computed again in a new one.
            if attempt == _RESTARTS:
                raise OSError(
                    f"the pool of processes broke {attempt + 1} times, {len(left)} chunks are missing"
                ) from None


def _through(
    executor: Executor, width: int, document: Mapping[str, Any], todo: list[int]
) -> Iterator[tuple[int, FloatArray]]:
    running: dict[Future[FloatArray], int] = {}
    queue = iter(todo)
    while True:
        # A few more than there are workers keeps them busy without holding many results in memory.
        while len(running) < 2 * width and (index := next(queue, None)) is not None:
            with _interrupts_held():
                # May start a process.
                running[executor.submit(compute_chunk, document, index)] = index
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()


@contextmanager
def _executor(workers: int, scheduler: str | None, tasks: int) -> Iterator[tuple[Executor, int]]:
    if scheduler is None:
        # More processes than chunks would have nothing to do.
        width = max(1, min(workers or os.cpu_count() or 1, tasks))
        with _processes(width) as pool:
            yield pool, width
        return
    # Only a scan on a cluster needs it.
    from distributed import Client

    with Client(scheduler, timeout="20s", set_as_default=False) as client:
        width = max(1, sum(client.nthreads().values()))
        with client.get_executor(pure=False, retries=_RESTARTS) as pool:
            yield pool, width


def _processes(width: int) -> Executor:
    """Return a pool of processes that Ctrl-C ends without a word: the process that waits for them says what there is to say."""
    # Started here, because the start would let interrupts through later.
    resource_tracker.ensure_running()
    return ProcessPoolExecutor(width, mp_context=get_context("spawn"), initializer=_end_on_interrupt)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; processes started meanwhile hold it back until they say otherwise."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_on_interrupt() -> None:
    """Let Ctrl-C end this process at once."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _compute_point(study: Study, values: Mapping[str, float]) -> FloatArray:
    settings, groups = _settings(study.document, values)
    if study.quantity == "sensitivity":
        wanted = study.document["sensitivity"]
        limit = sensitivity(
            wanted["coupling"],
            level=wanted.get("level", 0.90),
            profile=wanted.get("profile", ()),
            frequencies=study.frequencies,
            **settings,
            **groups,
        )
        return np.array([limit.negative, limit.positive, limit.magnitude])
    run: Experiment = experiment(frequencies=study.frequencies, **settings)
    if study.quantity == "events":
        return run.counts(**groups)
    return run.spectrum(np.array(study.axes[-1].values), **groups)


def _settings(document: Mapping[str, Any], values: Mapping[str, float]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings of the experiment and the coupling groups at one grid point."""
    atom, neutrinos = document.get("atom", {}), document.get("neutrinos", {})
    exposure = {key: value for key, value in document.get("exposure", {}).items() if key != "frequencies"}
    settings: dict[str, Any] = {("exposure_days" if key == "days" else key): value for key, value in exposure.items()}
    settings.update({("atom" if key == "name" else key): value for key, value in atom.items()})
    settings.update(neutrinos)
    settings.update({key: value for key, value in values.items() if key in ("lightest_mass", "exposure_days")})
    groups: dict[str, dict[str, Any]] = {
        name: dict(document[name]) for name in (*_MEDIATOR_NUMBERS, "electromagnetic") if name in document
    }
    couplings = {**document.get("couplings", {}), **{k: v for k, v in values.items() if "[" in k}}
    for name, value in couplings.items():
        coupling = Coupling.parse(name)
        group = groups.setdefault(coupling.group, {})
        group[coupling.name] = group.get(coupling.name, 0) + coupling.matrix(value, 3)
    for name, value in values.items():
        if "." in name and "[" not in name:
            group_name, entry = name.split(".")
            groups.setdefault(group_name, {})[entry] = value
    for name, group in groups.items():
        for electron in electron_couplings(name)[:1]:
            group.setdefault(electron, 1.0)
    return settings, groups


def _checked_study(data: Mapping[str, Any]) -> Study:
    _check_names("", data)
    _check_choice("", data, "quantity", required=True)
    for section in _FIELDS:
        if section in ("", "axis") or section not in data:
            continue
        if not isinstance(data[section], Mapping):
            raise ValueError(f"[{section}]: expected a table, got {data[section]!r}")
        _check_section(section, data[section])
    if "title" in data and not isinstance(data["title"], str):
        raise ValueError(f"title: expected text, got {data['title']!r}")
    if "chunk" in data:
        _check_whole("chunk", data["chunk"], 1)
    for name, value in _table(data, "couplings").items():
        Coupling.parse(name).matrix(0.0, 3)
        _check_number(f"[couplings] {name}", value)
    axes = tuple(_checked_axis(i, entry) for i, entry in enumerate(data.get("axis", ()), start=1))
    study = Study(data, tuple(sorted(axes, key=lambda axis: axis.parameter == "photon_energy")))
    _check_together(study)
    return study


def _check_together(study: Study) -> None:
    document, names = study.document, [axis.parameter for axis in study.axes]
    if len(set(names)) != len(names):
        raise ValueError("axis: a parameter is given twice")
    has_energy = "photon_energy" in names
    if has_energy != (study.quantity == "spectral_function"):
        raise ValueError(
            "axis: an axis over 'photon_energy' belongs to the quantity 'spectral_function' and to it alone"
        )
    if (study.quantity == "sensitivity") != ("sensitivity" in document):
        raise ValueError("[sensitivity]: give this table with the quantity 'sensitivity' and with it alone")
    if "sensitivity" in document and "coupling" not in document["sensitivity"]:
        raise ValueError("[sensitivity] coupling: missing")
    scanned = {name.split(".")[0] for name in names if "." in name}
    wanted = document.get("sensitivity", {})
    targets = [t for t in (wanted.get("coupling"), *wanted.get("profile", ())) if t]
    # Values of one parameter in two places would be added up.
    as_couplings([*_table(document, "couplings"), *(name for name in names if "[" in name)])
    as_couplings(targets)
    used = scanned | {Coupling.parse(name).group for name in (*_table(document, "couplings"), *targets)}
    for group in sorted(used & set(_MEDIATOR_NUMBERS)):
        if "mass" not in document.get(group, {}) and f"{group}.mass" not in names:
            raise ValueError(f"[{group}] mass: missing, needed for the couplings of {group!r}")
    if study.points * study.row > _MOST_POINTS:
        raise ValueError(f"axis: the grid has more than {_MOST_POINTS:.0e} values")


def _check_section(section: str, table: Mapping[str, Any]) -> None:
    if section == "couplings":
        return
    _check_names(section, table)
    for key, value in table.items():
        label = f"[{section}] {key}"
        if (section, key) in _CHOICES:
            _check_choice(section, table, key)
        elif (section, key) == ("atom", "name"):
            _check_member(label, value, ATOMS)
        elif (section, key) == ("neutrinos", "oscillation"):
            _check_member(label, value, OSCILLATION_SETS)
        elif (section, key) == ("sensitivity", "coupling"):
            _check_coupling(label, value)
        elif (section, key) == ("sensitivity", "profile"):
            for entry in _list(label, value):
                _check_coupling(label, entry)
        elif (section, key) in (("exposure", "frequencies"), ("neutrinos", "majorana_phases")):
            for entry in _list(label, value):
                _check_number(label, entry)
        else:
            _check_number(label, value)


def _checked_axis(position: int, entry: Any) -> Axis:
    if not isinstance(entry, Mapping):
        raise ValueError(f"axis: expected [[axis]] tables, got {entry!r}")
    label = f"[[axis]] {position}"
    unknown = set(entry) - set(_FIELDS["axis"])
    if unknown:
        raise ValueError(f"{label}: unknown field {sorted(unknown)[0]!r}, allowed are {', '.join(_FIELDS['axis'])}")
    parameter = entry.get("parameter")
    if not isinstance(parameter, str):
        raise ValueError(f"{label} parameter: expected the name of a parameter, got {parameter!r}")
    _check_parameter(label, parameter)
    has_values, ends = "values" in entry, [key for key in ("start", "stop", "number") if key in entry]
    if has_values == bool(ends) or len(ends) not in (0, 3):
        raise ValueError(f"{label}: give either values or start, stop and number")
    if has_values:
        values = [_check_number(f"{label} values", value) for value in _list(f"{label} values", entry["values"])]
        if not values:
            raise ValueError(f"{label} values: expected at least one")
    else:
        start, stop = (_check_number(f"{label} {key}", entry[key]) for key in ("start", "stop"))
        number = _check_whole(f"{label} number", entry["number"], 1)
        if number > _MOST_ON_AXIS:
            raise ValueError(f"{label} number: expected a whole number from 1 to {_MOST_ON_AXIS}, got {number}")
        _check_choice("axis", entry, "spacing")
        if entry.get("spacing", "linear") == "log":
            if not (start > 0 and stop > 0):
                raise ValueError(f"{label}: logarithmic spacing needs positive ends, got {start!r} and {stop!r}")
            values = np.geomspace(start, stop, number).tolist()
        else:
            values = np.linspace(start, stop, number).tolist()
    if len(set(values)) != len(values):
        raise ValueError(f"{label}: a value is given twice")
    return Axis(parameter, tuple(values))


def _check_parameter(label: str, parameter: str) -> None:
    if parameter in _PLAIN_AXES:
        return
    if "[" in parameter:
        _check_coupling(f"{label} parameter", parameter)
        return
    group, _, entry = parameter.partition(".")
    if entry not in _MEDIATOR_NUMBERS.get(group, ()):
        numbers = [f"{g}.{n}" for g, entries in _MEDIATOR_NUMBERS.items() for n in entries]
        allowed = ", ".join([*_PLAIN_AXES, *numbers])
        raise ValueError(
            f"{label} parameter: unknown {parameter!r}, allowed are {allowed} and couplings like vector.g_L[1,1]"
        )


def _check_coupling(label: str, value: Any) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{label}: expected the name of a coupling, got {value!r}")
    try:
        Coupling.parse(value).matrix(0.0, 3)
    except ValueError as error:
        raise ValueError(f"{label}: {error}") from error


def _check_names(section: str, table: Mapping[str, Any]) -> None:
    unknown = sorted(set(table) - set(_FIELDS[section]))
    if unknown:
        where = f"[{section}]: " if section else ""
        raise ValueError(f"{where}unknown field {unknown[0]!r}, allowed are {', '.join(_FIELDS[section])}")


def _check_choice(section: str, table: Mapping[str, Any], key: str, *, required: bool = False) -> None:
    allowed = _CHOICES[section, key]
    if key not in table and not required:
        return
    if table.get(key) not in allowed:
        where = f"[{section}] " if section else ""
        raise ValueError(f"{where}{key}: expected one of {', '.join(allowed)}, got {table.get(key)!r}")


def _check_member(label: str, value: Any, known: Iterable[str]) -> None:
    names = list(known)
    if value not in names:
        raise ValueError(f"{label}: expected one of {', '.join(names)}, got {value!r}")


def _check_number(label: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise ValueError(f"{label}: expected {_NUMBER}, got {value!r}")
    return float(value)


def _check_whole(label: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{label}: expected a whole number of at least {least}, got {value!r}")
    return value


def _list(label: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{label}: expected a list, got {value!r}")
    return value


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise ValueError(f"[{name}]: expected a table, got {table!r}")
    return table


def _require(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            source = "zarr" if module == "zarr" else "'renp[scan]'"
            raise ImportError(f"scan: {module} is not installed; pip install {source}")


def _open_parts(parts: Path, study: Study, *, fresh: bool) -> None:
    mark = parts / "study.json"
    if parts.exists():
        if _fingerprint_in(mark) == study.fingerprint:
            return
        if not fresh and any(not (entry == mark or entry.name.startswith(".")) for entry in parts.iterdir()):
            raise ValueError(
                f"output: {str(parts)!r} holds chunks of another study or other files; "
                "take another name or ask for a fresh run"
            )
        shutil.rmtree(parts)
    parts.mkdir()
    text = json.dumps({"fingerprint": study.fingerprint, "study": study.document}, sort_keys=True, indent=1)
    _replace(mark, lambda scratch: scratch.write_text(text + "\n", encoding="utf-8"))


def _fingerprint_in(mark: Path) -> object:
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found.get("fingerprint") if isinstance(found, dict) else None


def _part(parts: Path, index: int) -> Path:
    return parts / f"{index:08d}.npy"


def _save_part(parts: Path, index: int, rows: FloatArray) -> None:
    def write(scratch: Path) -> None:
        with scratch.open("wb") as stream:
            np.save(stream, rows)
            stream.flush()
            os.fsync(stream.fileno())

    _replace(_part(parts, index), write)


def _load_part(parts: Path, study: Study, index: int) -> FloatArray | None:
    path = _part(parts, index)
    if not path.is_file():
        return None
    first = index * study.chunk_points
    expected = (min(study.chunk_points, study.points - first), study.row)
    try:
        rows = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError):
        return None
    return rows if rows.shape == expected and rows.dtype == np.float64 else None


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(scratch)
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _write_dataset(study: Study, parts: Path, target: Path) -> None:
    values = np.empty((study.points, study.row))
    for index in range(study.chunks):
        rows = _load_part(parts, study, index)
        if rows is None:
            raise OSError(f"chunk {index} in {str(parts)!r} has vanished; run the scan again")
        first = index * study.chunk_points
        values[first : first + len(rows)] = rows
    data = _dataset(study, values)
    scratch = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        if target.suffix == ".nc":
            data.to_netcdf(scratch, engine="h5netcdf")
        else:
            data.to_zarr(scratch, mode="w", consolidated=False)
            if target.exists():
                shutil.rmtree(target)
        os.replace(scratch, target)
    finally:
        if scratch.is_dir():
            shutil.rmtree(scratch)
        else:
            scratch.unlink(missing_ok=True)


def _dataset(study: Study, values: FloatArray) -> xarray.Dataset:
    # Importing it takes a second, and only the last step needs it.
    import xarray

    shape = tuple(len(axis.values) for axis in study.outer)
    names = tuple(axis.dimension for axis in study.outer)
    coordinates: dict[str, Any] = {
        axis.dimension: (
            axis.dimension,
            np.array(axis.values),
            {"units": axis.unit, "long_name": axis.parameter},
        )
        for axis in study.axes
    }
    variables: dict[str, Any] = {}
    if study.quantity == "spectral_function":
        about = {"units": "1", "long_name": "spectral function"}
        variables["spectral_function"] = ((*names, "photon_energy"), values.reshape(*shape, study.row), about)
    elif study.quantity == "events":
        coordinates["photon_energy"] = (
            "photon_energy",
            np.array(study.frequencies),
            {"units": "eV", "long_name": "photon energy of the exposure"},
        )
        about = {"units": "1", "long_name": "expected photons"}
        variables["events"] = ((*names, "photon_energy"), values.reshape(*shape, study.row), about)
    else:
        coupling = Coupling.parse(study.document["sensitivity"]["coupling"])
        texts = (
            "lower end of the interval around zero",
            "upper end of the interval around zero",
            "both signs excluded above",
        )
        for column, (name, text) in enumerate(zip(("negative", "positive", "magnitude"), texts, strict=True)):
            about = {"units": coupling.unit, "long_name": f"{coupling}: {text}"}
            variables[name] = (names, values[:, column].reshape(shape), about)
    about_all = {
        "title": str(study.document.get("title", "")),
        "quantity": study.quantity,
        "study": json.dumps(study.document, sort_keys=True),
        "fingerprint": study.fingerprint,
        "source_hash": source_hash(),
        "backend": renp_generated.backend(),
        "renp_version": version("renp"),
        "numpy_version": version("numpy"),
        "python_version": platform.python_version(),
    }
    # Old HDF5 layers cannot store an empty text.
    return xarray.Dataset(variables, coordinates, {key: text for key, text in about_all.items() if text})


def _fingerprint_of(path: Path) -> str | None:
    import xarray

    try:
        with xarray.open_dataset(path, engine="h5netcdf" if path.suffix == ".nc" else "zarr") as data:
            found = data.attrs.get("fingerprint")
    except (OSError, ValueError):
        return None
    return None if found is None else str(found)
