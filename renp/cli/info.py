"""``renp info``: versions, what is installed, and which evaluator is active."""

from __future__ import annotations

from renp.output.terminal import print_table

__all__ = ["info_command", "installed_version"]


def info_command() -> None:
    """Show versions, what is installed and which evaluator is active.

    Example:  renp info
    """
    import platform
    from importlib.util import find_spec

    from renp_generated import backend

    rows = [("renp", installed_version("renp")), ("active evaluator", backend()), ("Python", platform.python_version())]
    rows += [(package, installed_version(package)) for package in ("numpy", "scipy", "sympy", "mpmath", "matplotlib")]
    for package, module, extra in (
        ("python-flint", "flint", "certify"),
        ("xarray", "xarray", "scan"),
        ("dask", "dask", "scan"),
        ("jax", "jax", "jax"),
        ("hypothesis", "hypothesis", "testing"),
        ("iminuit", "iminuit", "minuit"),
    ):
        found = installed_version(package) if find_spec(module) else f"not installed (pip install 'renp[{extra}]')"
        rows.append((package, found))
    print_table(("package", "version"), rows)


def installed_version(package: str) -> str:
    """Return the version of an installed package, or that it is not installed.

    Example
    -------
    >>> installed_version("no-such-package")
    'not installed'
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
