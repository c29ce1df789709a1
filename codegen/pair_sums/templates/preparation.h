/* Spectral functions I(omega) of the radiative emission of neutrino pairs, |e> -> |g> + gamma + nu_i nubar_j, from physical
 * arguments: @TITLES@.
 *
 *   renp_arguments a = {0};                        (in C++: renp_arguments a = {};)
 *   a.E_eg = 2.14349; ...
 *   int code = renp_spectral_function(&a, n, omega, value);
 *   if (code) puts(renp_message(code));
 *
 * For many calls with the same arguments, fold them once into a plan and evaluate it as often as needed:
 *
 *   size_t room = renp_plan_room(a.n_masses, a.n_levels + a.n_crossed);
 *   double *plan = malloc(room * sizeof *plan);    (or any other memory)
 *   code = renp_prepare(&a, plan, room);
 *   if (!code) renp_evaluate(plan, n, omega, value);
 *
 * All functions may be called from several threads at once. A plan holds copies of all numbers: the arguments may change or
 * go once it is made. It is that of prepare(...) in Python, bit for bit, and so is the spectral function.
 *
 * Matrices are n_masses x n_masses complex numbers, row by row, the real part before the imaginary part: entry (i, j) sits at
 * 2 (n_masses i + j). That is the layout of `double complex a[n][n]` in C and of an array of std::complex<double> in C++.
 * Fortran stores columns first: pass the transpose, which for a Hermitian matrix is the complex conjugate. Matrices that
 * are said to be Hermitian must be so up to @HERMITIAN_TOLERANCE@ of their largest entry. A NULL matrix is zero.
 */
#ifndef RENP_SPECTRAL_H
#define RENP_SPECTRAL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RENP_DIRAC = 0, RENP_MAJORANA = 1 };
enum { RENP_M1 = 0, RENP_E1 = 1 };
@CHOICES@

@GROUPS@
/* The arguments; what is zero is off. */
typedef struct {
  /* energy of the excited above the ground state [eV]; like all energies, masses and widths @ENERGIES@ */
  double E_eg;
  /* number of intermediate states, from 1 to @MOST_LEVELS@ */
  size_t n_levels;
  /* n_levels energies of the intermediate states above the ground state [eV], each above E_eg */
  const double *E_vg;
  /* n_levels real c_v: the amplitude is sum_v c_v / (E_vg[v] - omega); NULL with one level: c = 1 */
  const double *intermediate_amplitudes;
  /* number of neutrinos, from 1 to @MOST_MASSES@ */
  size_t n_masses;
  /* n_masses neutrino masses [eV], or 0 */
  const double *masses;
  /* RENP_DIRAC or RENP_MAJORANA, the same for all neutrinos: Majorana next to Dirac is out of scope */
  int nature;
  /* RENP_M1 (electron spin) or RENP_E1 (electron dipole) */
  int pair_step;
  /* length of the dipole of the E1 pair step [Bohr radii], not 0 then; not used with RENP_M1 */
  double dipole_length;
  /* 3 x 3 complex Hermitian T_kl of unit trace, q along z, stored as the matrices; rate = T_kl A^k A^l*; NULL: identity/3 */
  const double *atomic_tensor;
  /* M1 operator of every vector current of the electron: RENP_SPIN, 2S only, or RENP_FULL, L + 2S; 0: RENP_SPIN. An
   * RENP_E1 step does not feel it. The m1 of a group, if it is not 0, goes before it. */
  int m1;
  /* momentum K [eV] that the excitation left in the target, along +z, where the pair goes for K = 0; 0, or of size
   * @ENERGIES@ and below E_eg: q_z = omega + K, s = (E_eg - omega)^2 - (omega + K)^2 */
  double imprinted_momentum;
  /* number of intermediate states that the photon leads to first; with n_levels at most @MOST_LEVELS@ */
  size_t n_crossed;
  /* n_crossed energies of these states above the ground state [eV], each above E_eg, and real c_u: the amplitude has
   * sum_u c_u / (E_vg[u] - q0) beside the sum over v, q0 = E_eg - omega; both NULL without such states */
  const double *crossed_E_vg;
  const double *crossed_amplitudes;
@FIELDS@
} renp_arguments;

/* What the functions below return: 0, or the code of the first argument that is wrong. */
enum {
  RENP_OK = 0,
@CODES@
  /* RENP_BAD_ENTRY + k: entry k of the interactions, as said beside it. */
  RENP_BAD_ENTRY = @FIRST_ENTRY@
};

/* Return one line about a code: which argument it is about and what is allowed. */
const char *renp_message(int code);

/* Return how many doubles renp_prepare needs, for all interactions at once; 0 when a number is out of range. The levels are
 * those of both orders of the steps, n_levels + n_crossed. */
size_t renp_plan_room(size_t n_masses, size_t n_levels);

/* Check and fold the arguments into a plan. `room` is the length of `plan` in doubles. Returns 0 or a code; plan[0] is 0
 * then, which renp_check_plan refuses. Needs at most @STACK@ kB of stack, and frees what it allocates. */
int renp_prepare(const renp_arguments *arguments, double *plan, size_t room);

/* Return the length of a prepared plan, which is below its room: the numbers to keep or to write to a file. */
size_t renp_plan_length(const double *plan);

/* Evaluate n photon energies [eV], each in (0, (E_eg - imprinted_momentum)/2), into out: dimensionless, exactly 0 above every threshold.
 * Returns 0 or a code; on a code every out[k] is NaN. Allocates room for the plan and frees it. */
int renp_spectral_function(const renp_arguments *arguments, size_t n, const double *omega, double *out);

/* Evaluation of a plan, from renp_prepare or from prepare(...).plan of the Python package with the same interactions. */

@EVALUATION@
#ifdef __cplusplus
}
#endif
#endif
