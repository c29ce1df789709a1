/* Evaluation of spectral functions from a prepared plan. C99; no dependencies but the mathematical library.
 *
 *   I(omega) = amplitude(omega)^2 / y^p * sum_pairs sqrt(d (d + Q)) * sum_a d^a * sum_F K[F, a] F(omega)
 *
 * with d = (high - omega) + low the distance to the pair's threshold in two parts, and rows F of products of q_z = omega + K,
 * q0 = E_eg - omega, y and propagators. With the momentum K imprinted on the target y = E_eg - K - 2 omega = s / (E_eg + K);
 * all powers of E_eg + K sit in the weights.
 *
 * Build with -O3 -fno-math-errno -fno-trapping-math -ffp-contract=off. Without contraction every operation rounds once as
 * IEEE 754 prescribes, so all instruction sets, block sizes and threads give the same bits. Square roots, not
 * multiplications, bound the speed of the Standard Model; fusing would gain nothing there.
 */
#include "spectral.h"

#include <float.h>
#include <math.h>

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

#if !defined(RENP_CLONES) && defined(__x86_64__) && defined(__ELF__) && defined(__GLIBC__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define RENP_CLONES 1
#endif
#endif
#if defined(RENP_CLONES) && RENP_CLONES
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

#if defined(__GNUC__)
#define ALIGNED __attribute__((aligned(64)))
#define UNROLL _Pragma("GCC unroll 16")
#define LANES 8
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
#else
#define ALIGNED
#define UNROLL
#define LANES 1
typedef double lanes;
#endif

enum { VECTORS = 4, STRIP = 32, TILE = 3, BLOCK = 128, ROOM = 6144, SMALL_ROOM = 3072, MAX_WEIGHTS = 512, MAX_POWER = 7 };
enum { ONES, QZ, Q0, Y, REAL, IMAGINARY, SQUARE, PRODUCT };
enum { HEADER = 14, LEVEL = 2, POLE = 3, ROW = 3, TERM = 2, PAIR = 3 };
#define MAGIC 20250.0

/* Sets of weights that have straight-line code below. */
@KINDS@

/* Layout: header {MAGIC, levels, poles, rows, weights, tiles, kind, s power, E_eg, length, K, E_eg - K in two parts high and
 * low, the number below which the photon energies lie}; levels {E_vg, c}; poles {high, low, width}; rows {operation, a, b}; terms {row, power}, powers descending; tiles: TILE pairs {high, low, Q}, then for
 * each weight TILE numbers. */
typedef struct {
  const double *levels, *poles, *rows, *terms, *tiles;
  int n_levels, n_poles, n_rows, n_weights, n_tiles, kind, s_power;
  double E_eg, K, high, low, edge;
} Plan;

static Plan unpacked(const double *p)
{
  Plan q;
  q.n_levels = (int)p[1];
  q.n_poles = (int)p[2];
  q.n_rows = (int)p[3];
  q.n_weights = (int)p[4];
  q.n_tiles = (int)p[5];
  q.kind = (int)p[6];
  q.s_power = (int)p[7];
  q.E_eg = p[8];
  q.K = p[10];
  q.high = p[11];
  q.low = p[12];
  q.edge = p[13];
  q.levels = p + HEADER;
  q.poles = q.levels + LEVEL * q.n_levels;
  q.rows = q.poles + POLE * q.n_poles;
  q.terms = q.rows + ROW * q.n_rows;
  q.tiles = q.terms + TERM * q.n_weights;
  return q;
}

static int whole(double x, double low, double high) { return x >= low && x <= high && x == floor(x); }

