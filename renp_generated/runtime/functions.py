"""The functions of one set of interactions: what a generated package and a model in memory have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import exact, gradient
from .arguments import FIXED, REQUIRED, Inputs, checked, choice, photon_energies, real_number
from .batch import Batch, Progress, stacked
from .evaluator import SpectralEvaluator, prepared
from .exact import ExactEvaluator
from .gradient import SpectralGradient
from .memory import remembered
from .tables import Group, Tables


@dataclass(frozen=True, eq=False)
class SpectralFunctions:
    """All evaluators of a set of interactions; keywords are E_eg, E_vg, masses, ... and those of the groups.

    Attributes
    ----------
    groups : what the interactions offer; the group without a keyword holds plain arguments.
    tables : the tables of a pair step, by its name.
    """

    groups: tuple[Group, ...]
    tables: Mapping[str, Tables]

    def spectral_function(self, /, omega: Any, **arguments: Any) -> Any:
        """Return I(omega), same shape as ``omega`` [eV], float64; exactly 0 above every threshold."""
        return self.prepare(**arguments)(omega)

    def prepare(self, /, **arguments: Any) -> SpectralEvaluator:
        """Return a reusable evaluator; the last ones are kept, so that equal arguments give the same one again."""

        def made() -> SpectralEvaluator:
            inputs = self.checked_inputs(**arguments)
            return prepared(self.tables[inputs.pair_step], inputs)

        return remembered(self, (*arguments, *arguments.values()), made)

    def spectral_batch(
        self, /, omega: Any, *, threads: int = 1, progress: Progress | None = None, **arguments: Any
    ) -> Any:
        """Return I(omega) of many parameter sets, shape (leading axes of the arguments, then those of ``omega``)."""
        return self.prepare_batch(**arguments)(omega, threads=threads, progress=progress)

    def spectral_batch_gradient(
        self,
        /,
        omega: Any,
        *,
        weights: Any = None,
        threads: int = 1,
        progress: Progress | None = None,
        **arguments: Any,
    ) -> dict[str, Any]:
        """Return the derivatives of I(omega) of many parameter sets, or of its weighted sums over omega."""
        return self.prepare_batch(**arguments).gradient(omega, weights=weights, threads=threads, progress=progress)

    def prepare_batch(self, /, **arguments: Any) -> Batch:
        """Return a reusable batch: what is the same for all parameter sets, checked once."""
        pair_step = choice("pair_step", arguments.get("pair_step", "M1"), tuple(self.tables))
        stack = stacked(self.groups, self.checked_inputs, arguments)
        return Batch(self.tables[pair_step], self.groups, stack, self.checked_inputs, self.spectral_function)

    def spectral_function_exact(self, /, omega: float, *, number: Any, root: Any, **arguments: Any) -> Any:
        """Return I(omega) at one photon energy in the arithmetic of ``number`` and ``root``."""
        evaluator = self.prepare_exact(number=number, root=root, **arguments)
        inputs, energy = evaluator.inputs, real_number("omega", omega, "eV")
        return evaluator(float(photon_energies(energy, inputs.E_eg, inputs.imprinted_momentum)))

    def prepare_exact(self, /, *, number: Any, root: Any, **arguments: Any) -> ExactEvaluator:
        """Return a reusable evaluator in the arithmetic of ``number`` and ``root``."""
        inputs = self.checked_inputs(**arguments)
        return exact.prepared(self.tables[inputs.pair_step], inputs, number, root)

    def spectral_gradient(self, /, omega: Any, **arguments: Any) -> dict[str, Any]:
        """Return the derivatives of I(omega) with respect to all real parameters."""
        return self.prepare_gradient(**arguments)(omega)

    def prepare_gradient(self, /, **arguments: Any) -> SpectralGradient:
        """Return reusable derivatives: the arguments checked and folded once."""
        inputs = self.checked_inputs(**arguments)
        return gradient.prepared(self.tables[inputs.pair_step], self.groups, inputs)

    def checked_inputs(self, /, **arguments: Any) -> Inputs:
        """Return the checked arguments as a frozen record.

        Raises ``ValueError`` or ``TypeError`` with one line that names the argument, what was found and what is allowed.
        """
        plain = {a.name: a.default for group in self.groups if not group.keyword for a in group.arguments}
        keywords = [group.keyword for group in self.groups if group.keyword]
        needed = (name for name, default in plain.items() if default is None)
        missing = [name for name in (*REQUIRED, *needed) if name not in arguments]
        if missing:
            raise TypeError(f"the argument {missing[0]} is missing")
        allowed = (*FIXED, *plain, *keywords)
        unknown = [name for name in arguments if name not in allowed]
        if unknown:
            raise TypeError(f"there is no argument {unknown[0]!r}; allowed are {', '.join(allowed)}")

        def chosen(names: Iterable[str]) -> Mapping[str, Any]:
            return {name: arguments.get(name) for name in names}

        fixed = {name: value for name, value in arguments.items() if name in FIXED}
        return checked(self.groups, plain=chosen(plain), mappings=chosen(keywords), **fixed)
