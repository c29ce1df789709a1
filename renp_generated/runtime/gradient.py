"""Derivatives: under construction."""

from __future__ import annotations

from typing import Any


class SpectralGradient:
    """Derivatives."""


def prepared(*arguments: Any) -> SpectralGradient:
    """Return derivatives."""
    raise NotImplementedError
