/* Spectral functions of the radiative emission of neutrino pairs: evaluation of a prepared plan.
 *
 * A plan is a flat array of doubles that holds everything that does not depend on the photon energy; see spectral.c for
 * its layout. Plans come from Python: renp_generated.prepare(...).plan. Store the array as 64-bit floating-point numbers,
 * numpy.asarray(plan, dtype=numpy.float64).tofile("plan.bin"), and read it here; renp_check_plan says whether it arrived
 * whole. A plan belongs to the spectral.c of the package that made it: renp_layout and renp_sets tell two of them apart.
 */
#ifndef RENP_SPECTRAL_H
#define RENP_SPECTRAL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Evaluate n photon energies [eV] into out. Every result depends on its own photon energy alone, bit for bit.
 * Returns 0, or k > 0 when omega[k-1] is not inside (0, (E_eg - K)/2) with the imprinted momentum K, or k < 0 when the result at omega[-k-1] is not finite.
 * On k != 0 the contents of out are unspecified. */
ptrdiff_t renp_evaluate(const double *plan, size_t n, const double *omega, double *out);

/* Return 0 when an array of this length is a well-formed plan, 1 when it is not. */
int renp_check_plan(const double *plan, size_t length);

/* Return the instruction set that run-time dispatch chose: "avx512f", "avx2" or "baseline". */
const char *renp_instruction_set(void);

/* Fingerprints of the layout of plans and of the sets of weights with straight-line code. */
const char *renp_layout(void);
const char *renp_sets(void);

#ifdef __cplusplus
}
#endif
#endif
