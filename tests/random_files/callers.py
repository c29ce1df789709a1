"""Callers of the exported C code in C, C++ and Fortran: they read a case as numbers and print the result's bits."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

CHOICES = {"spin": 1, "full": 2, "feynman": 0, "unitary": 1, "dirac": 0, "majorana": 1, "M1": 0, "E1": 1}

C_CALLER = r"""
#include <stdio.h>
#include <stdlib.h>
#include "spectral.h"

static double next(void)
{
  double value;
  if (fread(&value, sizeof value, 1, stdin) != 1) exit(9);
  return value;
}

/* An array after its length, which has exactly its room: what reads beyond it is found. NULL when the length is negative. */
static double *array(void)
{
  const double length = next();
  if (length < 0) return NULL;
  double *values = (double *)malloc((size_t)length * sizeof *values);
  for (size_t k = 0; k < (size_t)length; k++) values[k] = next();
  return values;
}

int main(void)
{
  for (int cases = (int)next(); cases > 0; cases--) {
    renp_arguments a = @ZERO@;
    double *kept[@ARRAYS@];
    size_t n_kept = 0;
    a.E_eg = next();
    a.n_levels = (size_t)next();
    a.E_vg = kept[n_kept++] = array();
    a.intermediate_amplitudes = kept[n_kept++] = array();
    a.n_masses = (size_t)next();
    a.masses = kept[n_kept++] = array();
    a.nature = (int)next();
    a.pair_step = (int)next();
    a.dipole_length = next();
    a.atomic_tensor = kept[n_kept++] = array();
    a.m1 = (int)next();
    a.imprinted_momentum = next();
    a.n_crossed = (size_t)next();
    a.crossed_E_vg = kept[n_kept++] = array();
    a.crossed_amplitudes = kept[n_kept++] = array();
@FIELDS@
    const size_t n = (size_t)next();
    double *omega = (double *)malloc(n * sizeof *omega), *out = (double *)malloc(n * sizeof *out);
    for (size_t k = 0; k < n; k++) omega[k] = next();
    int code = renp_spectral_function(&a, n, omega, out);
    const size_t room = renp_plan_room(a.n_masses, a.n_levels + a.n_crossed);
    double *plan = (double *)malloc(room * sizeof *plan);
    if (!code) code = renp_prepare(&a, plan, room);
    if (!code && renp_check_plan(plan, renp_plan_length(plan))) code = -1;
    if (code) {
      fprintf(stderr, "code %d: %s\n", code, code > 0 ? renp_message(code) : "not a plan");
      return 1;
    }
    fwrite(out, sizeof *out, n, stdout);
    if (renp_evaluate(plan, n, omega, out)) return 2;
    fwrite(out, sizeof *out, n, stdout);
    free(plan);
    free(omega);
    free(out);
    while (n_kept) free(kept[--n_kept]);
  }
  return 0;
}
"""

FORTRAN_CALLER = """
program main
  use renp_spectral
  implicit none
  type(renp_arguments) :: a
  real(c_double), allocatable, target :: number(:)
  real(c_double), allocatable :: omega(:), value(:)
  real(c_double) :: one
  integer(c_int) :: code
  integer :: cases, n, place

  open (unit=10, file="numbers", access="stream", form="unformatted", status="old")
  open (unit=11, file="found", access="stream", form="unformatted", status="replace")
  read (10) one
  do cases = 1, int(one)
    place = 0
    if (allocated(number)) deallocate (number)
    allocate (number(100000))
    a = renp_arguments()
    read (10) a%E_eg
    read (10) one
    a%n_levels = int(one, c_size_t)
    a%E_vg = array()
    a%intermediate_amplitudes = array()
    read (10) one
    a%n_masses = int(one, c_size_t)
    a%masses = array()
    a%nature = whole()
    a%pair_step = whole()
    read (10) a%dipole_length
    a%atomic_tensor = array()
    a%m1 = whole()
    read (10) a%imprinted_momentum
    a%n_crossed = int(whole(), c_size_t)
    a%crossed_E_vg = array()
    a%crossed_amplitudes = array()
@FIELDS@
    n = whole()
    allocate (omega(n), value(n))
    read (10) omega
    code = renp_spectral_function(a, int(n, c_size_t), omega, value)
    if (code /= 0) then
      print "(a)", renp_message(code)
      stop 1
    end if
    write (11) value
    deallocate (omega, value)
  end do

