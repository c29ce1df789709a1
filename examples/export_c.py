"""Evaluate from C, C++ or Fortran: the session of docs/howto/export_c.md, as one script.

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


sh("renp generate --target c --out .")

# From C
save(
    "main.c",
    r"""
#include <stdio.h>
#include "spectral.h"

int main(void) {
  const double E_vg = 2.23072, masses[3] = {0.01, 0.0132, 0.0515};
  /* real and imaginary parts, row by row; a_ij = U_ei^* U_ej - delta_ij / 2 */
  const double axial[18] = {0.2, 0,     0.45, 0.05, -0.05, 0.1,
                            0.45, -0.05, -0.2, 0,   0.02, 0.07,
                            -0.05, -0.1, 0.02, -0.07, -0.48, 0};
  const double g_L[18] = {1e-12, 0, 0, 0, 0, 0,
                          0, 0, 1e-12, 0, 0, 0,
                          0, 0, 0, 0, 1e-12, 0};
  const double omega[3] = {1.05, 1.06, 1.07};
  double value[3];
  renp_arguments a = {0};
  a.E_eg = 2.14349;
  a.n_levels = 1;
  a.E_vg = &E_vg;
  a.n_masses = 3;
  a.masses = masses;
  a.nature = RENP_MAJORANA;
  a.axial = axial;
  a.vector.mass = 3.0;
  a.vector.g_A = 1e-11;
  a.vector.g_L = g_L;

  const int code = renp_spectral_function(&a, 3, omega, value);
  if (code) {
    fprintf(stderr, "%s\n", renp_message(code));
    return 1;
  }
  for (int k = 0; k < 3; k++) printf("%.17g\n", value[k]);
  return 0;
}
""",
)

sh("cc -std=c99 -O3 -fno-math-errno -ffp-contract=off -c spectral.c")
sh("cc -std=c99 main.c spectral.o -o main -lm")
sh("./main")

import numpy as np

import renp_generated

upper = np.array([[0, 0.45 + 0.05j, -0.05 + 0.1j], [0, 0, 0.02 + 0.07j], [0, 0, 0]])
evaluator = renp_generated.prepare(
    E_eg=2.14349,
    E_vg=2.23072,
    masses=[0.01, 0.0132, 0.0515],
    axial=upper + upper.conj().T + np.diag([0.2, -0.2, -0.48]),
    nature="majorana",
    vector={"mass": 3.0, "g_A": 1e-11, "g_L": 1e-12 * np.eye(3)},
)
for value in evaluator([1.05, 1.06, 1.07]):
    print(f"{value:.17g}")

sh("sed 's/{0.01, /{-0.01, /' main.c > wrong.c")
sh("cc -std=c99 wrong.c spectral.o -o wrong -lm")
sh("./wrong", code=1)

# From C++
save(
    "main.cpp",
    r"""
#include <complex>
#include <cstdio>
#include "spectral.h"

int main() {
  const double E_vg = 2.23072, masses[3] = {0.01, 0.0132, 0.0515}, omega[3] = {1.05, 1.06, 1.07};
  std::complex<double> axial[3][3] = {{0.2, {0.45, 0.05}, {-0.05, 0.1}},
                                      {{0.45, -0.05}, -0.2, {0.02, 0.07}},
                                      {{-0.05, -0.1}, {0.02, -0.07}, -0.48}};
  std::complex<double> g_L[3][3] = {{1e-12, 0.0, 0.0}, {0.0, 1e-12, 0.0}, {0.0, 0.0, 1e-12}};
  double value[3];
  renp_arguments a = {};
  a.E_eg = 2.14349;
  a.n_levels = 1;
  a.E_vg = &E_vg;
  a.n_masses = 3;
  a.masses = masses;
  a.nature = RENP_MAJORANA;
  a.axial = reinterpret_cast<const double *>(axial);
  a.vector.mass = 3.0;
  a.vector.g_A = 1e-11;
  a.vector.g_L = reinterpret_cast<const double *>(g_L);

  const int code = renp_spectral_function(&a, 3, omega, value);
  if (code) {
    std::fprintf(stderr, "%s\n", renp_message(code));
    return 1;
  }
  for (double number : value) std::printf("%.17g\n", number);
}
""",
)

sh("c++ -O3 main.cpp spectral.o -o main_cpp -lm")
sh("./main_cpp")

# From Fortran
save(
    "main.f90",
    """
program main
  use renp_spectral
  implicit none
  real(c_double), target :: E_vg(1) = [2.23072d0], masses(3) = [0.01d0, 0.0132d0, 0.0515d0]
  complex(c_double_complex), target :: axial(3, 3) = 0, g_L(3, 3) = 0
  real(c_double) :: omega(3) = [1.05d0, 1.06d0, 1.07d0], value(3)
  type(renp_arguments) :: a
  integer(c_int) :: code
  integer :: k

  axial(1, 2) = (0.45d0, 0.05d0)
  axial(1, 3) = (-0.05d0, 0.1d0)
  axial(2, 3) = (0.02d0, 0.07d0)
  axial = axial + conjg(transpose(axial))
  axial(1, 1) = 0.2d0
  axial(2, 2) = -0.2d0
  axial(3, 3) = -0.48d0
  axial = transpose(axial)
  do k = 1, 3
    g_L(k, k) = 1d-12
  end do

  a%E_eg = 2.14349d0
  a%n_levels = 1
  a%E_vg = c_loc(E_vg)
  a%n_masses = 3
  a%masses = c_loc(masses)
  a%nature = RENP_MAJORANA
  a%axial = c_loc(axial)
  a%vector%mass = 3
  a%vector%g_A = 1d-11
  a%vector%g_L = c_loc(g_L)

  code = renp_spectral_function(a, 3_c_size_t, omega, value)
  if (code /= 0) then
    print "(a)", renp_message(code)
    stop 1
  end if
  print "(es24.16)", value
end program
""",
)

sh("gfortran -O3 spectral.f90 main.f90 spectral.o -o main_fortran -lm")
sh("./main_fortran")
