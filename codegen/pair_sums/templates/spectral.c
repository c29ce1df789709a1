/* Evaluation of spectral functions: what a program says, for photon energies or for parameter sets. C99; no dependencies but the
 * mathematical library.
 *
 *   I(omega) = A^2 / (c s) sum_{i<=j} count sqrt(t (t + 4 P)) [(t + 4 P) H_1 + t H_2]
 *
 * H_1 and H_2 are sums of weights times squares of amplitudes, see structure.py. Amplitudes are sums of factors times
 * coefficients, both of twice the precision of a double; the errors of all products and sums are carried to the end, so that
 * amplitudes that cancel keep their digits. Strips of N numbers run side by side: photon energies of one parameter set, whose
 * coefficients are the same for all, or parameter sets at one photon energy.
 *
 * Build with -O3 -fno-math-errno -fno-trapping-math -ffp-contract=off. Without contraction every operation rounds once as
 * IEEE 754 prescribes, and the error of a product is exact with fused multiply-adds as with Dekker's splitting: all instruction
 * sets and threads give the same bits.
 */
#if !defined(RENP_KERNEL)
#include "spectral.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Thresholds are sums of two numbers, which is lost where sums are reordered or intermediate results have more digits. */
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(_M_FP_FAST)
#error "build without -ffast-math and -fassociative-math (part of -Ofast and of -funsafe-math-optimizations)"
#endif
#if defined(__RECIPROCAL_MATH__)
#error "build without -freciprocal-math: divisions must round once"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "build without -ffinite-math-only: results that are not finite must be found"
#endif
#if defined(FLT_EVAL_METHOD) && (FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0)
#error "build for an arithmetic of doubles (on 32-bit x86 with -msse2 -mfpmath=sse): intermediate results must round to double"
#endif

/* No macro tells of gcc's -fsingle-precision-constant. */
typedef char build_without_single_precision_constants[sizeof 1.0 == sizeof(double) ? 1 : -1];

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
/* Clang has no macro that tells -fassociative-math. */
#if __clang_major__ >= 13
#pragma clang fp reassociate(off) contract(off)
#endif
#endif

#if defined(__GNUC__)
#define ALIGNED __attribute__((aligned(64)))
typedef int __attribute__((may_alias)) whole;
#else
#define ALIGNED
typedef int whole;
#endif
#if !defined(RENP_CLONES)
#if defined(__GNUC__) && defined(__x86_64__)
#define RENP_CLONES 1
#else
#define RENP_CLONES 0
#endif
#endif
#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#elif defined(__GNUC__) && defined(__aarch64__)
#include <arm_neon.h>
#endif

@LAYOUT@

/* Most lanes of a strip. */
enum { MOST = 64 };
enum { QZ, Q0, S, INVERSE_S, INVERSE_Q0, REAL, IMAGINARY, OPPOSITE, PRODUCT };
enum { UNIT = -1, NONE = -2 };
enum { ALONG, ACROSS, PLUS, MINUS, SCALAR, ONE };
enum { VECTOR_SQUARE, AXIAL_SQUARE, SCALAR_SQUARE, PSEUDOSCALAR_SQUARE };
enum { E_EG, MOMENTUM, DIVISOR, TENSOR, DIPOLE = 6, LEVELS };
enum { HEADER = 17, ROW = 3, WEIGHT = 6, SQUARE = 7, CHANNEL = 4, SLOT = 8 };
#define MAGIC 20261

enum { EMPTY, FIXED, VARIES };
enum { END = -1, ANY = 0 };

/* A program: header {magic, n, levels, crossed, place of masses, mediators, place of mediators, majorana, widths, moved, electric,
 * rows, weights, squares, channels, slots, numbers}; rows {operation, a, b}; weights, products to be added {weight, not the
 * first, start, powers of qz, q0, s}; squares {kind, weight, flipped weight, ratio, first, flipped, end}; channels {real, imaginary, first slot, end}; slots {electron, matrix,
 * imaginary, eta, mediator, longitudinal, d, M}. */
typedef struct {
  int n, levels, crossed, masses, mediators, first_mediator, majorana, widths, moved, electric;
  int n_rows, n_weights, n_squares, n_channels, n_slots, n_numbers;
  const whole *rows, *weights, *squares, *channels, *slots;
} Program;

static Program program_of(const whole *c)
{
  Program p;
  p.n = c[1];
  p.levels = c[2];
  p.crossed = c[3];
  p.masses = c[4];
  p.mediators = c[5];
  p.first_mediator = c[6];
  p.majorana = c[7];
  p.widths = c[8];
  p.moved = c[9];
  p.electric = c[10];
  p.n_rows = c[11];
  p.n_weights = c[12];
  p.n_squares = c[13];
  p.n_channels = c[14];
  p.n_slots = c[15];
  p.n_numbers = c[16];
  p.rows = c + HEADER;
  p.weights = p.rows + ROW * p.n_rows;
  p.squares = p.weights + WEIGHT * p.n_weights;
  p.channels = p.squares + SQUARE * p.n_squares;
  p.slots = p.channels + CHANNEL * p.n_channels;
  return p;
}

static size_t code_length(const Program *p)
{
  return (size_t)(HEADER + ROW * p->n_rows + WEIGHT * p->n_weights + SQUARE * p->n_squares + CHANNEL * p->n_channels) +
         (size_t)SLOT * (size_t)p->n_slots;
}

/* Folded numbers: E_eg + K in two parts; for each mediator its pole and M Gamma / 2 (E_eg + K), two parts each;
 * for each pair i <= j {high, low, 4 P, M, d}, for each channel {real part, imaginary part} in two parts each, for each square
 * the constants {kept, flips}. 
 * A script says for each pair what is not 0: {pattern, squares} of a pair whose squares are all constant in one of some patterns, or
 * {ANY, entries, END}; entries {square, FIXED} of a constant square, or {square, lists, lists times {n, n of flipped, for each term
 * {place of the coefficient, row}}}, see sum_of. */
enum { BASE = 2, POLE = 4, PAIR = 5, COEFFICIENT = 4, CONSTANT = 2 };

static size_t pairs_of(const Program *p) { return (size_t)p->n * (size_t)(p->n + 1) / 2; }

static size_t pair_length(const Program *p)
{
  return PAIR + COEFFICIENT * (size_t)p->n_channels + CONSTANT * (size_t)p->n_squares;
}

static size_t folded_length(const Program *p) { return BASE + POLE * (size_t)p->mediators + pairs_of(p) * pair_length(p); }

static size_t script_of_pair(const Program *p) { return 2 + 10 * (size_t)p->n_squares + 8 * (size_t)p->n_channels; }

static size_t scripts_length(const Program *p) { return pairs_of(p) * script_of_pair(p); }

/* ---- one kernel for every instruction set ---- */

typedef void Fold(const Program *, const double *, const double *, double *, whole *, double *);
typedef void Strip(const Program *, const double *, const double *, const whole *, const double *, double *, double *);
typedef ptrdiff_t Energies(const Program *, const double *, const double *, const whole *, double, size_t, const double *,
                           double *, double *);
typedef void Gradients(const Program *, const whole *, const double *, const double *, size_t, size_t, const double *,
                       const double *, double *, double *, double *);
typedef struct {
  const char *name;
  int lanes;
  Fold *fold_one, *fold_sets;
  Energies *energies;
  Strip *sets;
  Gradients *gradients;
} Kind;

#define WORDS_(name) #name
#define WORDS(name) WORDS_(name)

#define RENP_KERNEL baseline
#define TARGET
#define U 4
#if defined(__GNUC__) && defined(__x86_64__)
#define W 2
#define ROOT(a) ((V)_mm_sqrt_pd((__m128d)(a)))
#if defined(__FMA__)
#define FUSED(a, b, c) ((V)_mm_fmadd_pd((__m128d)(a), (__m128d)(b), (__m128d)(c)))
#endif
#elif defined(__GNUC__) && defined(__aarch64__)
#define W 2
#define ROOT(a) ((V)vsqrtq_f64((float64x2_t)(a)))
#define FUSED(a, b, c) ((V)vfmaq_f64((float64x2_t)(c), (float64x2_t)(a), (float64x2_t)(b)))
#else
#define W 1
#define ROOT(a) sqrt(a)
#if defined(FP_FAST_FMA)
#define FUSED(a, b, c) fma(a, b, c)
#endif
#endif
#include "spectral.c"

#if RENP_CLONES
#define RENP_KERNEL avx2
#define TARGET __attribute__((target("avx2,fma")))
#define U 4
#define W 4
#define ROOT(a) ((V)_mm256_sqrt_pd((__m256d)(a)))
#define FUSED(a, b, c) ((V)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#include "spectral.c"

