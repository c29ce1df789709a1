"""Draw the picture of the README: the Yb spectrum near threshold, both orderings, both natures.

Run from anywhere: ``python docs/readme_picture.py``. It writes ``docs/_static/threshold_spectrum.png``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from renp.output.files import write_files
from renp.rates.emission import NATURES
from renp.rates.spectra import spectrum
from renp.studies.figures.plotting import Panel, figure_bytes, plot_spectra

TARGET = Path(__file__).parent / "_static" / "threshold_spectrum.png"
LIGHTEST = 0.01
SETS = {"normal": "nufit-6.0-no", "inverted": "nufit-6.0-io"}


def main() -> None:
    omega = np.linspace(1.0670, 1.07173, 4001)
    panels = [
        Panel(
            tuple(
                (nature.capitalize(), spectrum("Yb", lightest=LIGHTEST, omega=omega, oscillation=name, nature=nature))
                for nature in NATURES
            ),
            heading=f"{ordering} ordering",
        )
        for ordering, name in SETS.items()
    ]
    title = f"Yb, lightest mass {LIGHTEST:g} eV; thresholds of the pairs $\\nu_i\\nu_j$ on top"
    write_files({TARGET: figure_bytes(plot_spectra(panels, title=title), "png")})


if __name__ == "__main__":
    main()