contains

  function whole() result(found)
    integer(c_int) :: found
    read (10) one
    found = int(one, c_int)
  end function

  function array() result(address)
    type(c_ptr) :: address
    integer :: length
    address = c_null_ptr
    read (10) one
    length = int(one)
    if (length < 0) return
    read (10) number(place + 1:place + length)
    address = c_loc(number(place + 1))
    place = place + length
  end function
end program
"""


def paths(declarations: str, groups: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Return ``(path of the field, keyword of the group, name of the entry)`` of every entry, by position.

    ``declarations`` are the C header or the Fortran module: fields stand in the order of the package's groups, and what they
    are called is the export's business.
    """
    structures: dict[str, list[tuple[str, str]]] = {}
    if "typedef struct {" in declarations:
        for body, name in re.findall(r"typedef struct \{\n(.*?)\n\} (\w+);", declarations, re.DOTALL):
            structures[name] = re.findall(r"^  ((?:const )?\w+) \*?(\w+);$", body, re.MULTILINE)
    else:
        for name, body in re.findall(r"type, bind\(c\) :: (\w+)\n(.*?)end type", declarations, re.DOTALL):
            structures[name] = re.findall(r"(?:type|real|integer)\((\w+)\) :: (\w+)", body)
    top = structures["renp_arguments"]
    start = [name.lower() for _, name in top].index("crossed_amplitudes") + 1
    fields = [(name, structures.get(kind)) for kind, name in top[start:]]
    own = iter([name for name, inner in fields if inner is None])
    inner = iter([[f"{name}.{entry}" for _, entry in inner] for name, inner in fields if inner is not None])
    found = []
    for group in groups:
        names = [argument.name for argument in group.arguments]
        here = next(inner) if group.keyword else [next(own) for _ in names]
        found += [(path, group.keyword, name) for path, name in zip(here, names, strict=True)]
    return found


def caller(template: str, declarations: str, groups: Sequence[Any], *, zero: str = "{0}") -> str:
    """Return the source of a caller for a package's groups."""
    kinds = {(group.keyword, argument.name): argument.kind for group in groups for argument in group.arguments}
    lines = []
    for path, keyword, name in paths(declarations, groups):
        kind = kinds[keyword, name]
        if template is FORTRAN_CALLER:
            target = "a%" + path.replace(".", "%")
            value = {"matrix": "array()", "general": "array()", "choice": "whole()"}.get(kind)
            lines.append(f"    {target} = {value}" if value else f"    read (10) {target}")
        else:
            kept = "kept[n_kept++] = array()"
            value = {"matrix": kept, "general": kept, "choice": "(int)next()"}.get(kind, "next()")
            lines.append(f"    a.{path} = {value};")
    return (
        template.replace("@FIELDS@", "\n".join(lines)).replace("@ZERO@", zero).replace("@ARRAYS@", str(len(lines) + 10))
    )


def stream(groups: Sequence[Any], arguments: Mapping[str, Any], omega: np.ndarray) -> bytes:
    """Return the numbers that a caller reads for one case; matrices row by row, in whatever language."""

    def array(values: Any) -> list[float]:
        if values is None:
            return [-1.0]
        numbers = np.asarray(values)
        if numbers.ndim == 2:
            flat = np.ascontiguousarray(numbers.astype(complex)).view(float).reshape(-1)
        else:
            flat = np.atleast_1d(numbers).astype(float)
        return [float(flat.size), *flat.tolist()]

    def number(value: Any) -> float:
        return float(CHOICES[value] if isinstance(value, str) else value)

    levels = np.atleast_1d(arguments["E_vg"])
    numbers = [arguments["E_eg"], levels.size, *array(levels), *array(arguments.get("intermediate_amplitudes"))]
    numbers += [len(arguments["masses"]), *array(arguments["masses"])]
    numbers += [number(arguments["nature"]), number(arguments["pair_step"]), arguments["dipole_length"]]
    numbers += [*array(arguments.get("atomic_tensor")), number(arguments.get("m1", 0))]
    numbers.append(arguments.get("imprinted_momentum", 0.0))
    crossed = arguments.get("crossed") or {"E_vg": [], "amplitudes": []}
    numbers += [len(crossed["E_vg"]), *(x for key in ("E_vg", "amplitudes") for x in array(crossed[key] or None))]
    for group in groups:
        entries = arguments.get(group.keyword, {}) if group.keyword else arguments
        for argument in group.arguments:
            value = entries.get(argument.name)
            numbers += array(value) if argument.is_matrix else [number(value or 0.0)]
    numbers += [omega.size, *omega.tolist()]
    return struct.pack(f"={len(numbers)}d", *map(float, numbers))