#define RENP_KERNEL avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx2,fma")))
#define U 8
#define W 8
#define ROOT(a) ((V)_mm512_sqrt_pd((__m512d)(a)))
#define FUSED(a, b, c) ((V)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#include "spectral.c"
#endif

static const Kind *kind(void)
{
#if RENP_CLONES
  static const Kind *chosen = 0;
  if (!chosen) {
    const char *asked = getenv("RENP_INSTRUCTION_SET");
    __builtin_cpu_init();
    const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const int has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
    const Kind *best = has_avx512 ? &avx512 : has_avx2 ? &avx2 : &baseline;
    if (asked && !strcmp(asked, "baseline")) best = &baseline;
    if (asked && !strcmp(asked, "avx2") && has_avx2) best = &avx2;
    chosen = best;
  }
  return chosen;
#else
  return &baseline;
#endif
}

/* ---- plans ---- */

/* A plan: {magic, length, edge, 0}, code, numbers, folded numbers, scripts; code and scripts fill whole doubles. */
enum { HEAD = 4 };

static size_t in_doubles(size_t bytes) { return (bytes + sizeof(double) - 1) / sizeof(double); }

/* Room for n doubles where vectors may start, and what is to be freed. */
static double *aligned_room(size_t n, void **memory)
{
  char *start = *memory = malloc(n * sizeof(double) + 64);
  return start ? (double *)(start + (64 - (size_t)start % 64)) : 0;
}

static size_t length_of_plan(const Program *p)
{
  return HEAD + in_doubles(code_length(p) * sizeof(int)) + (size_t)p->n_numbers + folded_length(p) +
         in_doubles(scripts_length(p) * sizeof(int));
}

size_t renp_length_of_plan(const int *code)
{
  const Program p = program_of(code);
  return length_of_plan(&p);
}

int renp_fold(const int *code, const double *constants, const double *numbers, double *plan)
{
  Program p = program_of(code);
  const size_t lanes = BASE + POLE * (size_t)p.mediators + pair_length(&p) + 2 * (size_t)p.n_slots;
  void *memory;
  double *room = aligned_room(lanes * MOST, &memory);
  if (!room) return 1;
  whole *own = (whole *)(plan + HEAD);
  memcpy(own, code, code_length(&p) * sizeof(int));
  p = program_of(own);
  double *copy = plan + HEAD + in_doubles(code_length(&p) * sizeof(int)), *folded = copy + p.n_numbers;
  memcpy(copy, numbers, (size_t)p.n_numbers * sizeof(double));
  kind()->fold_one(&p, constants, copy, folded, (whole *)(folded + folded_length(&p)), room);
  free(memory);
  const double E_eg = numbers[E_EG], K = numbers[MOMENTUM], high = E_eg - K, shadow = high - E_eg;
  const double low = (E_eg - (high - shadow)) - (K + shadow);
  plan[0] = MAGIC;
  plan[1] = (double)length_of_plan(&p);
  plan[2] = low > 0 ? nextafter(high / 2, HUGE_VAL) : high / 2;
  plan[3] = 0;
  return 0;
}

int renp_check_plan(const double *plan, size_t length)
{
  return length < HEAD + HEADER / 2 + 1 || plan[0] != MAGIC || plan[1] != (double)length ||
         ((const whole *)(plan + HEAD))[0] != MAGIC;
}

enum { ROOM = 8192 };

ptrdiff_t renp_evaluate(const double *plan, size_t n, const double *omega, double *out)
{
  const Program p = program_of((const whole *)(plan + HEAD));
  const double *numbers = plan + HEAD + in_doubles(code_length(&p) * sizeof(int)), *folded = numbers + p.n_numbers;
  const whole *script = (const whole *)(folded + folded_length(&p));
  const Kind *which = kind();
  const size_t needed = (size_t)which->lanes * (2 * (size_t)p.n_rows + (size_t)p.n_weights + 1);
  double own[ROOM] ALIGNED, *room = own;
  void *memory = 0;
  if (needed > ROOM) room = aligned_room(needed, &memory);
  if (!room) return -1;
  const ptrdiff_t status = which->energies(&p, numbers, folded, script, plan[2], n, omega, out, room);
  free(memory);
  return status;
}

int renp_batch(const int *code, const double *constants, size_t sets, const double *numbers, size_t first, size_t end, size_t n,
               const double *omega, double *out)
{
  const Program p = program_of(code);
  const Kind *which = kind();
  const size_t N = (size_t)which->lanes, n_numbers = (size_t)p.n_numbers, n_slots = (size_t)p.n_slots;
  const size_t doubles = (n_numbers + folded_length(&p) + 2 * n_slots + 2 * (size_t)p.n_rows + (size_t)p.n_weights) * N;
  void *memory;
  double *own = aligned_room(doubles + in_doubles(scripts_length(&p) * sizeof(int)), &memory);
  if (!own) return 1;
  double *folded = own + N * n_numbers, *scales = folded + N * folded_length(&p), *room = scales + 2 * N * n_slots;
  whole *script = (whole *)(own + doubles);
  for (size_t at = first; at < end; at += N) {
    const size_t lanes = end - at < N ? end - at : N;
    for (size_t k = 0; k < n_numbers; k++)
      for (size_t x = 0; x < N; x++) own[N * k + x] = numbers[sets * k + at + (x < lanes ? x : 0)];
    which->fold_sets(&p, constants, own, folded, script, scales);
    for (size_t e = 0; e < n; e++) {
      double in[MOST] ALIGNED, result[MOST] ALIGNED;
      for (size_t x = 0; x < N; x++) in[x] = omega[e];
      which->sets(&p, own, folded, script, in, result, room);
      for (size_t x = 0; x < lanes; x++) out[(at + x) * n + e] = result[x];
    }
  }
  free(memory);
  return 0;
}

/* The lists of all squares with all terms, the same for every pair. */
static whole *all_lists(const Program *p)
{
  whole *lists = malloc(script_of_pair(p) * sizeof(int)), *out = lists;
  for (int k = 0; lists && k < p->n_squares; k++) {
    const whole *square = p->squares + SQUARE * k;
    whole *count = out + 1;
    out[0] = k;
    out[1] = 0;
    out += 2;
    for (int part = 0; part < 2; part++)
      for (int imaginary = 0; imaginary < 2; imaginary++) {
        whole *head = out;
        head[0] = head[1] = 0;
        out += 2;
        for (int n = square[4]; n < square[6]; n++) {
          const int row = p->channels[CHANNEL * n + imaginary];
          if (row == NONE) continue;
          head[n >= square[5]] = (head[n >= square[5]] | 1) + 2;
          *out++ = PAIR + COEFFICIENT * n + 2 * part;
          *out++ = row;
        }
        if (head[0] || head[1]) ++*count;
        else out = head;
      }
  }
  if (lists) *out = END;
  return lists;
}

int renp_gradients(const int *code, const double *constants, size_t sets, const double *numbers, size_t first, size_t end, size_t n,
                   const double *omega, const double *weight, double *out, double *out_omega)
{
  const Program p = program_of(code);
  const Kind *which = kind();
  const size_t N = (size_t)which->lanes, n_numbers = (size_t)p.n_numbers;
  const size_t doubles = n_numbers + folded_length(&p) + 3 * (size_t)p.n_slots + 3 * (size_t)p.n_rows + 2 * (size_t)p.n_weights +
                         n_numbers + 1 + 2 * (size_t)p.n_channels * pairs_of(&p);
  void *memory;
  double *own = aligned_room(N * doubles + in_doubles(script_of_pair(&p) * sizeof(int)), &memory);
  whole *lists = all_lists(&p);
  if (own && lists)
    for (size_t at = first; at < end; at += N) {
      const size_t lanes = end - at < N ? end - at : N, sums = weight ? 1 : n;
      for (size_t k = 0; k < n_numbers; k++)
        for (size_t x = 0; x < N; x++) own[N * k + x] = numbers[sets * k + at + (x < lanes ? x : 0)];
      which->gradients(&p, lists, constants, own, n, lanes, omega + n * at, weight ? weight + n * at : 0, out + n_numbers * sums * at,
                       out_omega + n * at, own + N * n_numbers);
    }
  const int status = !(own && lists);
  free(memory);
  free(lists);
  return status;
}

const char *renp_instruction_set(void) { return kind()->name; }

const char *renp_layout(void) { return LAYOUT; }

