/* Spectral functions of the radiative emission of neutrino pairs: evaluation of programs.
 *
 * A program says what is summed, as whole numbers and constants; the numbers of a call, in the program's order, are its arguments.
 * Both come from Python, from renp_generated/runtime/structure.py and numbers.py. A plan is a program with one set of numbers,
 * everything folded that does not depend on the photon energy: renp_generated.prepare(...).plan.
 */
#ifndef RENP_SPECTRAL_H
#define RENP_SPECTRAL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Return how many doubles the plan of a program takes. */
size_t renp_length_of_plan(const int *code);

/* Fold one set of numbers into a plan. Returns 0, or 1 without memory. */
int renp_fold(const int *code, const double *constants, const double *numbers, double *plan);

/* Return 0 when an array of this length is a plan, 1 when it is not. */
int renp_check_plan(const double *plan, size_t length);

/* Evaluate n photon energies [eV] into out. Every result depends on its own photon energy alone, bit for bit.
 * Returns 0, or k > 0 when omega[k-1] is not inside (0, (E_eg - K)/2) with the imprinted momentum K, or k < 0 when the result at
 * omega[-k-1] is not finite. On k != 0 the contents of out are unspecified. */
ptrdiff_t renp_evaluate(const double *plan, size_t n, const double *omega, double *out);

/* Evaluate the parameter sets from `first` to `end` of `sets`, number k of set x at numbers[sets k + x], at n photon energies into
 * out[n x + energy], the same bits as one by one. Photon energies and results are not checked. Returns 0, or 1 without memory. */
int renp_batch(const int *code, const double *constants, size_t sets, const double *numbers, size_t first, size_t end, size_t n,
               const double *omega, double *out);

/* Derivatives of the parameter sets from `first` to `end` of `sets` at n photon energies each, omega[n x + energy] of set x. Without
 * weights (NULL) all of them: by number k at out[size (n x + energy) + k]. With weight[n x + energy] those of the weighted sum over
 * energies: at out[size x + k]. Those by the photon energies are at out_omega[n x + energy]. Returns 0, or 1 without memory. */
int renp_gradients(const int *code, const double *constants, size_t sets, const double *numbers, size_t first, size_t end, size_t n,
                   const double *omega, const double *weight, double *out, double *out_omega);

/* Return the instruction set that run-time dispatch chose: "avx512", "avx2" or "baseline". The environment variable
 * RENP_INSTRUCTION_SET may ask for a lower one; no bit of a result depends on it. */
const char *renp_instruction_set(void);

/* Fingerprint of the layout of programs and plans. */
const char *renp_layout(void);

#ifdef __cplusplus
}
#endif
#endif
