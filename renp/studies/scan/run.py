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
import threading
import tomllib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from math import isfinite, prod
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import renp_generated
from derivations.interactions.toml_lines import FieldPath, field_lines
from renp.inputs.atoms import ATOMS
from renp.inputs.benchmarks import MEDIATOR_FREQUENCIES
from renp.inputs.oscillation import OSCILLATION_SETS
from renp.output.files import check_output_paths, naming, real_path, turn
from renp.output.trees import exchange
from renp.rates.experiment import Experiment, experiment
from renp.statistics.couplings import Coupling, as_couplings, electron_couplings
from renp.studies.sensitivity import sensitivity

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import xarray

__all__ = ["QUANTITIES", "Axis", "Study", "compute_chunk", "load_study", "parse_study", "run_scan", "source_hash"]

FloatArray = NDArray[np.float64]

QUANTITIES: Final[dict[str, str]] = {
    "spectral_function": "dimensionless spectral function I(omega); needs an axis over photon_energy",
    "events": "expected photons at each photon energy of the exposure",
    "sensitivity": "limits on one coupling",
}
"""What a scan can compute."""

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
_LONGEST_TITLE: Final = 1000
_MARK: Final = "study.json"
_OWN_PARTS: Final = re.compile(
    r"study\.json|\d{8,}\.npy|\.(?:study\.json|\d{8,}\.npy)\.\d+\.tmp|result\.(?:nc|zarr)|former\.zarr"
)
_OWN_ZARR: Final = re.compile(r"zarr\.json|\.z(?:group|attrs|metadata|array)|c|\d+(?:\.\d+)*")
"""Names of the files of a Zarr store, versions 2 and 3."""
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
        chosen = int(self.document.get("chunk", max(1, _CHUNK_VALUES[self.quantity] // self.row)))
        return min(chosen, self.points)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.points // self.chunk_points)

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
            "checks.py",
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
    for entry in sorted(files("renp").joinpath("inputs", "data").iterdir(), key=lambda e: e.name):
        if entry.name in ("atoms.toml", "oscillation.toml"):
            digest.update(entry.read_bytes())
    return digest.hexdigest()


def load_study(path: str | os.PathLike[str]) -> Study:
    """Read and check a study file.

    Raises
    ------
    ValueError : the file is not valid TOML, or a field is unknown, missing or out of range; one line with file, line,
        field, what was found and what is allowed.
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
    ValueError: study:2: colour: unknown field, allowed are title, quantity, chunk, atom, neutrinos, exposure, ...
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not valid TOML: {_one_line(str(error))}") from error
    except RecursionError:
        raise ValueError(f"{name}: not valid TOML: nested too deeply") from None
    except ValueError:
        # Python reads integers of at most some thousand digits.
        raise ValueError(f"{name}: not valid TOML: a number with too many digits") from None
    try:
        study = _checked_study(data)
        _check_ends(study)
    except ValueError as error:
        place = f":{_line(text, error.path)}" if isinstance(error, _FieldError) else ""
        raise ValueError(f"{name}{place}: {error}") from error
    return study


def _line(text: str, path: FieldPath) -> int:
    """Return the line of a field, or of what should hold it."""
    lines, _ = field_lines(text.replace("\r\n", "\n"))
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


def compute_chunk(document: Mapping[str, Any], index: int) -> FloatArray:
    """Return chunk ``index`` of a study, shape (outer points of the chunk, values per point).

    Parameters
    ----------
    document : :attr:`Study.document`; plain data, so that it can be sent to any worker.
    index : chunk number from 0.

    Raises
    ------
    ValueError : not the document of a study, no such chunk, or a point that cannot be computed.
    TypeError : an argument of another type.

    Example
    -------
    >>> study = parse_study('quantity = "events"\\n[[axis]]\\nparameter = "lightest_mass"\\nvalues = [0.0, 0.01]')
    >>> compute_chunk(study.document, 0).shape
    (2, 3)
    """
    if not isinstance(document, Mapping):
        raise TypeError(f"document: expected the document of a study, got {type(document).__name__}")
    study = _checked_study(document)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < study.chunks:
        raise ValueError(f"index: expected a chunk number from 0 to {study.chunks - 1}, got {_shown(index)}")
    shape = tuple(len(axis.values) for axis in study.outer)
    first = index * study.chunk_points
    last = min(first + study.chunk_points, study.points)
    rows = []
    for flat in range(first, last):
        place = np.unravel_index(flat, shape) if shape else ()
        values = {axis.parameter: axis.values[int(at)] for axis, at in zip(study.outer, place, strict=True)}
        rows.append(_row(study, values))
    return np.stack(rows)


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
    output : ``.nc`` or ``.zarr``, followed if it is a symbolic link. While the scan runs, finished chunks lie in
        ``<output>.parts``.
    workers : number of processes, 0 for one per core; ignored with ``scheduler``. They end with this one, however it ends.
    scheduler : address of a running Dask scheduler, for example ``"tcp://host:8786"``.
    fresh : throw away chunks and output of another study instead of refusing; what no scan has written stays.
    progress : called with the number of finished chunks and of all chunks.

    Returns
    -------
    The path of the output.

    Raises
    ------
    ValueError : another suffix, a scheduler that is no address, a point of the grid that cannot be computed, or the output
        or its chunks belong to another study.
    TypeError : an argument of another type.
    OSError : a file cannot be written, another scan writes to this output, the scheduler does not answer.
    ImportError : a package for labelled data or for clusters is not installed.
    """
    target = _checked_arguments(study, output, workers, scheduler)
    _require("xarray", "h5netcdf" if target.suffix == ".nc" else "zarr", *(("distributed",) if scheduler else ()))
    place = _Place(real_path(target), target.suffix)
    if _is_complete(place, study, fresh=fresh) and not place.parts.is_dir():
        return target
    with _taken(place):
        # Another scan may have ended in between.
        if not _is_complete(place, study, fresh=fresh):
            _open_parts(place.parts, study, fresh=fresh)
            missing = [i for i in range(study.chunks) if _load_part(place.parts, study, i) is None]
            finished = study.chunks - len(missing)
            if progress is not None:
                progress(finished, study.chunks)
            with closing(_computed(study.document, missing, workers, scheduler)) as chunks:
                for index, rows in chunks:
                    _save_part(place.parts, index, rows)
                    finished += 1
                    if progress is not None:
                        progress(finished, study.chunks)
            _write_dataset(study, place)
        if _fingerprint_in(place.parts / _MARK) == study.fingerprint:
            _clear(place.parts)
    return target


def _checked_arguments(study: Study, output: object, workers: object, scheduler: object) -> Path:
    if not isinstance(study, Study):
        raise TypeError(f"study: expected what load_study returns, got {type(study).__name__}")
    if not isinstance(output, (str, os.PathLike)):
        raise TypeError(f"output: expected a path, got {type(output).__name__}")
    target = Path(output)
    if target.suffix not in (".nc", ".zarr"):
        raise ValueError(f"output: expected a name ending in .nc or .zarr, got {target.name!r}")
    if scheduler is not None and not (isinstance(scheduler, str) and _ADDRESS.fullmatch(scheduler)):
        raise ValueError(f"scheduler: expected an address like tcp://host:8786, got {_shown(scheduler)}")
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise TypeError(f"workers: expected a whole number, got {_shown(workers)}")
    if workers < 0:
        raise ValueError(f"workers: expected 0 (all cores) or more, got {_shown(workers)}")
    if not target.parent.is_dir():
        raise ValueError(f"output: directory {str(target.parent)!r} does not exist")
    return target


def _computed(
    document: Mapping[str, Any], missing: list[int], workers: int, scheduler: str | None
) -> Generator[tuple[int, FloatArray], None, None]:
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


@contextmanager
def _processes(width: int) -> Iterator[Executor]:
    """Open a pool of processes that end with this one, or at once when the work is interrupted, without a word."""
    # Started here, because the start would let interrupts through later.
    resource_tracker.ensure_running()
    context = get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(width, mp_context=context, initializer=_end_with, initargs=(reader,))
    with reader, writer, pool:
        try:
            yield pool
        except BaseException:
            # Otherwise the pool would wait for chunks that nobody takes.
            writer.close()
            raise


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; processes started meanwhile hold it back for good."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(reader: Connection) -> None:
    """End this process when nobody holds the other end of the pipe any more: the parent closed it or is gone."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            reader.recv_bytes()
        os._exit(1)

    # The parent says what there is to say about Ctrl-C, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


def _row(study: Study, values: Mapping[str, float]) -> FloatArray:
    try:
        return _compute_point(study, values)
    except (ValueError, TypeError) as error:
        where = ", ".join(f"{name} = {value!r}" for name, value in values.items())
        raise ValueError(f"at {where}: {error}" if where else str(error)) from error


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


class _FieldError(ValueError):
    """What is wrong with one field of a study."""

    path: FieldPath = ()

    @classmethod
    def at(cls, path: FieldPath, text: str) -> _FieldError:
        """Return the error; made here, so that one can be sent from a worker."""
        error = cls(_one_line(f"{_label(path)}: {text}"))
        error.path = path
        return error


def _label(path: FieldPath) -> str:
    """Write a path as it stands in a study: ``title``, ``[neutrinos] nature``, ``[[axis]] 1 values``."""
    words = [f"[[axis]] {part + 1}" if isinstance(part, int) else part for part in path]
    if path[0] == "axis" and len(path) > 1:
        words = words[1:]
    elif len(path) > 1 or path[0] in (set(_FIELDS) | {"couplings"}) - {"axis"}:
        words[0] = f"[{path[0]}]"
    return " ".join(words)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _shown(value: object) -> str:
    """Return what a message shows of a value: something short, even of a number with more digits than Python prints."""
    try:
        text = repr(value)
    except ValueError:
        return "a number with too many digits"
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"


def _checked_study(data: Mapping[str, Any]) -> Study:
    _check_names((), data)
    _check_choice(("quantity",), data.get("quantity"))
    for section in _FIELDS:
        if section not in ("", "axis", "couplings") and section in data:
            _check_section(section, _table(data, section))
    if "title" in data:
        _check_title(data["title"])
    if "chunk" in data:
        _check_whole(("chunk",), data["chunk"], _MOST_POINTS)
    for name, value in _table(data, "couplings").items():
        _check_coupling(("couplings", name), name)
        _check_number(("couplings", name), value)
    entries = _list(("axis",), data.get("axis", []))
    axes = tuple(_checked_axis(("axis", i), entry) for i, entry in enumerate(entries))
    study = Study(data, tuple(sorted(axes, key=lambda axis: axis.parameter == "photon_energy")))
    _check_together(study)
    return study


def _check_title(title: object) -> None:
    # Old and new HDF5 layers store a plain line; neither stores a NUL.
    if not isinstance(title, str) or not title.isprintable() or len(title) > _LONGEST_TITLE:
        allowed = f"one line of at most {_LONGEST_TITLE} printable characters"
        raise _FieldError.at(("title",), f"expected {allowed}, got {_shown(title)}")


def _check_together(study: Study) -> None:
    document, names = study.document, [axis.parameter for axis in study.axes]
    if len(set(names)) != len(names):
        raise _FieldError.at(("axis",), "a parameter is given twice")
    has_energy = "photon_energy" in names
    if has_energy != (study.quantity == "spectral_function"):
        raise _FieldError.at(
            ("axis",), "an axis over 'photon_energy' belongs to the quantity 'spectral_function' and to it alone"
        )
    if (study.quantity == "sensitivity") != ("sensitivity" in document):
        raise _FieldError.at(("sensitivity",), "give this table with the quantity 'sensitivity' and with it alone")
    if "sensitivity" in document and "coupling" not in document["sensitivity"]:
        raise _FieldError.at(("sensitivity", "coupling"), "missing")
    scanned = {name.split(".")[0] for name in names if "." in name}
    wanted = document.get("sensitivity", {})
    targets = [t for t in (wanted.get("coupling"), *wanted.get("profile", ())) if t]
    # Values of one parameter in two places would be added up.
    as_couplings([*_table(document, "couplings"), *(name for name in names if "[" in name)])
    as_couplings(targets)
    used = scanned | {Coupling.parse(name).group for name in (*_table(document, "couplings"), *targets)}
    for group in sorted(used & set(_MEDIATOR_NUMBERS)):
        if "mass" not in document.get(group, {}) and f"{group}.mass" not in names:
            raise _FieldError.at((group, "mass"), f"missing, needed for the couplings of {group!r}")
    if study.points * study.row > _MOST_POINTS:
        raise _FieldError.at(("axis",), f"the grid has more than {_MOST_POINTS:.0e} values")


def _check_section(section: str, table: Mapping[str, Any]) -> None:
    _check_names((section,), table)
    for key, value in table.items():
        path = (section, key)
        if path in _CHOICES:
            _check_choice(path, value)
        elif path == ("atom", "name"):
            _check_member(path, value, ATOMS)
        elif path == ("neutrinos", "oscillation"):
            _check_member(path, value, OSCILLATION_SETS)
        elif path == ("sensitivity", "coupling"):
            _check_coupling(path, value)
        elif path == ("sensitivity", "profile"):
            for entry in _list(path, value):
                _check_coupling(path, entry)
        elif path in (("exposure", "frequencies"), ("neutrinos", "majorana_phases")):
            for entry in _list(path, value, least=1):
                _check_number(path, entry)
        else:
            _check_number(path, value)


def _check_ends(study: Study) -> None:
    """Compute the first and the last corner of the grid, so that a value out of range shows before the work is done."""
    for end in (min, max):
        corner = tuple(replace(axis, values=(end(axis.values),)) for axis in study.axes)
        values = {axis.parameter: axis.values[0] for axis in corner}
        _row(replace(study, axes=corner), values)


def _checked_axis(path: FieldPath, entry: Any) -> Axis:
    if not isinstance(entry, Mapping):
        raise _FieldError.at(("axis",), f"expected [[axis]] tables, got {_shown(entry)}")
    _check_names(path, entry)
    parameter = _checked_parameter((*path, "parameter"), entry.get("parameter"))
    has_values, ends = "values" in entry, [key for key in ("start", "stop", "number") if key in entry]
    if has_values == bool(ends) or len(ends) not in (0, 3):
        raise _FieldError.at(path, "give either values or start, stop and number")
    if "spacing" in entry:
        _check_choice(("axis", "spacing"), entry["spacing"], path)
    if has_values:
        where = (*path, "values")
        values = [_check_number(where, value) for value in _list(where, entry["values"], least=1)]
    else:
        start, stop = (_check_number((*path, key), entry[key]) for key in ("start", "stop"))
        number = _check_whole((*path, "number"), entry["number"], _MOST_ON_AXIS)
        if not isfinite(stop - start):
            raise _FieldError.at(path, f"start and stop are too far apart, got {start!r} and {stop!r}")
        logarithmic = entry.get("spacing") == "log"
        if logarithmic and not (start > 0 and stop > 0):
            raise _FieldError.at(path, f"logarithmic spacing needs positive ends, got {start!r} and {stop!r}")
        values = (np.geomspace if logarithmic else np.linspace)(start, stop, number).tolist()
    if len(set(values)) != len(values):
        raise _FieldError.at(path, "a value is given twice")
    return Axis(parameter, tuple(values))


def _checked_parameter(path: FieldPath, parameter: Any) -> str:
    if not isinstance(parameter, str):
        raise _FieldError.at(path, f"expected the name of a parameter, got {_shown(parameter)}")
    if "[" in parameter:
        _check_coupling(path, parameter)
        return parameter
    group, _, entry = parameter.partition(".")
    if parameter not in _PLAIN_AXES and entry not in _MEDIATOR_NUMBERS.get(group, ()):
        numbers = [f"{g}.{n}" for g, entries in _MEDIATOR_NUMBERS.items() for n in entries]
        allowed = ", ".join([*_PLAIN_AXES, *numbers])
        raise _FieldError.at(
            path, f"unknown {_shown(parameter)}, allowed are {allowed} and couplings like vector.g_L[1,1]"
        )
    return parameter


def _check_coupling(path: FieldPath, value: Any) -> None:
    if not isinstance(value, str):
        raise _FieldError.at(path, f"expected the name of a coupling, got {_shown(value)}")
    try:
        Coupling.parse(value).matrix(0.0, 3)
    except ValueError as error:
        raise _FieldError.at(path, str(error)) from error


def _check_names(path: FieldPath, table: Mapping[str, Any]) -> None:
    allowed = _FIELDS[str(path[0]) if path else ""]
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise _FieldError.at((*path, unknown[0]), f"unknown field, allowed are {', '.join(allowed)}")


def _check_choice(path: tuple[str, ...], value: object, inside: FieldPath | None = None) -> None:
    allowed = _CHOICES[("", *path)[-2], path[-1]]
    if value not in allowed:
        where = path if inside is None else (*inside, path[-1])
        raise _FieldError.at(where, f"expected one of {', '.join(allowed)}, got {_shown(value)}")


def _check_member(path: FieldPath, value: Any, known: Iterable[str]) -> None:
    names = list(known)
    if value not in names:
        raise _FieldError.at(path, f"expected one of {', '.join(names)}, got {_shown(value)}")


def _check_number(path: FieldPath, value: Any) -> float:
    try:
        number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise _FieldError.at(path, f"expected a finite number, got {_shown(value)}")
    return number


def _check_whole(path: FieldPath, value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise _FieldError.at(path, f"expected a whole number from 1 to {most}, got {_shown(value)}")
    return value


def _list(path: FieldPath, value: Any, *, least: int = 0) -> list[Any]:
    if not isinstance(value, list) or len(value) < least:
        raise _FieldError.at(path, f"expected a list{' of at least one' if least else ''}, got {_shown(value)}")
    return value


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise _FieldError.at((name,), f"expected a table, got {_shown(table)}")
    return table


def _require(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            source = "zarr" if module == "zarr" else "'renp[scan]'"
            raise ImportError(f"scan: {module} is not installed; pip install {source}")


@dataclass(frozen=True)
class _Place:
    """Where a scan writes: the real output, its kind, and the directory of chunks beside it."""

    output: Path
    suffix: str

    @property
    def parts(self) -> Path:
        return self.output.with_name(self.output.name + ".parts")

    @property
    def result(self) -> Path:
        """The new output until it is complete; the old one, once they have changed places."""
        return self.parts / f"result{self.suffix}"

    @property
    def former(self) -> Path:
        """The old output for the moment in which the new one takes its place."""
        return self.parts / f"former{self.suffix}"


@contextmanager
def _taken(place: _Place) -> Iterator[None]:
    """Keep other scans away from an output; a directory of chunks in which nothing was finished does not stay."""
    with ExitStack() as stack:
        while True:
            place.parts.mkdir(exist_ok=True)
            try:
                stack.enter_context(turn(place.parts, wait=False))
                break
            except BlockingIOError:
                raise OSError(f"output: another scan writes to {str(place.output)!r}") from None
            except FileNotFoundError:
                # Removed by the scan that has just ended.
                continue
        if not place.output.exists() and place.former.is_dir():
            # A scan was killed between the two steps of a replacement.
            os.rename(place.former, place.output)
        try:
            yield
        finally:
            with suppress(OSError):
                place.parts.rmdir()


def _is_complete(place: _Place, study: Study, *, fresh: bool) -> bool:
    """Return whether the output is there already; refuse one that must not be replaced."""
    if not place.output.exists():
        return False
    shown = f"output: {str(place.output)!r}"
    if place.suffix == ".nc":
        check_output_paths([place.output])
    elif not place.output.is_dir():
        raise ValueError(f"{shown} is no directory: take another name")
    stranger = _stranger(place.output, _OWN_ZARR) if place.suffix == ".zarr" else None
    found = None if stranger else _fingerprint_of(place.output, place.suffix)
    if not fresh:
        if found == study.fingerprint:
            return True
        raise ValueError(f"{shown} exists and is not this study; take another name or ask for a fresh run")
    if found is None and not (place.output.is_dir() and not any(place.output.iterdir())):
        what = f"holds {stranger!r}, which no scan has written" if stranger else "was not written by a scan"
        raise ValueError(f"{shown} {what}: a fresh run does not delete it; take another name")
    return False


def _stranger(directory: Path, own: re.Pattern[str]) -> str | None:
    """Return a file inside a directory that has another name than a scan gives to files."""
    for parent, _, names in os.walk(directory):
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_symlink() or not own.fullmatch(name):
                return str(path.relative_to(directory))
    return None


def _open_parts(parts: Path, study: Study, *, fresh: bool) -> None:
    found = _fingerprint_in(parts / _MARK)
    if found == study.fingerprint:
        return
    entries = sorted(entry.name for entry in parts.iterdir())
    strangers = [name for name in entries if not _OWN_PARTS.fullmatch(name)]
    chunks = [name for name in entries if name.endswith(".npy")]
    shown = f"output: {str(parts)!r}"
    if strangers or (chunks and found is None):
        name = (strangers or chunks)[0]
        raise ValueError(f"{shown} holds {name!r}, which no scan of a known study has written; take another name")
    if chunks and not fresh:
        raise ValueError(f"{shown} holds chunks of another study; take another name or ask for a fresh run")
    _clear(parts)
    text = json.dumps({"fingerprint": study.fingerprint, "study": study.document}, sort_keys=True, indent=1)
    _replace(parts / _MARK, (text + "\n").encode())


def _clear(parts: Path) -> None:
    """Remove what scans have written, the mark last."""
    own = [entry for entry in parts.iterdir() if _OWN_PARTS.fullmatch(entry.name)]
    for entry in sorted(own, key=lambda entry: entry.name == _MARK):
        _remove(entry)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fingerprint_in(mark: Path) -> object:
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found.get("fingerprint") if isinstance(found, dict) else None


def _part(parts: Path, index: int) -> Path:
    return parts / f"{index:08d}.npy"


def _save_part(parts: Path, index: int, rows: FloatArray) -> None:
    stream = BytesIO()
    np.save(stream, rows)
    _replace(_part(parts, index), stream.getbuffer())


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


def _replace(path: Path, content: bytes | memoryview) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with naming(path):
        try:
            _write_bytes(scratch, content)
            os.replace(scratch, path)
        finally:
            scratch.unlink(missing_ok=True)


def _write_bytes(path: Path, content: bytes | memoryview) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _netcdf(data: xarray.Dataset) -> memoryview:
    """Return a data set as the bytes of a file: the HDF5 library itself takes the process down when a disk is full."""
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    stream = BytesIO()
    with h5netcdf.File(stream, "w") as file:
        data.dump_to_store(H5NetCDFStore(file))
    return stream.getbuffer()


def _write_dataset(study: Study, place: _Place) -> None:
    chunks = []
    for index in range(study.chunks):
        rows = _load_part(place.parts, study, index)
        if rows is None:
            raise OSError(f"chunk {index} in {str(place.parts)!r} has vanished; run the scan again")
        chunks.append(rows)
    data = _dataset(study, np.concatenate(chunks))
    with naming(place.output):
        try:
            if place.suffix == ".nc":
                _write_bytes(place.result, _netcdf(data))
            else:
                data.to_zarr(place.result, mode="w", consolidated=False)
            _install(place)
        finally:
            # What a full disk has no room for, or the old output.
            _remove(place.result)


def _install(place: _Place) -> None:
    """Put the new output in place of the old one; at each moment one of them is complete under a name that is found again."""
    if place.output.is_dir():
        if exchange(place.result, place.output):
            return
        os.rename(place.output, place.former)
    os.replace(place.result, place.output)


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


def _fingerprint_of(path: Path, suffix: str) -> str | None:
    import xarray

    try:
        options: dict[str, Any] = {"consolidated": False} if suffix == ".zarr" else {}
        with xarray.open_dataset(path, engine="zarr" if options else "h5netcdf", **options) as data:
            found = data.attrs.get("fingerprint")
    except Exception:  # Libraries raise almost anything over a file of somebody else.
        return None
    return None if found is None else str(found)