@PREPARATION@
#else
/* ---- the kernel, once for each instruction set: this file includes itself below ---- */

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAMED(a) JOIN(a, RENP_KERNEL)
#if defined(__GNUC__)
#define INLINE TARGET static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/* A strip has U vectors V of W lanes. */
#define N (W * U)
#if W > 1
typedef double NAMED(V) __attribute__((vector_size(8 * W), may_alias));
typedef long long NAMED(I) __attribute__((vector_size(8 * W)));
#define V NAMED(V)
#define SPLAT(a) ((a) - (V){0})
#define WHERE(condition, a) ((V)((NAMED(I))(a) & (NAMED(I))(condition)))
#else
typedef double NAMED(V);
#define V NAMED(V)
#define SPLAT(a) (a)
#define WHERE(condition, a) ((condition) ? (a) : 0)
#endif

typedef struct { V h, l; } NAMED(Twice);
#define Twice NAMED(Twice)

INLINE V NAMED(product_error)(V a, V b, V p)
{
#if defined(FUSED)
  return FUSED(a, b, -p);
#else
  const V s = 134217729.0 * a, u = 134217729.0 * b;
  const V ah = s - (s - a), al = a - ah, bh = u - (u - b), bl = b - bh;
  return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
}
#define product_error NAMED(product_error)

INLINE Twice NAMED(twice)(V h, V l) { return (Twice){h, l}; }
#define twice NAMED(twice)

INLINE Twice NAMED(two_sum)(V a, V b)
{
  const V s = a + b, shadow = s - a;
  return twice(s, (a - (s - shadow)) + (b - shadow));
}
#define two_sum NAMED(two_sum)

INLINE Twice NAMED(quick_two_sum)(V a, V b)
{
  const V s = a + b;
  return twice(s, b - (s - a));
}
#define quick_two_sum NAMED(quick_two_sum)

INLINE Twice NAMED(two_product)(V a, V b)
{
  const V p = a * b;
  return twice(p, product_error(a, b, p));
}
#define two_product NAMED(two_product)

INLINE Twice NAMED(add)(Twice a, Twice b)
{
  Twice s = two_sum(a.h, b.h);
  const Twice t = two_sum(a.l, b.l);
  s = quick_two_sum(s.h, s.l + t.h);
  return quick_two_sum(s.h, s.l + t.l);
}
#define add NAMED(add)

INLINE Twice NAMED(times)(Twice a, V b)
{
  const Twice p = two_product(a.h, b);
  return quick_two_sum(p.h, p.l + a.l * b);
}
#define times NAMED(times)

INLINE Twice NAMED(product)(Twice a, Twice b)
{
  const Twice p = two_product(a.h, b.h);
  return quick_two_sum(p.h, p.l + (a.h * b.l + a.l * b.h));
}
#define product NAMED(product)

INLINE Twice NAMED(quotient)(Twice a, Twice b)
{
  const V q = a.h / b.h;
  const Twice p = two_product(q, b.h);
  const V rest = ((a.h - p.h) - (p.l + q * b.l)) + a.l;
  return quick_two_sum(q, rest / b.h);
}
#define quotient NAMED(quotient)

/* a b + c, rounded once; without such an instruction the last part is rounded to odd (Boldo and Melquiond 2008). */
INLINE V NAMED(fused)(V a, V b, V c)
{
#if defined(FUSED)
  return FUSED(a, b, c);
#else
  const Twice p = two_product(a, b), t = two_sum(c, p.l), v = two_sum(p.h, t.h), s = two_sum(t.l, v.l);
  union { V v; double lanes[W]; } out, last, error;
  last.v = s.h;
  error.v = s.l;
  for (int x = 0; x < W; x++) {
    long long bits;
    memcpy(&bits, &last.lanes[x], sizeof bits);
    if (error.lanes[x] != 0 && bits % 2 == 0) bits += (error.lanes[x] > 0) == (last.lanes[x] > 0) ? 1 : -1;
    memcpy(&out.lanes[x], &bits, sizeof bits);
  }
  return v.h + out.v;
#endif
}
#define fused NAMED(fused)

/* sum(terms) - quotient * below: three passes leave a sum with the digits of a fourfold double. */
INLINE V NAMED(rest_of)(const V *terms, int n, V quotient, Twice below, int moved)
{
  V parts[18];
  for (int k = 0; k < n; k++) parts[k] = terms[k];
  Twice p = two_product(-quotient, below.h);
  parts[n++] = p.l;
  parts[n++] = p.h;
  if (moved) {
    p = two_product(-quotient, below.l);
    parts[n++] = p.l;
    parts[n++] = p.h;
  }
  for (int pass = 0; pass < 3; pass++)
    for (int k = 1; k < n; k++) {
      const Twice s = two_sum(parts[k], parts[k - 1]);
      parts[k] = s.h;
      parts[k - 1] = s.l;
    }
  V rest = parts[0];
  for (int k = 1; k < n; k++) rest += parts[k];
  return rest;
}
#define rest_of NAMED(rest_of)

/* The photon energy at which s is M^2, (E_eg^2 - K^2 - M^2) / 2 (E_eg + K), as the nearest double and the rest with all its digits. */
INLINE Twice NAMED(threshold)(int moved, V E_eg, V K, Twice M)
{
  Twice a = twice(E_eg, SPLAT(0.0)), b = a;
  if (moved) {
    a = two_sum(E_eg, -K);
    b = two_sum(E_eg, K);
  }
  const V left[7] = {a.h, -M.h, -2 * M.h, -M.l, a.h, a.l, a.l}, right[7] = {b.h, M.h, M.l, M.l, b.l, b.h, b.l};
  const int products = moved ? 7 : 4;
  V terms[14];
  for (int k = 0; k < products; k++) {
    const Twice p = two_product(left[k], right[k]);
    terms[2 * k] = p.l;
    terms[2 * k + 1] = p.h;
  }
  const Twice below = twice(2 * b.h, 2 * b.l);
  V high = (a.h - M.h) * (b.h + M.h) / below.h;
  if (moved) high = (a.h * b.h - M.h * M.h) / below.h;
  high += rest_of(terms, 2 * products, high, below, moved) / below.h;
  return quick_two_sum(high, rest_of(terms, 2 * products, high, below, moved) / below.h);
}
#define threshold NAMED(threshold)

/* Vector x of number k: that of all lanes (c = 0), or of each (c = 1). */
INLINE V NAMED(at)(const double *numbers, ptrdiff_t k, int x, int c)
{
  if (c) return ((const V *)(numbers + N * k))[x];
  return SPLAT(numbers[k]);
}
#define at NAMED(at)

#define EACH for (int x = 0; x < U; x++)

/* Fold the numbers of N sets, or of one (c = 0), apart from pairs; `scales` has room for 2 N numbers of each slot. */
INLINE void NAMED(fold_base)(const Program *p, const double *constants, const double *numbers, V *folded, V *scales, int c)
{
  EACH {
    const Twice E = two_sum(at(numbers, E_EG, x, c), at(numbers, MOMENTUM, x, c));
    folded[x] = E.h;
    folded[U + x] = E.l;
  }
  for (int m = 0; m < p->mediators; m++) {
    V *pole = folded + (BASE + POLE * m) * U;
    EACH {
      const V mass = at(numbers, p->first_mediator + 2 * m, x, c), width = at(numbers, p->first_mediator + 2 * m + 1, x, c);
      const Twice place = threshold(p->moved, at(numbers, E_EG, x, c), at(numbers, MOMENTUM, x, c), twice(mass, SPLAT(0.0)));
      const Twice w = quotient(two_product(mass, width), twice(2 * folded[x], 2 * folded[U + x]));
      pole[x] = place.h;
      pole[U + x] = place.l;
      pole[2 * U + x] = w.h;
      pole[3 * U + x] = w.l;
    }
  }
  for (int k = 0; k < p->n_slots; k++) {
    const whole *slot = p->slots + SLOT * k;
    EACH {
      Twice f = twice(SPLAT(constants[2 * k]), SPLAT(constants[2 * k + 1]));
      if (slot[0] != NONE) f = times(f, at(numbers, slot[0], x, c));
      if (p->electric) f = times(f, at(numbers, DIPOLE, x, c));
      if (slot[4] != NONE) f = quotient(f, twice(2 * folded[x], 2 * folded[U + x]));
      for (int n = 0; n < 2 && slot[4] != NONE && slot[5]; n++) f = quotient(f, twice(at(numbers, slot[4], x, c), SPLAT(0.0)));
      scales[2 * U * k + x] = f.h;
      scales[2 * U * k + U + x] = f.l;
    }
  }
}
#define fold_base NAMED(fold_base)

INLINE int NAMED(any)(const V *numbers)
{
  const double *lanes = (const double *)numbers;
  int found = 0;
  for (int x = 0; x < N; x++) found |= lanes[x] != 0;
  return found;
}
#define any NAMED(any)