int renp_check_plan(const double *p, size_t length)
{
  if (length < HEADER || p[0] != MAGIC || p[9] != (double)length) return 1;
  if (!whole(p[1], 1, 1e6) || !whole(p[2], 0, 64) || !whole(p[3], 0, ROOM / STRIP) || !whole(p[4], 0, MAX_WEIGHTS)) return 1;
  if (!whole(p[5], 0, 1e6) || !whole(p[6], 0, KINDS) || !whole(p[7], 0, 8) || !(p[8] > 0)) return 1;
  if (!(fabs(p[10]) < p[8]) || !(p[11] > 0) || !(fabs(p[12]) < p[11]) || !(p[13] > 0 && p[13] <= p[8])) return 1;
  if (p[6] != 0 && p[10] != 0) return 1;
  const Plan q = unpacked(p);
  const size_t tile = (size_t)TILE * (size_t)(PAIR + q.n_weights);
  if ((size_t)(q.tiles - p) + tile * (size_t)q.n_tiles != length) return 1;
  for (int r = 0; r < q.n_rows; r++) {
    const double *row = q.rows + ROW * r;
    const double top = row[0] == PRODUCT ? r - 1 : (row[0] == REAL || row[0] == IMAGINARY || row[0] == SQUARE) ? q.n_poles - 1 : 0;
    if (!whole(row[0], ONES, PRODUCT) || !whole(row[1], 0, top)) return 1;
    if (!whole(row[2], 0, row[0] == PRODUCT ? r - 1 : 0)) return 1;
  }
  double above = MAX_POWER;
  for (int i = 0; i < q.n_weights; i++) {
    const double *term = q.terms + TERM * i;
    if (!whole(term[0], 0, q.n_rows - 1) || !whole(term[1], 0, above)) return 1;
    above = term[1];
  }
  return q.kind && straight_weights[q.kind - 1] != q.n_weights;
}

/* How many points lie outside (0, edge), NaN included; how many results are not finite. */
CLONES int renp_outside(const double *restrict omega, double edge, int m)
{
  int count = 0;
  m &= -STRIP;
  for (int x = 0; x < m; x++) count += !((omega[x] > 0) & (omega[x] < edge));
  return count;
}

CLONES int renp_infinite(const double *restrict result, int m)
{
  int count = 0;
  m &= -STRIP;
  for (int x = 0; x < m; x++) count += !(result[x] - result[x] == 0);
  return count;
}

/* The distance high + low - omega, rounded once: for omega <= high, and for any omega. */
#define BELOW(high, low, omega, gap)                                               \
  const double gap##_first = (high) - (omega);                                     \
  const double gap = gap##_first + ((((high) - gap##_first) - (omega)) + (low))
