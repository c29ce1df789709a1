"""What a measurement leaves behind: its numbers and a picture, complete or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renp.output.files import write_files
from renp.studies.figures.plotting import figure_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_data(directory: Path, name: str, data: Mapping[str, Any]) -> None:
    """Write ``name.json``."""
    directory.mkdir(parents=True, exist_ok=True)
    write_files({directory / f"{name}.json": _text(data)})


def write_results(directory: Path, name: str, data: Mapping[str, Any], figure: Figure) -> None:
    """Write ``name.json`` and ``name.png``."""
    directory.mkdir(parents=True, exist_ok=True)
    write_files({directory / f"{name}.json": _text(data), directory / f"{name}.png": figure_bytes(figure, "png")})


def _text(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=1) + "\n").encode()