/* Write the lists of a square that are not empty; return whether there is any, and whether one depends on the photon energy. */
INLINE int NAMED(list)(const Program *p, const whole *square, const V *pair, whole *out, whole *lists)
{
  int state = EMPTY;
  *lists = 0;
  for (int part = 0; part < 2; part++)
    for (int imaginary = 0; imaginary < 2; imaginary++) {
      whole *head = out;
      head[0] = head[1] = 0;
      out += 2;
      for (int n = square[4]; n < square[6]; n++) {
        const int row = p->channels[CHANNEL * n + imaginary], place = PAIR + COEFFICIENT * n + 2 * part;
        if (row == NONE) continue;
        head[n >= square[5]] &= ~1;
        if (!any(pair + place * U)) continue;
        if (row != UNIT || imaginary || n >= square[5]) state = VARIES;
        else if (state == EMPTY) state = FIXED;
        head[n >= square[5]] = (head[n >= square[5]] | 1) + 2;
        *out++ = place;
        *out++ = row;
      }
      if (head[0] > 1 || head[1] > 1) ++*lists;
      else out = head;
    }
  return state;
}

INLINE int NAMED(list_length)(const whole *list, int lists)
{
  const whole *at = list;
  for (; lists > 0; lists--) at += 2 + 2 * (at[0] / 2 + at[1] / 2);
  return (int)(at - list);
}

/* Fold one pair. */
INLINE void NAMED(fold_pair)(const Program *p, const double *numbers, const V *scales, int i, int j, V *pair, whole *script, int c)
{
  V M_low[U], d_low[U], *M = pair + 3 * U, *d = pair + 4 * U;
  EACH {
    const V m_i = at(numbers, p->masses + i, x, c), m_j = at(numbers, p->masses + j, x, c);
    const Twice sum = two_sum(m_i, m_j), difference = two_sum(m_i, -m_j);
    const Twice edge = threshold(p->moved, at(numbers, E_EG, x, c), at(numbers, MOMENTUM, x, c), sum);
    pair[x] = edge.h;
    pair[U + x] = edge.l;
    pair[2 * U + x] = 4 * (m_i * m_j);
    M[x] = sum.h;
    d[x] = difference.h;
    M_low[x] = sum.l;
    d_low[x] = difference.l;
  }
  V *coefficient = pair + PAIR * U;
  for (int k = 0; k < p->n_channels; k++) {
    const whole *channel = p->channels + CHANNEL * k;
    for (int part = 0; part < 2; part++, coefficient += 2 * U) {
      for (int n = channel[2]; n < channel[3]; n++) {
        const whole *slot = p->slots + SLOT * n;
        /* Which part of the matrix element, and its factor; a Majorana pair adds the exchanged one, its conjugate, with eta. */
        const int imaginary = slot[2] ? !part : part;
        double factor = slot[2] && !part ? -1 : 1;
        if (p->majorana) factor *= imaginary == (slot[3] < 0) ? 2 : 0;
        const ptrdiff_t place = slot[1] + 2 * ((ptrdiff_t)p->n * i + j) + imaginary;
        EACH {
          Twice f = twice(scales[2 * U * n + x], scales[2 * U * n + U + x]);
          for (int power = 0; power < slot[6]; power++) f = product(f, twice(d[x], d_low[x]));
          for (int power = 0; power < slot[7]; power++) f = product(f, twice(M[x], M_low[x]));
          f = times(f, factor * at(numbers, place, x, c));
          if (n != channel[2]) f = add(twice(coefficient[x], coefficient[U + x]), f);
          coefficient[x] = f.h;
          coefficient[U + x] = f.l;
        }
      }
    }
  }
  V *constant = coefficient;
  const whole *start = script++;
  int pattern = 0, squares = 0, fixed = 1;
  static const int place_of[] = {1000, 100, 10, 1};
  for (int k = 0; k < p->n_squares; k++, constant += CONSTANT * U) {
    const whole *square = p->squares + SQUARE * k;
    const int kind = square[0], spin_one = kind == VECTOR_SQUARE || kind == AXIAL_SQUARE;
    EACH constant[x] = constant[U + x] = SPLAT(0.0);
    whole *entry = script;
    const int state = NAMED(list)(p, square, pair, script + 2, script + 1);
    if (state == EMPTY) continue;
    entry[0] = k;
    squares++;
    pattern += place_of[kind];
    if (state == VARIES) {
      fixed = 0;
      script = entry + 2 + NAMED(list_length)(entry + 2, entry[1]);
      continue;
    }
    entry[1] = 0;
    script = entry + 2;
    const V *mass = kind == VECTOR_SQUARE ? M : d;
    for (int n = square[4]; n < square[5]; n++)
      for (int part = 0; part < 2; part++) {
        const V *h = pair + (PAIR + COEFFICIENT * n + 2 * part) * U;
        if (!any(h)) continue;
        EACH {
          const V value = h[x] + h[U + x], turned = mass[x] * value;
          constant[x] += value * value;
          constant[U + x] += turned * turned;
        }
      }
    if (spin_one) EACH constant[x] *= 2;
  }
  *script = END;
  /* The Standard Model in light that is not circular: which of V, A, S and P there are, V and A across and along. */
  whole *first = (whole *)start;
  *first = ANY;
  if (squares && fixed && (pattern == 1111 || pattern == 1101 || pattern == 101)) *first = pattern;
}
#define fold_pair NAMED(fold_pair)

/* Rows of factors, high and low parts. */
INLINE void NAMED(factors)(const Program *p, const double *folded, const V *omega, const Twice kinematics[3][U], V *rows, int c)
{
  const V one = SPLAT(1.0), zero = SPLAT(0.0);
  for (int r = 0; r < p->n_rows; r++) {
    const whole *row = p->rows + ROW * r;
    V *out = rows + 2 * U * r;
    const int operation = row[0];
    if (operation == PRODUCT) {
      const V *a = rows + 2 * U * row[1], *b = rows + 2 * U * row[2];
      EACH {
        const Twice f = product(twice(a[x], a[U + x]), twice(b[x], b[U + x]));
        out[x] = f.h;
        out[U + x] = f.l;
      }
    } else if (operation == INVERSE_S || operation == INVERSE_Q0) {
      EACH {
        const Twice f = quotient(twice(one, zero), kinematics[operation == INVERSE_S ? S : Q0][x]);
        out[x] = f.h;
        out[U + x] = f.l;
      }
    } else if (operation >= REAL) {
      const ptrdiff_t pole = BASE + POLE * row[1];
      EACH {
        const Twice gap = add(two_sum(at(folded, pole, x, c), -omega[x]), twice(at(folded, pole + 1, x, c), zero));
        Twice f;
        if (!p->widths)
          f = quotient(twice(one, zero), gap);
        else {
          const Twice width = twice(at(folded, pole + 2, x, c), at(folded, pole + 3, x, c));
          const Twice square = add(product(gap, gap), product(width, width));
          const Twice above = operation == REAL ? gap : operation == OPPOSITE ? width : twice(-width.h, -width.l);
          f = quotient(above, square);
        }
        out[x] = f.h;
        out[U + x] = f.l;
      }
    } else
      EACH {
        out[x] = kinematics[operation][x].h;
        out[U + x] = kinematics[operation][x].l;
      }
  }
}
#define factors NAMED(factors)

INLINE void NAMED(weigh)(const Program *p, const double *numbers, const Twice kinematics[3][U], V *weights, int c)
{
  V inverse_s[U];
  EACH inverse_s[x] = quotient(twice(SPLAT(1.0), SPLAT(0.0)), kinematics[S][x]).h;
  for (int k = 0; k < p->n_weights; k++) {
    const whole *weight = p->weights + WEIGHT * k;
    V *out = weights + U * weight[0], w[U];
    EACH {
      const V along = at(numbers, TENSOR, x, c), across = at(numbers, TENSOR + 1, x, c), circular = at(numbers, TENSOR + 2, x, c);
      switch (weight[2]) {
      case ALONG: w[x] = along; break;
      case ACROSS: w[x] = across; break;
      case PLUS: w[x] = 0.5 * (across + circular); break;
      case MINUS: w[x] = 0.5 * (across - circular); break;
      case SCALAR: w[x] = 3 * along; break;
      default: w[x] = SPLAT(1.0);
      }
    }
    for (int base = QZ; base <= S; base++)
      for (int power = weight[3 + base], n = abs(power); n > 0; n--) {
        if (power > 0) EACH w[x] *= kinematics[base][x].h;
        else if (base == S) EACH w[x] *= inverse_s[x];
        else EACH w[x] *= 1.0 / kinematics[base][x].h;
      }
    if (weight[1]) EACH out[x] += w[x];
    else EACH out[x] = w[x];
  }
}
#define weigh NAMED(weigh)

/* The sum of n / 2 terms {place of the coefficient, row}: all errors are carried to the end. Of an odd n the last term is the last of
 * its list, zeros included: its product is added without rounding in between. Terms that are 0 do not change a bit. */