#define APART(high, low, omega, gap)                                               \
  const double gap##_first = (high) - (omega), gap##_shadow = gap##_first - (high); \
  const double gap##_tail =                                                        \
      (((high) - (gap##_first - gap##_shadow)) - ((omega) + gap##_shadow)) + (low); \
  const double gap = gap##_first + gap##_tail
#define SQUARED(gap) ((gap) * ((gap) + 2 * ((gap##_first - (gap)) + gap##_tail)))

/* y, and what its rounding left behind: without an imprinted momentum, and with any. */
#define AT_REST(plan, omega, y)                                                    \
  const double y##_twice = 2 * (omega), y = (plan)->E_eg - y##_twice, y##_rest = ((plan)->E_eg - y) - y##_twice
#define MOVED(plan, omega, y)                                                      \
  const double y##_twice = 2 * (omega), y##_first = (plan)->high - y##_twice;      \
  const double y##_tail = (((plan)->high - y##_first) - y##_twice) + (plan)->low;  \
  const double y = y##_first + y##_tail, y##_rest = (y##_first - y) + y##_tail

/* The intermediate states and 1/y^p: what multiplies the sum over pairs. The rounding of a difference that enters
 * squared or cubed is put back to first order. Rows with powers of y share its rounding with y^p; putting back p - 1 of it
 * leaves at most one in every term. */
#define FINISH(plan, omega, sum, m, PAIR_MASS)                                     \
  do {                                                                             \
    const int p_ = (plan)->s_power;                                                \
    double power_[BLOCK] ALIGNED;                                                  \
    for (int x = 0; x < (m); x++) {                                                \
      PAIR_MASS(plan, (omega)[x], y);                                              \
      power_[x] = p_ ? y + (p_ - 1) * y_rest : 1;                                  \
    }                                                                              \
    for (int k = 1; k < p_; k++)                                                   \
      for (int x = 0; x < (m); x++) {                                              \
        PAIR_MASS(plan, (omega)[x], y);                                            \
        (void)y_rest;                                                              \
        power_[x] *= y;                                                            \
      }                                                                            \
    if ((plan)->n_levels == 1) {                                                   \
      const double level = (plan)->levels[0];                                      \
      for (int x = 0; x < (m); x++) {                                              \
        const double gap = level - (omega)[x], rest = (level - gap) - (omega)[x];  \
        (sum)[x] = (sum)[x] / (power_[x] * (gap * (gap + 2 * rest)));              \
      }                                                                            \
    } else {                                                                       \
      double amplitude_[BLOCK] ALIGNED;                                            \
      for (int x = 0; x < (m); x++) amplitude_[x] = 0;                             \
      for (int v = 0; v < (plan)->n_levels; v++) {                                 \
        const double level = (plan)->levels[LEVEL * v], c = (plan)->levels[LEVEL * v + 1]; \
        for (int x = 0; x < (m); x++) amplitude_[x] += c / (level - (omega)[x]);   \
      }                                                                            \
      for (int x = 0; x < (m); x++) (sum)[x] = (sum)[x] * (amplitude_[x] * amplitude_[x]) / power_[x]; \
    }                                                                              \
  } while (0)

/* Any set of weights: rows first, then tiles of pairs times strips of points, with all sums in registers. */
CLONES void renp_general_block(const Plan *plan, const double *restrict omega, double *restrict sum, int m, double *restrict room,
                               int stride, const int *restrict offsets, const int *restrict starts, int top)
{
  const double E_eg = plan->E_eg, K = plan->K;
  m &= -STRIP;
  for (int r = 0; r < plan->n_rows; r++) {
    const double *row = plan->rows + ROW * r;
    double *restrict out = room + (ptrdiff_t)r * stride;
    const int a = (int)row[1], b = (int)row[2];
    const double *left = room + (ptrdiff_t)a * stride, *right = room + (ptrdiff_t)b * stride;
    const double *pole = plan->poles + (plan->n_poles ? POLE * a : 0);
    switch ((int)row[0]) {
    case ONES:
      for (int x = 0; x < m; x++) out[x] = 1;
      break;
    case QZ:
      for (int x = 0; x < m; x++) out[x] = omega[x] + K;
      break;
    case Q0:
      for (int x = 0; x < m; x++) out[x] = E_eg - omega[x];
      break;
    case Y:
      for (int x = 0; x < m; x++) {
        MOVED(plan, omega[x], y);
        (void)y_rest;
        out[x] = y;
      }
      break;
    case REAL: {
      const double high = pole[0], low = pole[1], width = pole[2], square = width * width;
      if (width == 0)
        for (int x = 0; x < m; x++) {
          APART(high, low, omega[x], gap);
          out[x] = 1 / gap;
        }
      else
        for (int x = 0; x < m; x++) {
          APART(high, low, omega[x], gap);
          out[x] = gap / (gap * gap + square);
        }
      break;
    }
    case IMAGINARY: {
      const double high = pole[0], low = pole[1], width = pole[2], square = width * width;
      if (width == 0)
        for (int x = 0; x < m; x++) out[x] = 0;
      else
        for (int x = 0; x < m; x++) {
          APART(high, low, omega[x], gap);
          out[x] = -width / (gap * gap + square);
        }
      break;
    }
    case SQUARE: {
      const double high = pole[0], low = pole[1], width = pole[2], square = width * width;
      if (width == 0)
        for (int x = 0; x < m; x++) {
          APART(high, low, omega[x], gap);
          out[x] = 1 / SQUARED(gap);
        }
      else
        for (int x = 0; x < m; x++) {
          APART(high, low, omega[x], gap);
          out[x] = 1 / (SQUARED(gap) + square);
        }
      break;
    }
    default:
      for (int x = 0; x < m; x++) out[x] = left[x] * right[x];
    }
  }
  for (int x = 0; x < m; x++) sum[x] = 0;
  const int n_weights = plan->n_weights;
  for (int tile = 0; tile < plan->n_tiles; tile++) {
    const double *pairs = plan->tiles + (ptrdiff_t)tile * TILE * (PAIR + n_weights);
    const double *weights = pairs + TILE * PAIR;
    for (int x = 0; x < m; x += STRIP) {
      double root[TILE][STRIP] ALIGNED, d[TILE][STRIP] ALIGNED;
      UNROLL for (int t = 0; t < TILE; t++) {
        const double high = pairs[PAIR * t], low = pairs[PAIR * t + 1], Q = pairs[PAIR * t + 2];
        for (int l = 0; l < STRIP; l++) {
          BELOW(high, low, omega[x + l], gap);
          const double open = gap > 0 ? gap : 0;
          d[t][l] = open;
          root[t][l] = sqrt(open * (open + Q));
        }
      }
      for (int half = 0; half < STRIP; half += LANES * VECTORS) {
        lanes h[TILE][VECTORS];
        UNROLL for (int t = 0; t < TILE; t++) UNROLL for (int v = 0; v < VECTORS; v++) h[t][v] = (lanes){0};
        for (int a = top; a >= 0; a--) {
          /* The terms of one power are added among themselves first: fewer roundings of the large sum. */
          lanes sum_a[TILE][VECTORS];
          UNROLL for (int t = 0; t < TILE; t++) UNROLL for (int v = 0; v < VECTORS; v++) sum_a[t][v] = (lanes){0};
          for (int i = starts[a + 1]; i < starts[a]; i++) {
            const double *row = room + offsets[i] + x + half, *k = weights + TILE * i;
            lanes f[VECTORS];
            UNROLL for (int v = 0; v < VECTORS; v++) f[v] = *(const lanes *)(row + LANES * v);
            UNROLL for (int t = 0; t < TILE; t++) {
              const double number = k[t];
              UNROLL for (int v = 0; v < VECTORS; v++) sum_a[t][v] += number * f[v];
            }
          }
          UNROLL for (int t = 0; t < TILE; t++)
            UNROLL for (int v = 0; v < VECTORS; v++)
              h[t][v] = h[t][v] * *(const lanes *)(d[t] + half + LANES * v) + sum_a[t][v];
        }
        UNROLL for (int t = 0; t < TILE; t++)
          UNROLL for (int v = 0; v < VECTORS; v++) *(lanes *)(d[t] + half + LANES * v) = h[t][v];
      }
      /* A closed channel adds exactly 0, even where a propagator is infinite. */
      UNROLL for (int t = 0; t < TILE; t++)
        for (int l = 0; l < STRIP; l++) sum[x + l] += root[t][l] > 0 ? root[t][l] * d[t][l] : 0;
    }
  }
  FINISH(plan, omega, sum, m, MOVED);
}

@STRAIGHT@
ptrdiff_t renp_evaluate(const double *numbers, size_t n, const double *omega, double *out)
{
  const Plan plan = unpacked(numbers);
  double room[ROOM] ALIGNED;
  int offsets[MAX_WEIGHTS], starts[MAX_POWER + 2], top = 0, stride = BLOCK;
  if (!plan.kind) {
    if (plan.n_rows * BLOCK > SMALL_ROOM) {
      stride = SMALL_ROOM / plan.n_rows / STRIP * STRIP;
      if (stride < STRIP) stride = STRIP;
    }
    top = plan.n_weights ? (int)plan.terms[1] : 0;
    int i = 0;
    for (int a = top; a >= 0; a--) {
      starts[a + 1] = i;
      while (i < plan.n_weights && (int)plan.terms[TERM * i + 1] == a) i++;
      starts[a] = i;
    }
    for (i = 0; i < plan.n_weights; i++) offsets[i] = (int)plan.terms[TERM * i] * stride;
  }
  const double edge = plan.edge;
  for (size_t at = 0; at < n; at += (size_t)stride) {
    const size_t left = n - at;
    const int points = left < (size_t)stride ? (int)left : stride;
    const int m = (points + STRIP - 1) / STRIP * STRIP;
    double in[BLOCK] ALIGNED, result[BLOCK] ALIGNED;
    const double *block = omega + at;
    double *target = points == m ? out + at : result;
    if (points != m) {
      for (int x = 0; x < points; x++) in[x] = block[x];
      for (int x = points; x < m; x++) in[x] = 0.5 * edge;
      block = in;
    }
    if (renp_outside(block, edge, m))
      for (int x = 0; x < points; x++)
        if (!(block[x] > 0 && block[x] < edge)) return (ptrdiff_t)at + x + 1;
    switch (plan.kind) {
@DISPATCH@
    default:
      renp_general_block(&plan, block, target, m, room, stride, offsets, starts, top);
    }
    if (renp_infinite(target, m))
      for (int x = 0; x < points; x++)
        if (!(target[x] - target[x] == 0)) return -((ptrdiff_t)at + x + 1);
    if (points != m)
      for (int x = 0; x < points; x++) out[at + (size_t)x] = result[x];
  }
  return 0;
}

const char *renp_instruction_set(void)
{
#if defined(RENP_CLONES) && RENP_CLONES
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return "avx512f";
  if (__builtin_cpu_supports("avx2")) return "avx2";
#endif
  return "baseline";
}

const char *renp_layout(void) { return LAYOUT; }

const char *renp_sets(void) { return SETS; }
