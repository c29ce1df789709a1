"""The electron in the atom: non-relativistic operators, E1 and M1, and the chain ``J_e -> J_v -> J_g``.

Stage: atomic states and a photon polarisation in, exact SymPy matrices, rationals and named derivations out.
The modules are loaded on first use, so that importing this package does not import SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from derivations.atom.selection import (
    AtomicState,
    Transition,
    is_metastable,
    require_chain,
    require_parity,
    transition_type,
)
from derivations.steps.step import Derivation

if TYPE_CHECKING:
    from derivations.atom.bilinears import bilinear_rows, bilinear_table
    from derivations.atom.excitation import prepared_coherence, three_photon_coherence, two_photon_coherence
    from derivations.atom.gauge import gauge_derivation, gauge_difference, single_state_gauge_ratio
    from derivations.atom.hamiltonian import hamiltonian_derivation
    from derivations.atom.intermediate import (
        intermediate_states_derivation,
        single_state_ratio,
        two_state_amplitudes,
    )
    from derivations.atom.intermediate_coupling import intermediate_coupling_derivation, mixed_spin_factor
    from derivations.atom.ls_coupling import (
        core_coupled_spin_factor,
        ls_coupling_derivation,
        magnetic_moment_ratio,
        spin_factor,
    )
    from derivations.atom.multipoles import multipole_derivation
    from derivations.atom.prepared import coherence_bound, preparation_strength, prepared_amplitude, unit_preparations
    from derivations.atom.prepared_states import prepared_states_derivation, standard_preparation
    from derivations.atom.quadrupole import quadrupole_allowed, quadrupole_derivation, quadrupole_over_magnetic
    from derivations.atom.tensor import (
        atomic_tensor,
        atomic_tensor_derivation,
        averaged_tensor,
        incoherent_tensor,
        tensor_coefficients,
    )
    from derivations.atom.wigner_eckart import selection_rules_derivation

__all__ = [
    "ATOM_DERIVATIONS",
    "AtomicState",
    "Transition",
    "atomic_tensor",
    "atomic_tensor_derivation",
    "averaged_tensor",
    "bilinear_rows",
    "bilinear_table",
    "coherence_bound",
    "core_coupled_spin_factor",
    "gauge_derivation",
    "gauge_difference",
    "hamiltonian_derivation",
    "incoherent_tensor",
    "intermediate_coupling_derivation",
    "intermediate_states_derivation",
    "is_metastable",
    "ls_coupling_derivation",
    "magnetic_moment_ratio",
    "mixed_spin_factor",
    "multipole_derivation",
    "preparation_strength",
    "prepared_amplitude",
    "prepared_coherence",
    "prepared_states_derivation",
    "quadrupole_allowed",
    "quadrupole_derivation",
    "quadrupole_over_magnetic",
    "require_chain",
    "require_parity",
    "selection_rules_derivation",
    "single_state_gauge_ratio",
    "single_state_ratio",
    "spin_factor",
    "standard_preparation",
    "tensor_coefficients",
    "three_photon_coherence",
    "transition_type",
    "two_photon_coherence",
    "two_state_amplitudes",
    "unit_preparations",
]

_HOMES = {
    "atomic_tensor": "tensor",
    "atomic_tensor_derivation": "tensor",
    "averaged_tensor": "tensor",
    "bilinear_rows": "bilinears",
    "bilinear_table": "bilinears",
    "coherence_bound": "prepared",
    "core_coupled_spin_factor": "ls_coupling",
    "gauge_derivation": "gauge",
    "gauge_difference": "gauge",
    "hamiltonian_derivation": "hamiltonian",
    "incoherent_tensor": "tensor",
    "intermediate_coupling_derivation": "intermediate_coupling",
    "intermediate_states_derivation": "intermediate",
    "ls_coupling_derivation": "ls_coupling",
    "magnetic_moment_ratio": "ls_coupling",
    "mixed_spin_factor": "intermediate_coupling",
    "multipole_derivation": "multipoles",
    "preparation_strength": "prepared",
    "prepared_amplitude": "prepared",
    "prepared_coherence": "excitation",
    "prepared_states_derivation": "prepared_states",
    "quadrupole_allowed": "quadrupole",
    "quadrupole_derivation": "quadrupole",
    "quadrupole_over_magnetic": "quadrupole",
    "selection_rules_derivation": "wigner_eckart",
    "single_state_gauge_ratio": "gauge",
    "single_state_ratio": "intermediate",
    "spin_factor": "ls_coupling",
    "standard_preparation": "prepared_states",
    "tensor_coefficients": "tensor",
    "three_photon_coherence": "excitation",
    "two_photon_coherence": "excitation",
    "two_state_amplitudes": "intermediate",
    "unit_preparations": "prepared",
}


if not TYPE_CHECKING:
    # A type checker reads the imports above: to it, a misspelled name would be Any.
    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def _deferred(module: str, function: str) -> Callable[[], Derivation]:
    def derive() -> Derivation:
        derivation: Derivation = getattr(import_module(module), function)()
        return derivation

    return derive


ATOM_DERIVATIONS: Mapping[str, Callable[[], Derivation]] = MappingProxyType(
    {
        "hamiltonian": _deferred("derivations.atom.hamiltonian", "hamiltonian_derivation"),
        "bilinears": _deferred("derivations.atom.bilinears", "bilinear_table"),
        "multipoles": _deferred("derivations.atom.multipoles", "multipole_derivation"),
        "both_orders": _deferred("derivations.atom.both_orders", "both_orders_derivation"),
        "selection_rules": _deferred("derivations.atom.wigner_eckart", "selection_rules_derivation"),
        "ls_coupling": _deferred("derivations.atom.ls_coupling", "ls_coupling_derivation"),
        "atomic_tensor": _deferred("derivations.atom.tensor", "atomic_tensor_derivation"),
        "prepared_states": _deferred("derivations.atom.prepared_states", "prepared_states_derivation"),
        "intermediate_states": _deferred("derivations.atom.intermediate", "intermediate_states_derivation"),
        "intermediate_coupling": _deferred(
            "derivations.atom.intermediate_coupling", "intermediate_coupling_derivation"
        ),
        "gauge": _deferred("derivations.atom.gauge", "gauge_derivation"),
        "quadrupole": _deferred("derivations.atom.quadrupole", "quadrupole_derivation"),
    }
)
"""Name of a derivation on the electron's side -> function that returns it; modules are loaded when it is called."""