INLINE void NAMED(sum_of)(const whole *terms, int n, const double *pair, const V *rows, V *value, int c)
{
  V rest[U];
  EACH value[x] = rest[x] = SPLAT(0.0);
  for (int k = 0; k < n / 2; k++, terms += 2) {
    const ptrdiff_t h = terms[0], l = h + 1;
    const int row = terms[1];
    const V *f = rows + 2 * U * row, *tail = f + U;
    if (n % 2 && k == n / 2 - 1) {
      if (row == UNIT)
        EACH {
          value[x] = (value[x] + at(pair, h, x, c)) + (rest[x] + at(pair, l, x, c));
        }
      else
        EACH {
          const V a = at(pair, h, x, c), e = f[x] * at(pair, l, x, c) + tail[x] * a;
          value[x] = fused(f[x], a, value[x]) + (rest[x] + e);
        }
      return;
    }
    if (row == UNIT && k == 0)
      EACH {
        value[x] = at(pair, h, x, c);
        rest[x] = at(pair, l, x, c);
      }
    else if (row == UNIT)
      EACH {
        const Twice s = two_sum(value[x], at(pair, h, x, c));
        value[x] = s.h;
        rest[x] += s.l + at(pair, l, x, c);
      }
    else if (k == 0)
      EACH {
        const V a = at(pair, h, x, c);
        value[x] = f[x] * a;
        rest[x] = product_error(f[x], a, value[x]) + (f[x] * at(pair, l, x, c) + tail[x] * a);
      }
    else
      EACH {
        const V a = at(pair, h, x, c), q = f[x] * a;
        const V e = product_error(f[x], a, q) + (f[x] * at(pair, l, x, c) + tail[x] * a);
        const Twice s = two_sum(value[x], q);
        value[x] = s.h;
        rest[x] += s.l + e;
      }
  }
  EACH value[x] += rest[x];
}
#define sum_of NAMED(sum_of)

/* What a pair adds: its distance to threshold, and the end. A closed channel adds exactly 0, even where a propagator is infinite. */
#define OPEN                                                                                                      \
  const V high = at(pair, 0, x, c), low = at(pair, 1, x, c), first = high - omega[x];                              \
  const V gap = first + (((high - first) - omega[x]) + low);                                                       \
  const V t = reach_of_t[x] * WHERE(gap > 0, gap), reach = at(pair, 2, x, c) + t
#define CLOSE(H_1, H_2)                                                                                           \
  const V root = ROOT(t * reach), added = (count * root) * (reach * (H_1) + t * (H_2));                            \
  total[x] += WHERE(root > 0, added)

/* A pair of which nothing but weights depends on the photon energy: V, A, S and P squares, all at once. */
INLINE void NAMED(constant_pair)(const double *const *k, const V *const *w, int has_V, int has_S, const double *pair,
                                 double count, const V *reach_of_t, const V *omega, V *total, int c)
{
  EACH {
    OPEN;
    V H_1 = SPLAT(0.0), H_2 = H_1;
    if (has_V) H_1 = w[0][x] * at(k[0], 0, x, c) + w[1][x] * at(k[0], 1, x, c);
    const int A = has_V, S_ = A + 1, P_ = S_ + has_S;
    H_2 = w[2 * A][x] * at(k[A], 0, x, c) + w[2 * A + 1][x] * at(k[A], 1, x, c);
    if (has_S) H_2 += w[2 * S_][x] * at(k[S_], 0, x, c);
    H_1 += w[2 * P_][x] * at(k[P_], 0, x, c);
    CLOSE(H_1, H_2);
  }
}
#define constant_pair NAMED(constant_pair)

INLINE void NAMED(any_pair)(const Program *p, const whole *script, const double *pair, double count, const V *reach_of_t,
                            const V *rows, const V *weights, const V *omega, V *total, int c)
{
  const double *constant = pair + (PAIR + COEFFICIENT * p->n_channels) * (c ? N : 1);
  V t_of[U], reach_of[U], H[2][U];
  EACH {
    OPEN;
    t_of[x] = t;
    reach_of[x] = reach;
    H[0][x] = H[1][x] = SPLAT(0.0);
  }
  while (*script != END) {
    const int k = *script++, lists = *script++;
    const whole *square = p->squares + SQUARE * k;
    const int kind = square[0], vector = kind == VECTOR_SQUARE, spin_one = vector || kind == AXIAL_SQUARE;
    V *h = H[kind == AXIAL_SQUARE || kind == SCALAR_SQUARE];
    V kept[U], flips[U], value[U], flipped[U];
    if (!lists)
      EACH {
        kept[x] = at(constant, 2 * k, x, c);
        flips[x] = at(constant, 2 * k + 1, x, c);
      }
    else
      EACH kept[x] = flips[x] = SPLAT(0.0);
    const V *ratio = square[3] == UNIT ? 0 : weights + U * square[3], *slope = vector ? t_of : reach_of;
    for (int list = 0; list < lists; list++) {
      const int one = *script++, two = *script++;
      sum_of(script, one, pair, rows, value, c);
      script += 2 * (one / 2);
      EACH kept[x] += value[x] * value[x];
      if (!spin_one) continue;
      EACH value[x] = at(pair, vector ? 3 : 4, x, c) * value[x];
      if (two > 1) {
        sum_of(script, two, pair, rows, flipped, c);
        script += 2 * (two / 2);
        if (ratio) EACH value[x] += (slope[x] * ratio[x]) * flipped[x];
        else EACH value[x] += slope[x] * flipped[x];
      }
      EACH flips[x] += value[x] * value[x];
    }
    if (spin_one && lists) EACH kept[x] *= 2;
    const V *w = weights + U * square[1], *u = weights + U * square[2];
    if (spin_one) EACH h[x] += w[x] * kept[x] + u[x] * flips[x];
    else EACH h[x] += w[x] * kept[x];
  }
  EACH {
    const V t = t_of[x], reach = reach_of[x];
    CLOSE(H[0][x], H[1][x]);
  }
}
#define any_pair NAMED(any_pair)

INLINE void NAMED(strip)(const Program *p, const double *numbers, const double *folded, const whole *script,
                         const double *energies, double *results, double *room, int c)
{
  const V *omega = (const V *)energies;
  V *out = (V *)results, *rows = (V *)room, *weights = rows + 2 * U * p->n_rows, total[U], reach_of_t[U];
  Twice kinematics[3][U];
  EACH {
    const V E_eg = at(numbers, E_EG, x, c), K = at(numbers, MOMENTUM, x, c), twofold = -2 * omega[x];
    const Twice y = p->moved ? add(two_sum(E_eg, -K), twice(twofold, SPLAT(0.0))) : two_sum(E_eg, twofold);
    if (p->n_rows) {
      kinematics[QZ][x] = two_sum(omega[x], K);
      kinematics[Q0][x] = two_sum(E_eg, -omega[x]);
    } else {
      kinematics[QZ][x].h = omega[x] + K;
      kinematics[Q0][x].h = E_eg - omega[x];
    }
    kinematics[S][x] = product(y, twice(at(folded, 0, x, c), at(folded, 1, x, c)));
    reach_of_t[x] = 2 * at(folded, 0, x, c);
    total[x] = SPLAT(0.0);
  }
  factors(p, folded, omega, (const Twice(*)[U])kinematics, rows, c);
  weigh(p, numbers, (const Twice(*)[U])kinematics, weights, c);
  const int L = c ? N : 1;
  const double *pair = folded + (BASE + POLE * p->mediators) * L;
  for (int i = 0; i < p->n; i++)
    for (int j = i; j < p->n; j++, pair += pair_length(p) * (size_t)L, script += script_of_pair(p)) {
      const double count = (p->majorana ? 0.5 : 1.0) * (i == j ? 1 : 2);
      if (*script == ANY) {
        if (script[1] != END) any_pair(p, script + 1, pair, count, reach_of_t, rows, weights, omega, total, c);
        continue;
      }
      const double *constant = pair + (PAIR + COEFFICIENT * p->n_channels) * L, *k[4];
      const V *w[8];
      int found = 0;
      for (const whole *entry = script + 1; *entry != END; entry += 2, found++) {
        const whole *square = p->squares + SQUARE * *entry;
        k[found] = constant + CONSTANT * *entry * L;
        w[2 * found] = weights + U * square[1];
        w[2 * found + 1] = square[2] == NONE ? 0 : weights + U * square[2];
      }
      if (*script == 1111) constant_pair(k, w, 1, 1, pair, count, reach_of_t, omega, total, c);
      else if (*script == 1101) constant_pair(k, w, 1, 0, pair, count, reach_of_t, omega, total, c);
      else constant_pair(k, w, 0, 0, pair, count, reach_of_t, omega, total, c);
    }
  if (p->levels == 1 && p->crossed == 0)
    EACH {
      /* The rounding of a difference that enters squared is put back to first order. */
      const V E_vg = at(numbers, LEVELS, x, c), a = at(numbers, LEVELS + 1, x, c), gap = E_vg - omega[x];
      const V rest = (E_vg - gap) - omega[x];
      out[x] = (total[x] * (a * a)) / ((at(numbers, DIVISOR, x, c) * kinematics[S][x].h) * (gap * (gap + 2 * rest)));
    }
  else
    EACH {
      V amplitude = SPLAT(0.0);
      for (int v = 0; v < p->levels + p->crossed; v++) {
        const V level = at(numbers, LEVELS + 2 * v, x, c), a = at(numbers, LEVELS + 2 * v + 1, x, c);
        amplitude += a / (v < p->levels ? level - omega[x] : (level - at(numbers, E_EG, x, c)) + omega[x]);
      }
      out[x] = (total[x] * (amplitude * amplitude)) / (at(numbers, DIVISOR, x, c) * kinematics[S][x].h);
    }
}
#define strip NAMED(strip)

