"""Scan parameters, on a laptop or a cluster: the session of docs/howto/scan_cluster.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys
from pathlib import Path


def save(name: str, text: str) -> None:
    """Write a file of the page."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text.removeprefix("\n"), encoding="utf-8")


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


# Write a study
save(
    "vector.toml",
    """
title = "Reach for a vector mediator"
quantity = "sensitivity"          # or "spectral_function", "events"
chunk = 24                        # grid points per chunk; optional

[neutrinos]
nature = "majorana"

[sensitivity]
coupling = "vector.g_L[1,1]"
level = 0.95

[[axis]]
parameter = "exposure_days"
values = [1, 40, 1600]

[[axis]]
parameter = "vector.mass"
start = 1e-3
stop = 1e3
number = 73
spacing = "log"
""",
)

sh("sed 's/exposure_days/exposure_day/' vector.toml > typo.toml")
sh("renp scan typo.toml --out typo.nc", code=2)

# Run it
sh("renp scan vector.toml --out vector.nc")

sh("renp scan vector.toml --out vector.nc")

# Interactions of your own
save(
    "axial_boson.toml",
    """
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "mass", width = "width" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d_A", bilinear = "gamma(mu) gamma5" } ]
""",
)

save(
    "own.toml",
    """
quantity = "events"
interactions = ["axial_boson.toml", "second=axial_boson.toml"]

[second]
mass = 0.2

[couplings]
"second.d_A[2,2]" = 1e-24

[[axis]]
parameter = "axial_boson.d_A[1,1]"
values = [0.0, 1e-24, 1e-23]
""",
)

sh("renp scan own.toml --set axial_boson.mass=2 --out own.nc")

import json

import xarray

import renp

with xarray.open_dataset("own.nc", engine="h5netcdf") as result:
    print(result.attrs["interactions"], result.attrs["interaction_hashes"])
    model = renp.Model.from_texts(json.loads(result.attrs["study"])["interactions"])
print(model)

# Use the result
data = xarray.open_dataset("vector.nc", engine="h5netcdf")
for name, values in data.data_vars.items():
    print(f"{name}: {values.long_name} [{values.units}]")
print("provenance:", *sorted(data.attrs))

import matplotlib.pyplot as plt

plt.style.use("seaborn-v0_8-colorblind")
by_exposure, by_mass = data.magnitude.dims
figure, panel = plt.subplots(figsize=(7, 4), layout="constrained")
for days, line in zip(data[by_exposure].values, ("-", "--", ":"), strict=True):
    panel.loglog(data[by_mass], data.magnitude.sel({by_exposure: days}), line, label=f"{days:g}")
panel.set(xlabel="mediator mass [eV]", ylabel=r"limit on $|g_A\,g_{L,11}|$, 95 %")
panel.legend(title="days at each\nphoton energy")
figure.savefig("reach.png", dpi=150)

# On a cluster
from distributed import LocalCluster

cluster = LocalCluster(
    n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", scheduler_port=18786, dashboard_address=None
)

sh("renp scan vector.toml --out again.nc --scheduler tcp://127.0.0.1:18786")

cluster.close()
again = xarray.open_dataset("again.nc", engine="h5netcdf")
print("the same bits:", (again.magnitude.values == data.magnitude.values).all())