/* Fold one set of numbers. */
TARGET static void NAMED(fold_one)(const Program *p, const double *constants, const double *numbers, double *folded,
                                   whole *script, double *room)
{
  V *lanes = (V *)room, *scales = lanes + (BASE + POLE * (size_t)p->mediators + pair_length(p)) * U;
  fold_base(p, constants, numbers, lanes, scales, 0);
  size_t length = BASE + POLE * (size_t)p->mediators;
  for (size_t k = 0; k < length; k++) *folded++ = room[N * k];
  length = pair_length(p);
  for (int i = 0; i < p->n; i++)
    for (int j = i; j < p->n; j++, script += script_of_pair(p)) {
      fold_pair(p, numbers, scales, i, j, lanes, script, 0);
      for (size_t k = 0; k < length; k++) *folded++ = room[N * k];
    }
}

/* Fold N sets of numbers. */
TARGET static void NAMED(fold_sets)(const Program *p, const double *constants, const double *numbers, double *folded,
                                    whole *script, double *room)
{
  V *scales = (V *)room, *pair = (V *)folded + (BASE + POLE * (size_t)p->mediators) * U;
  fold_base(p, constants, numbers, (V *)folded, scales, 1);
  for (int i = 0; i < p->n; i++)
    for (int j = i; j < p->n; j++, pair += pair_length(p) * U, script += script_of_pair(p))
      fold_pair(p, numbers, scales, i, j, pair, script, 1);
}

/* Photon energies of one set, each in (0, edge). */
TARGET static ptrdiff_t NAMED(energies)(const Program *p, const double *numbers, const double *folded, const whole *script,
                                        double edge, size_t n, const double *omega, double *out, double *room)
{
  for (size_t from = 0; from < n; from += N) {
    const size_t points = n - from < N ? n - from : N;
    V in[U], result[U], bad = SPLAT(0.0);
    EACH in[x] = SPLAT(0.5 * edge);
    memcpy(in, omega + from, points * sizeof(double));
    EACH bad += 1.0 - WHERE((in[x] > 0) & (in[x] < edge), SPLAT(1.0));
    for (int x = 0; x < W; x++)
      if (((const double *)&bad)[x] != 0) {
        for (size_t k = 0; k < points; k++)
          if (!(omega[from + k] > 0 && omega[from + k] < edge)) return (ptrdiff_t)(from + k + 1);
      }
    strip(p, numbers, folded, script, (const double *)in, (double *)result, room, 0);
    bad = SPLAT(0.0);
    EACH bad += result[x] - result[x];
    memcpy(out + from, result, points * sizeof(double));
    for (int x = 0; x < W; x++)
      if (((const double *)&bad)[x] != 0) {
        for (size_t k = 0; k < points; k++)
          if (!(out[from + k] - out[from + k] == 0)) return -(ptrdiff_t)(from + k + 1);
      }
  }
  return 0;
}

TARGET static void NAMED(sets)(const Program *p, const double *numbers, const double *folded, const whole *script,
                               const double *omega, double *out, double *room)
{
  strip(p, numbers, folded, script, omega, out, room, 1);
}

/* ---- derivatives by all numbers, by reverse accumulation: x_bar is the derivative of the weighted result by x ---- */

/* What is accumulated, for N sets: by numbers, by coefficients of pairs, by rows and weights of one photon energy, by E_eg + K. */
typedef struct { V *numbers, *coefficients, *rows, *weights, *E; } NAMED(Bars);
#define Bars NAMED(Bars)

INLINE V NAMED(power)(V base, int n)
{
  V result = SPLAT(1.0);
  for (int k = abs(n); k > 0; k--) result *= base;
  if (n < 0) result = 1.0 / result;
  return result;
}
#define power NAMED(power)

/* Pull back one pair: add to the bars, and return what it adds to the sum. `lists` hold all terms, zeros as well. */
INLINE void NAMED(pull_pair)(const Program *p, const whole *lists, int i, int j, const double *numbers, const double *pair, const V *E,
                             const V *rows, const V *weights, const V *omega, const V *factor, V *total, V *s_bar, Bars *b, V *coefficients)
{
  const double count = (p->majorana ? 0.5 : 1.0) * (i == j ? 1 : 2);
  V t_[U], reach_[U], root_[U], scale[U], open_[U], H[2][U], t_bar[U], reach_bar[U], M_bar[U], d_bar[U];
  EACH {
    const V high = at(pair, 0, x, 1), low = at(pair, 1, x, 1), gap = (high - omega[x]) + low, one = SPLAT(1.0);
    open_[x] = WHERE(gap > 0, one);
    t_[x] = 2 * E[x] * (WHERE(gap > 0, gap) + (1.0 - open_[x]));
    reach_[x] = at(pair, 2, x, 1) + t_[x];
    root_[x] = ROOT(t_[x] * reach_[x]);
    scale[x] = open_[x] * count * root_[x] * factor[x];
    H[0][x] = H[1][x] = t_bar[x] = reach_bar[x] = M_bar[x] = d_bar[x] = SPLAT(0.0);
  }
  for (const whole *script = lists; *script != END;) {
    const whole *square = p->squares + SQUARE * *script++;
    const int n_lists = *script++, kind = square[0], vector = kind == VECTOR_SQUARE, spin_one = vector || kind == AXIAL_SQUARE;
    const int which = kind == AXIAL_SQUARE || kind == SCALAR_SQUARE;
    const V *w = weights + U * square[1], *u = weights + U * (spin_one ? square[2] : square[1]);
    const V *ratio = square[3] == UNIT ? 0 : weights + U * square[3], *slope = vector ? t_ : reach_;
    V kept[U], flips[U];
    EACH kept[x] = flips[x] = SPLAT(0.0);
    for (int list = 0; list < n_lists; list++) {
      const int one = *script++, two = *script++;
      const whole *first = script, *second = first + 2 * (one / 2);
      script = second + 2 * (two / 2);
      V value[U], flipped[U], value_bar[U], flipped_bar[U];
      sum_of(first, one, pair, rows, value, 1);
      sum_of(second, two, pair, rows, flipped, 1);
      EACH {
        const V H_bar = scale[x] * (which ? t_[x] : reach_[x]), mass = at(pair, vector ? 3 : 4, x, 1);
        value[x] = WHERE(open_[x] > 0, value[x]);
        flipped[x] = WHERE(open_[x] > 0, flipped[x]);
        kept[x] += value[x] * value[x];
        value_bar[x] = 2 * value[x] * (H_bar * WHERE(open_[x] > 0, w[x]));
        if (spin_one) {
          V reach = slope[x];
          if (ratio) reach *= WHERE(open_[x] > 0, ratio[x]);
          const V turned = mass * value[x] + reach * flipped[x], turned_bar = 2 * turned * (H_bar * WHERE(open_[x] > 0, u[x]));
          flips[x] += turned * turned;
          value_bar[x] = 2 * value_bar[x] + mass * turned_bar;
          flipped_bar[x] = reach * turned_bar;
          const V slope_bar = flipped[x] * turned_bar;
          if (ratio) {
            b->weights[U * square[3] + x] += slope[x] * slope_bar;
            (vector ? t_bar : reach_bar)[x] += WHERE(open_[x] > 0, ratio[x]) * slope_bar;
          } else
            (vector ? t_bar : reach_bar)[x] += slope_bar;
          (vector ? M_bar : d_bar)[x] += value[x] * turned_bar;
        }
      }
      for (int n = 0; n < one / 2 + two / 2; n++) {
        const whole *term = first + 2 * n;
        const V *bar = n < one / 2 ? value_bar : flipped_bar;
        V *out = coefficients + U * ((term[0] - PAIR) / 2);
        if (term[1] == UNIT)
          EACH out[x] += bar[x];
        else
          EACH {
            const V f = rows[2 * U * term[1] + x];
            out[x] += WHERE(open_[x] > 0, f) * bar[x];
            b->rows[U * term[1] + x] += at(pair, term[0], x, 1) * bar[x];
          }
      }
    }
    EACH {
      const V H_bar = scale[x] * (which ? t_[x] : reach_[x]);
      if (spin_one) kept[x] *= 2;
      H[which][x] += WHERE(open_[x] > 0, w[x]) * kept[x];
      b->weights[U * square[1] + x] += H_bar * kept[x];
      if (spin_one) {
        H[which][x] += WHERE(open_[x] > 0, u[x]) * flips[x];
        b->weights[U * square[2] + x] += H_bar * flips[x];
      }
    }
  }
  V *m_i = b->numbers + U * (p->masses + i), *m_j = b->numbers + U * (p->masses + j);
  EACH {
    const V sum = reach_[x] * H[0][x] + t_[x] * H[1][x], by_root = open_[x] * factor[x] * count * sum / (2 * root_[x]);
    total[x] += open_[x] * count * root_[x] * sum;
    reach_bar[x] += scale[x] * H[0][x] + by_root * t_[x];
    t_bar[x] += scale[x] * H[1][x] + by_root * reach_[x] + reach_bar[x];
    s_bar[x] += t_bar[x];
    M_bar[x] -= 2 * at(pair, 3, x, 1) * t_bar[x];
    m_i[x] += M_bar[x] + d_bar[x] + 4 * at(numbers, p->masses + j, x, 1) * reach_bar[x];
    m_j[x] += M_bar[x] - d_bar[x] + 4 * at(numbers, p->masses + i, x, 1) * reach_bar[x];
  }
}
#define pull_pair NAMED(pull_pair)

/* Pull back rows and weights to q_z, q0, s and the mediators. */
INLINE void NAMED(pull_factors)(const Program *p, const double *numbers, const double *folded, const V *omega,
                                const Twice kinematics[3][U], const V *rows, V bars[3][U], Bars *b)
{
  for (int k = 0; k < p->n_weights; k++) {
    const whole *weight = p->weights + WEIGHT * k;
    EACH {
      const V along = at(numbers, TENSOR, x, 1), across = at(numbers, TENSOR + 1, x, 1), circular = at(numbers, TENSOR + 2, x, 1);
      V start = b->weights[U * weight[0] + x];
      switch (weight[2]) {
      case ALONG: start *= along; break;
      case ACROSS: start *= across; break;
      case PLUS: start *= 0.5 * (across + circular); break;
      case MINUS: start *= 0.5 * (across - circular); break;
      case SCALAR: start *= 3 * along; break;
      default: break;
      }
      for (int which = QZ; which <= S; which++)
        if (weight[3 + which]) {
          V slope = start * (double)weight[3 + which];
          for (int base = QZ; base <= S; base++)
            if (weight[3 + base] - (base == which)) slope *= power(kinematics[base][x].h, weight[3 + base] - (base == which));
          bars[which][x] += slope;
        }
    }
  }
  for (int r = p->n_rows - 1; r >= 0; r--) {
    const whole *row = p->rows + ROW * r;
    const int operation = row[0];
    const V *bar = b->rows + U * r;
    if (operation == PRODUCT)
      EACH {
        b->rows[U * row[1] + x] += bar[x] * rows[2 * U * row[2] + x];
        b->rows[U * row[2] + x] += bar[x] * rows[2 * U * row[1] + x];
      }
    else if (operation == INVERSE_S || operation == INVERSE_Q0)
      EACH {
        const int which = operation == INVERSE_S ? S : Q0;
        bars[which][x] -= bar[x] / (kinematics[which][x].h * kinematics[which][x].h);
      }
    else if (operation >= REAL) {
      const int pole = BASE + POLE * row[1], place = p->first_mediator + 2 * row[1];
      EACH {
        const V twice_E = 2 * at(folded, 0, x, 1), gap = (at(folded, pole, x, 1) - omega[x]) + at(folded, pole + 1, x, 1);
        const V w = at(folded, pole + 2, x, 1), square = gap * gap + w * w;
        /* The square of 1/(gap + i w). */
        const V real = (gap * gap - w * w) / (square * square), imaginary = -2 * gap * w / (square * square);
        V gap_bar, w_bar;
        if (operation == REAL) {
          gap_bar = -bar[x] * real;
          w_bar = bar[x] * imaginary;
        } else {
          const double sign = operation == IMAGINARY ? 1 : -1;
          gap_bar = -sign * bar[x] * imaginary;
          w_bar = -sign * bar[x] * real;
        }
        const V mass = at(numbers, place, x, 1), width = at(numbers, place + 1, x, 1);
        /* Where all channels are closed a pole may be at hand: nothing is divided by 0 then. */
        const V any = WHERE((bar[x] > 0) | (bar[x] < 0), gap_bar), any_w = WHERE((bar[x] > 0) | (bar[x] < 0), w_bar);
        bars[S][x] += any / twice_E;
        b->numbers[U * place + x] += (-2 * mass * any + width * any_w) / twice_E;
        b->numbers[U * (place + 1) + x] += mass * any_w / twice_E;
        b->E[x] -= 2 * WHERE((bar[x] > 0) | (bar[x] < 0), gap_bar * gap + w_bar * w) / twice_E;
      }
    } else
      EACH bars[operation][x] += bar[x];
  }
}
#define pull_factors NAMED(pull_factors)

/* Add the derivatives at one photon energy of each set, times `weight`, to the bars; those by the photon energy go to omega_bar. */
INLINE void NAMED(pull)(const Program *p, const whole *lists, const double *numbers, const double *folded, const V *omega,
                        const V *weight, V *omega_bar, Bars *b, V *rows, V *weights)
{
  Twice kinematics[3][U];
  V bars[3][U], total[U], factor[U], E[U], amplitude[U], rest[U];
  const double *pair = folded + (BASE + POLE * p->mediators) * N;
  EACH {
    const V E_eg = at(numbers, E_EG, x, 1), K = at(numbers, MOMENTUM, x, 1), twofold = -2 * omega[x];
    const Twice y = p->moved ? add(two_sum(E_eg, -K), twice(twofold, SPLAT(0.0))) : two_sum(E_eg, twofold);
    kinematics[QZ][x] = two_sum(omega[x], K);
    kinematics[Q0][x] = two_sum(E_eg, -omega[x]);
    kinematics[S][x] = product(y, twice(at(folded, 0, x, 1), at(folded, 1, x, 1)));
    E[x] = at(folded, 0, x, 1);
    amplitude[x] = total[x] = bars[QZ][x] = bars[Q0][x] = bars[S][x] = SPLAT(0.0);
    for (int v = 0; v < p->levels + p->crossed; v++) {
      const V level = at(numbers, LEVELS + 2 * v, x, 1), a = at(numbers, LEVELS + 2 * v + 1, x, 1);
      if (v < p->levels) amplitude[x] += a / (level - omega[x]);
      else amplitude[x] += a / ((level - E_eg) + omega[x]);
    }
    rest[x] = weight[x] / (at(numbers, DIVISOR, x, 1) * kinematics[S][x].h);
    factor[x] = rest[x] * amplitude[x] * amplitude[x];
  }
  factors(p, folded, omega, (const Twice(*)[U])kinematics, rows, 1);
  weigh(p, numbers, (const Twice(*)[U])kinematics, weights, 1);
  for (int k = 0; k < U * p->n_rows; k++) b->rows[k] = SPLAT(0.0);
  for (int k = 0; k < U * p->n_weights; k++) b->weights[k] = SPLAT(0.0);
  V *coefficients = b->coefficients;
  for (int i = 0; i < p->n; i++)
    for (int j = i; j < p->n; j++, pair += pair_length(p) * N, coefficients += 2 * U * p->n_channels)
      pull_pair(p, lists, i, j, numbers, pair, E, rows, weights, omega, factor, total, bars[S], b, coefficients);
  EACH {
    bars[S][x] -= factor[x] * total[x] / kinematics[S][x].h;
    const V bar = 2 * rest[x] * amplitude[x] * total[x];
    V slope = SPLAT(0.0);
    for (int v = 0; v < p->levels + p->crossed; v++) {
      const V level = at(numbers, LEVELS + 2 * v, x, 1), a = at(numbers, LEVELS + 2 * v + 1, x, 1);
      const V gap = v < p->levels ? level - omega[x] : (level - at(numbers, E_EG, x, 1)) + omega[x], by_gap = -bar * a / (gap * gap);
      b->numbers[U * (LEVELS + 2 * v) + x] += by_gap;
      b->numbers[U * (LEVELS + 2 * v + 1) + x] += bar / gap;
      if (v < p->levels) slope -= by_gap;
      else {
        slope += by_gap;
        b->numbers[U * E_EG + x] -= by_gap;
      }
    }
    omega_bar[x] = slope;
  }
  pull_factors(p, numbers, folded, omega, (const Twice(*)[U])kinematics, rows, bars, b);
  EACH {
    omega_bar[x] += bars[QZ][x] - bars[Q0][x] - 2 * E[x] * bars[S][x];
    b->numbers[U * E_EG + x] += bars[Q0][x] + 2 * kinematics[Q0][x].h * bars[S][x];
    b->numbers[U * MOMENTUM + x] += bars[QZ][x] - 2 * kinematics[QZ][x].h * bars[S][x];
  }
}
#define pull NAMED(pull)

/* Pull back the coefficients of all pairs to the numbers. */
INLINE void NAMED(pull_fold)(const Program *p, const double *constants, const double *numbers, const double *folded, const V *scales,
                             V *scale_bars, Bars *b)
{
  const double *pair = folded + (BASE + POLE * p->mediators) * N;
  const V *coefficients = b->coefficients;
  for (int k = 0; k < U * p->n_slots; k++) scale_bars[k] = SPLAT(0.0);
  for (int i = 0; i < p->n; i++)
    for (int j = i; j < p->n; j++, pair += pair_length(p) * N) {
      V M_bar[U], d_bar[U];
      EACH M_bar[x] = d_bar[x] = SPLAT(0.0);
      for (int k = 0; k < p->n_channels; k++)
        for (int part = 0; part < 2; part++, coefficients += U) {
          const int pole = p->slots[SLOT * p->channels[CHANNEL * k + 2] + 4];
          EACH {
            const V value = coefficients[x] * at(pair, PAIR + COEFFICIENT * k + 2 * part, x, 1);
            if (pole != NONE) b->E[x] -= value / at(folded, 0, x, 1);
            if (p->electric) b->numbers[U * DIPOLE + x] += value / at(numbers, DIPOLE, x, 1);
          }
          for (int n = p->channels[CHANNEL * k + 2]; n < p->channels[CHANNEL * k + 3]; n++) {
            const whole *slot = p->slots + SLOT * n;
            const int imaginary = slot[2] ? !part : part;
            double factor = slot[2] && !part ? -1 : 1;
            if (p->majorana) factor *= imaginary == (slot[3] < 0) ? 2 : 0;
            if (factor == 0 || (imaginary && i == j)) continue;
            const ptrdiff_t place = slot[1] + 2 * ((ptrdiff_t)p->n * i + j) + imaginary;
            EACH {
              const V M = at(pair, 3, x, 1), d = at(pair, 4, x, 1), scale = scales[2 * U * n + x], bar = coefficients[x];
              const V masses = power(d, slot[6]) * power(M, slot[7]), element = factor * at(numbers, place, x, 1) * bar;
              b->numbers[U * place + x] += factor * scale * masses * bar;
              scale_bars[U * n + x] += masses * element;
              if (slot[6]) d_bar[x] += (double)slot[6] * power(d, slot[6] - 1) * power(M, slot[7]) * scale * element;
              if (slot[7]) M_bar[x] += (double)slot[7] * power(d, slot[6]) * power(M, slot[7] - 1) * scale * element;
            }
          }
        }
      EACH {
        b->numbers[U * (p->masses + i) + x] += M_bar[x] + d_bar[x];
        b->numbers[U * (p->masses + j) + x] += M_bar[x] - d_bar[x];
      }
    }
  for (int n = 0; n < p->n_slots; n++) {
    const whole *slot = p->slots + SLOT * n;
    EACH {
      V rest = SPLAT(constants[2 * n]), electron = SPLAT(1.0), dipole = SPLAT(1.0);
      const V E = at(folded, 0, x, 1), bar = scale_bars[U * n + x];
      if (slot[4] != NONE) rest /= 2 * E;
      if (slot[4] != NONE && slot[5]) rest /= at(numbers, slot[4], x, 1) * at(numbers, slot[4], x, 1);
      if (slot[0] != NONE) electron = at(numbers, slot[0], x, 1);
      if (p->electric) dipole = at(numbers, DIPOLE, x, 1);
      if (slot[0] != NONE) b->numbers[U * slot[0] + x] += bar * rest * dipole;
      if (slot[4] != NONE && slot[5])
        b->numbers[U * slot[4] + x] -= 2 * bar * rest * electron * dipole / at(numbers, slot[4], x, 1);
    }
  }
  EACH {
    b->numbers[U * E_EG + x] += b->E[x];
    b->numbers[U * MOMENTUM + x] += b->E[x];
  }
}
#define pull_fold NAMED(pull_fold)

/* Derivatives of N sets at n photon energies each, at omega[n x + energy]: with weights, at weight[n x + energy], those of the
 * weighted sum, else all; by numbers at out[(size (n x + energy)) + place], one energy for a sum, by omega at out_omega. */
TARGET static void NAMED(gradients)(const Program *p, const whole *lists, const double *constants, const double *numbers, size_t n,
                                    size_t lanes, const double *omega, const double *weight, double *out, double *out_omega,
                                    double *memory)
{
  const size_t size = (size_t)p->n_numbers, rows = 2 * (size_t)p->n_rows + (size_t)p->n_weights;
  V *folded = (V *)memory, *scales = folded + U * folded_length(p), *scale_bars = scales + 2 * U * (size_t)p->n_slots;
  V *room = scale_bars + U * (size_t)p->n_slots, *weights = room + 2 * U * (size_t)p->n_rows;
  Bars b;
  b.numbers = room + U * rows;
  b.E = b.numbers + U * size;
  b.rows = b.E + U;
  b.weights = b.rows + U * (size_t)p->n_rows;
  b.coefficients = b.weights + U * (size_t)p->n_weights;
  const size_t accumulated = U * (size + 1), pairs = U * 2 * (size_t)p->n_channels * pairs_of(p);
  whole *script = (whole *)(b.coefficients + pairs);
  fold_base(p, constants, numbers, folded, scales, 1);
  V *pair = folded + (BASE + POLE * (size_t)p->mediators) * U;
  for (int i = 0; i < p->n; i++)
    for (int j = i; j < p->n; j++, pair += pair_length(p) * U) fold_pair(p, numbers, scales, i, j, pair, script, 1);
  for (size_t e = 0; e < n; e++) {
    if (e == 0 || !weight) {
      for (size_t k = 0; k < accumulated; k++) b.numbers[k] = SPLAT(0.0);
      for (size_t k = 0; k < pairs; k++) b.coefficients[k] = SPLAT(0.0);
    }
    V at_omega[U], at_weight[U], omega_bar[U];
    for (size_t x = 0; x < N; x++) {
      const size_t from = n * (x < lanes ? x : 0) + e;
      ((double *)at_omega)[x] = omega[from];
      ((double *)at_weight)[x] = weight ? weight[from] : 1;
    }
    pull(p, lists, numbers, (const double *)folded, at_omega, at_weight, omega_bar, &b, room, weights);
    for (size_t x = 0; x < lanes; x++) out_omega[n * x + e] = ((const double *)omega_bar)[x];
    if (weight && e + 1 < n) continue;
    pull_fold(p, constants, numbers, (const double *)folded, scales, scale_bars, &b);
    const size_t outs = weight ? 1 : n, to = weight ? 0 : e;
    for (size_t x = 0; x < lanes; x++)
      for (size_t k = 0; k < size; k++) out[size * (outs * x + to) + k] = ((const double *)b.numbers)[N * k + x];
  }
}

static const Kind RENP_KERNEL = {
    WORDS(RENP_KERNEL), N, NAMED(fold_one), NAMED(fold_sets), NAMED(energies), NAMED(sets), NAMED(gradients)};

#undef V
#undef Bars
#undef power
#undef pull_pair
#undef pull_factors
#undef pull
#undef pull_fold
#undef V
#undef Twice
#undef product_error
#undef twice
#undef two_sum
#undef quick_two_sum
#undef two_product
#undef add
#undef times
#undef product
#undef quotient
#undef fused
#undef threshold
#undef rest_of
#undef at
#undef fold_base
#undef any
#undef fold_pair
#undef factors
#undef weigh
#undef sum_of
#undef constant_pair
#undef any_pair
#undef strip
#undef V
#undef SPLAT
#undef WHERE
#undef N
#undef EACH
#undef OPEN
#undef CLOSE
#undef INLINE
#undef FUSED
#undef ROOT
#undef W
#undef U
#undef TARGET
#undef RENP_KERNEL
#endif
