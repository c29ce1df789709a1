/* Preparation of plans from physical arguments: checks, exact folding, layout.
 *
 * A weight is a sum over products of two channels. Each product is a quotient of numbers that are held exactly, as integers
 * times powers of two, and rounded once; their sum is rounded once more. The numbers have room for LIMBS limbs of 32 bits.
 * Arguments of usual sizes need less than half of it, and nothing is lost; beyond it the lowest bits are cut off.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTIENT = 4 };
enum { MATRIX_ENTRY, GENERAL_ENTRY, REAL_ENTRY, MASS_ENTRY, WIDTH_ENTRY, CHOICE_ENTRY };
enum { PIECE_QZ, PIECE_Y, PIECE_Q0, PIECE_POLE };
enum { WHOLE, SUM, DIFFERENCE };
enum { UNITARY = @UNITARY@, FULL = @FULL@ };
enum { MOST_MASSES = @MOST_MASSES@, MOST_LEVELS = @MOST_LEVELS@ };
#define HERMITIAN_TOLERANCE @HERMITIAN_TOLERANCE@
#define TRACE_TOLERANCE @TRACE_TOLERANCE@
#define SMALLEST_ENERGY @SMALLEST_ENERGY@
#define LARGEST_ENERGY @LARGEST_ENERGY@

@SIZES@

/* An entry of the arguments: its kind, its place among its kind, its group, how many choices there are. */
typedef struct {
  int kind, place, group, choices;
  const char *message;
} Entry;

/* A group of arguments: places of the mediator's mass and width and of the choices, -1 where it has none. */
typedef struct {
  int mass, width, propagator, m1;
} Group;

/* An exact integer, its lowest limb first. */
typedef struct {
  int sign;
  uint32_t limb[WORDS];
} Whole;

/* (real + i imaginary) / denominator, by their places among the integers, * constants * electron coupling * matrix * (m_i - m_j)^difference * (m_i + m_j)^sum.
 * A part is WHOLE, or of a general matrix f the SUM f + f^+ or the DIFFERENCE i (f - f^+). */
typedef struct {
  int group, electron, matrix, part, real, imaginary, denominator, difference, sum, orbital, longitudinal;
  signed char constants[CONSTANTS];
} Contribution;

typedef struct {
  int eta, first, count;
} Channel;

/* q_z^qz q0^q0 s^s times propagators; a part is REAL, IMAGINARY or SQUARE. */
typedef struct {
  int qz, q0, s, count;
  struct {
    int group, part;
  } propagator[PROPAGATORS];
} Factor;

typedef struct {
  int factor, power;
} Weight;

/* Powers of m_i m_j, (m_i - m_j)^2, m_i - m_j and m_i + m_j. */
typedef struct {
  int P, D, d, M;
} Monomial;

/* Re or Im(c_left c_right*), and the polynomials in the masses that it adds to weights. */
typedef struct {
  int left, right, imaginary, first, count;
} Product;

typedef struct {
  int weight, first, count;
} Share;

/* An integer coefficient, by its place, for each part of the atomic tensor: along, across and circular. */
typedef struct {
  int monomial, coefficient[3];
} Term;

/* The denominator of all coefficients is given by its place among the integers. */
typedef struct {
  int channels, weights, monomials, products, denominator, s_power, sets;
  const Channel *channel;
  const Contribution *contribution;
  const Factor *factor;
  const Weight *weight;
  const int *order;
  const Monomial *monomial;
  const Product *product;
  const Share *share;
  const Term *term;
  const int *set_start, *set;
} Tables;

@TABLES@
/* The arguments of the interactions, by kind and place. */
typedef struct {
  double number[NUMBERS + 1];
  const double *matrix[MATRICES + 1];
  int choice[CHOICES + 1];
} Given;

static void collect(const renp_arguments *from, Given *to)
{
  static const Given nothing;
  *to = nothing;
@COLLECT@
}

/* ---- exact numbers ---- */

/* sign * sum_k limb[k] 2^(32 (k + exponent)); no zero limbs at either end. */
typedef struct {
  int sign, size, exponent;
  uint32_t limb[LIMBS];
} Number;

static void clear(Number *to) { to->sign = to->size = to->exponent = 0; }

static void set_limbs(Number *to, int sign, const uint32_t *limb, int size, int exponent)
{
  while (size > 0 && !limb[size - 1]) size--;
  int low = size > LIMBS ? size - LIMBS : 0;
  while (low < size && !limb[low]) low++;
  if (low == size) {
    clear(to);
    return;
  }
  to->size = size - low;
  to->sign = sign;
  to->exponent = exponent + low;
  memmove(to->limb, limb + low, (size_t)to->size * sizeof *limb);
}

static void set_number(Number *to, double value)
{
  int exponent;
  const double part = frexp(fabs(value), &exponent);
  const uint64_t whole_part = (uint64_t)ldexp(part, 53);
  exponent -= 53;
  const int shift = ((exponent % 32) + 32) % 32;
  const uint64_t low = (whole_part & 0xffffffffu) << shift, high = ((whole_part >> 32) << shift) + (low >> 32);
  const uint32_t limb[3] = {(uint32_t)low, (uint32_t)high, (uint32_t)(high >> 32)};
  set_limbs(to, value < 0 ? -1 : 1, limb, 3, (exponent - shift) / 32);
}

static void set_whole(Number *to, int place) { set_limbs(to, wholes[place].sign, wholes[place].limb, WORDS, 0); }

static void copy(Number *to, const Number *from)
{
  to->sign = from->sign;
  to->size = from->size;
  to->exponent = from->exponent;
  memmove(to->limb, from->limb, (size_t)from->size * sizeof *from->limb);
}

static void multiply(Number *to, const Number *a, const Number *b)
{
  uint32_t limb[2 * LIMBS];
  const int size = a->size + b->size;
  memset(limb, 0, (size_t)size * sizeof *limb);
  for (int i = 0; i < a->size; i++) {
    uint64_t carry = 0;
    for (int k = 0; k < b->size; k++) {
      carry += (uint64_t)a->limb[i] * b->limb[k] + limb[i + k];
      limb[i + k] = (uint32_t)carry;
      carry >>= 32;
    }
    limb[i + b->size] = (uint32_t)carry;
  }
  set_limbs(to, a->sign * b->sign, limb, size, a->exponent + b->exponent);
}

static void multiply_whole(Number *to, const Number *a, int place)
{
  Number number;
  set_whole(&number, place);
  multiply(to, a, &number);
}

static void twice(Number *to, const Number *a)
{
  Number two;
  set_number(&two, 2);
  multiply(to, a, &two);
}

static uint32_t limb_at(const Number *a, int exponent)
{
  const int k = exponent - a->exponent;
  return k >= 0 && k < a->size ? a->limb[k] : 0;
}

/* to = a + sign b */
static void add(Number *to, const Number *a, const Number *b, int sign)
{
  const int other = sign * b->sign;
  if (!a->sign || !other) {
    copy(to, other ? b : a);
    if (other) to->sign = other;
    return;
  }
  const int a_high = a->exponent + a->size, b_high = b->exponent + b->size, high = a_high > b_high ? a_high : b_high;
  int low = a->exponent < b->exponent ? a->exponent : b->exponent;
  if (low < high - LIMBS) low = high - LIMBS;
  uint32_t limb[LIMBS + 1];
  const int size = high - low;
  uint64_t carry = 0;
  int result = other;
  if (a->sign == other) {
    for (int k = 0; k < size; k++) {
      carry += (uint64_t)limb_at(a, low + k) + limb_at(b, low + k);
      limb[k] = (uint32_t)carry;
      carry >>= 32;
    }
    limb[size] = (uint32_t)carry;
  } else {
    for (int k = 0; k < size; k++) {
      const uint64_t difference = (uint64_t)limb_at(a, low + k) - limb_at(b, low + k) - carry;
      limb[k] = (uint32_t)difference;
      carry = difference >> 63;
    }
    result = carry ? other : a->sign;
    if (carry)
      for (int k = 0; k < size; k++) {
        carry += (uint32_t)~limb[k];
        limb[k] = (uint32_t)carry;
        carry >>= 32;
      }
    limb[size] = 0;
  }
  set_limbs(to, result, limb, size + 1, low);
}

static void multiply_power(Number *to, const Number *base, int power)
{
  for (int k = 0; k < power; k++) multiply(to, to, base);
}

static int same(const Number *a, const Number *b)
{
  return a->sign == b->sign && a->size == b->size && a->exponent == b->exponent &&
         !memcmp(a->limb, b->limb, (size_t)a->size * sizeof *a->limb);
}

/* Limb k of a number times 2^shift, 0 <= shift < 32; k counts from the number's lowest limb. */
static uint32_t shifted(const Number *a, int k, int shift)
{
  const uint64_t two = (uint64_t)limb_at(a, a->exponent + k) << 32 | limb_at(a, a->exponent + k - 1);
  return (uint32_t)(two << shift >> 32);
}

/* Long division of the absolute values, both times 2^shift so that the divisor's highest bit is set. The quotient has 65 to
 * 128 bits, times 2^(32 exponent). Returns whether something is left over. */
static int divide(uint32_t quotient[QUOTIENT], int *exponent, const Number *over, const Number *under)
{
  uint32_t u[LIMBS + QUOTIENT], v[LIMBS];
  const int n = under->size, cut = over->size + 1 - (n + QUOTIENT);
  int shift = 0, left = 0;
  while (!(under->limb[n - 1] >> (31 - shift))) shift++;
  for (int k = 0; k < n; k++) v[k] = shifted(under, k, shift);
  for (int k = 0; k < n + QUOTIENT; k++) u[k] = shifted(over, cut + k, shift);
  for (int k = 0; k < cut; k++) left |= shifted(over, k, shift) != 0;
  for (int j = QUOTIENT - 1; j >= 0; j--) {
    /* The two highest limbs give the next limb of the quotient, or up to two more than it: algorithm D of Knuth. */
    const uint64_t two = (uint64_t)u[j + n] << 32 | u[j + n - 1];
    uint64_t digit = two / v[n - 1], rest = two % v[n - 1];
    while (digit >> 32 || (n > 1 && digit * v[n - 2] > (rest << 32 | u[j + n - 2]))) {
      digit--;
      rest += v[n - 1];
      if (rest >> 32) break;
    }
    uint64_t carry = 0, borrow = 0;
    for (int k = 0; k <= n; k++) {
      carry += k < n ? digit * v[k] : 0;
      const uint64_t difference = (uint64_t)u[j + k] - (uint32_t)carry - borrow;
      u[j + k] = (uint32_t)difference;
      borrow = difference >> 63;
      carry >>= 32;
    }
    if (borrow) {
      digit--;
      carry = 0;
      for (int k = 0; k <= n; k++) {
        carry += (uint64_t)u[j + k] + (k < n ? v[k] : 0);
        u[j + k] = (uint32_t)carry;
        carry >>= 32;
      }
    }
    quotient[j] = (uint32_t)digit;
  }
  for (int k = 0; k < n; k++) left |= u[k] != 0;
  *exponent = over->exponent + cut - under->exponent;
  return left;
}

/* Return over / under * 2^twos, rounded once to the nearest double, ties to even; infinity when it is too large. */
static double rounded(const Number *over, const Number *under, int twos)
{
  uint32_t quotient[QUOTIENT];
  int exponent, bits = 32 * QUOTIENT;
  if (!over->sign) return 0;
  int odd = divide(quotient, &exponent, over, under);
  exponent = 32 * exponent + twos;
  while (!(quotient[(bits - 1) / 32] >> (bits - 1) % 32 & 1)) bits--;
  /* Fewer bits than 53 are left above 2^-1074. */
  const int room = bits + exponent + 1074, drop = bits - (room < 0 ? 0 : room < 53 ? room : 53);
  uint64_t kept = 0;
  for (int k = bits - 1; k >= drop; k--) kept = kept << 1 | (quotient[k / 32] >> k % 32 & 1);
  for (int k = 0; k < drop - 1; k++) odd |= quotient[k / 32] >> k % 32 & 1;
  const int half = quotient[(drop - 1) / 32] >> (drop - 1) % 32 & 1;
  if (room >= 0 && half && (odd || kept & 1)) kept++;
  const double value = ldexp((double)kept, exponent + drop);
  return over->sign * under->sign < 0 ? -value : value;
}

/* Return the sum of n numbers, rounded once. */
static double rounded_sum(const double *number, int n)
{
  double plain = 0;
  Number sum, next, one;
  if (n < 2) return n ? number[0] : 0;
  for (int k = 0; k < n; k++) plain += number[k];
  if (!(plain - plain == 0)) return plain;
  clear(&sum);
  for (int k = 0; k < n; k++) {
    set_number(&next, number[k]);
    add(&sum, &sum, &next, 1);
  }
  set_number(&one, 1);
  return rounded(&sum, &one, 0);
}

/* ---- checks ---- */

static int finite_number(double x) { return x - x == 0; }

/* Whether an energy, a mass or a width is in the supported range. */
static int supported(double energy) { return energy >= SMALLEST_ENERGY && energy <= LARGEST_ENERGY; }

/* Whether n x n complex numbers are finite and Hermitian up to rounding. */
static int hermitian(const double *matrix, size_t n)
{
  double deviation = 0, largest = 0;
  for (size_t k = 0; k < 2 * n * n; k++)
    if (!finite_number(matrix[k])) return 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      const double *a = matrix + 2 * (n * i + j), *b = matrix + 2 * (n * j + i);
      const double size = hypot(a[0], a[1]), apart = hypot(a[0] - b[0], a[1] + b[1]);
      if (size > largest) largest = size;
      if (apart > deviation) deviation = apart;
    }
  return finite_number(largest + deviation) && deviation <= HERMITIAN_TOLERANCE * largest;
}

/* Entry (i, j) of a part of a matrix. Each number is one sum of two, as in Python. */
static void set_entry(double to[2], const double *matrix, int part, size_t n, size_t i, size_t j)
{
  const double *a = matrix + 2 * (n * i + j), *b = matrix + 2 * (n * j + i);
  to[0] = part == WHOLE ? a[0] : part == SUM ? a[0] + b[0] : -(a[1] + b[1]);
  to[1] = part == WHOLE ? a[1] : part == SUM ? a[1] - b[1] : a[0] - b[0];
}

/* Whether n x n complex numbers and their parts are finite. */
static int finite_parts(const double *matrix, size_t n)
{
  double largest[3] = {0}, entry[2];
  for (size_t k = 0; k < 2 * n * n; k++)
    if (!finite_number(matrix[k])) return 0;
  for (int part = SUM; part <= DIFFERENCE; part++)
    for (size_t k = 0; k < n * n; k++) {
      set_entry(entry, matrix, part, n, k / n, k % n);
      if (hypot(entry[0], entry[1]) > largest[part]) largest[part] = hypot(entry[0], entry[1]);
    }
  return finite_number(largest[SUM] + largest[DIFFERENCE]);
}

static int is_given(const Given *given, int group)
{
  const int mass = groups[group].mass;
  return mass < 0 || given->number[mass] != 0;
}

/* The width of a group's mediator, 0 where the group has none. */
static double width_of(const Given *given, int group)
{
  const int width = groups[group].width;
  return width < 0 ? 0 : given->number[width];
}

static int check_entry(const Given *given, const Entry *entry, size_t n)
{
  switch (entry->kind) {
  case MATRIX_ENTRY: {
    const double *matrix = given->matrix[entry->place];
    return !matrix || (hermitian(matrix, n) && is_given(given, entry->group));
  }
  case GENERAL_ENTRY: {
    const double *matrix = given->matrix[entry->place];
    return !matrix || (finite_parts(matrix, n) && is_given(given, entry->group));
  }
  case CHOICE_ENTRY:
    return given->choice[entry->place] >= 0 && given->choice[entry->place] < entry->choices;
  default: {
    const double number = given->number[entry->place];
    return number == 0 || (is_given(given, entry->group) &&
                           (entry->kind == REAL_ENTRY ? finite_number(number) : supported(number)));
  }
  }
}

/* The intermediate states of both orders of the steps. */
static size_t levels_of(const renp_arguments *a) { return a->n_levels + a->n_crossed; }

static int check_sizes(const renp_arguments *a)
{
  if (a->n_levels < 1 || a->n_levels > MOST_LEVELS) return RENP_BAD_N_LEVELS;
  if (a->n_crossed > MOST_LEVELS - a->n_levels) return RENP_BAD_N_CROSSED;
  return a->n_masses < 1 || a->n_masses > MOST_MASSES ? RENP_BAD_N_MASSES : 0;
}

static int check(const renp_arguments *a, const Given *given)
{
  if (check_sizes(a)) return check_sizes(a);
  if (!supported(a->E_eg)) return RENP_BAD_E_EG;
  if (!a->E_vg) return RENP_BAD_E_VG;
  for (size_t k = 0; k < a->n_levels; k++)
    if (!(a->E_vg[k] > a->E_eg) || !supported(a->E_vg[k])) return RENP_BAD_E_VG;
  if (!a->intermediate_amplitudes && a->n_levels > 1) return RENP_BAD_INTERMEDIATE_AMPLITUDES;
  for (size_t k = 0; a->intermediate_amplitudes && k < a->n_levels; k++)
    if (!finite_number(a->intermediate_amplitudes[k])) return RENP_BAD_INTERMEDIATE_AMPLITUDES;
  if (a->n_crossed && (!a->crossed_E_vg || !a->crossed_amplitudes)) return RENP_BAD_CROSSED;
  for (size_t k = 0; k < a->n_crossed; k++)
    if (!(a->crossed_E_vg[k] > a->E_eg) || !supported(a->crossed_E_vg[k]) || !finite_number(a->crossed_amplitudes[k]))
      return RENP_BAD_CROSSED;
  if (!a->masses) return RENP_BAD_MASSES;
  for (size_t k = 0; k < a->n_masses; k++)
    if (a->masses[k] != 0 && !supported(a->masses[k])) return RENP_BAD_MASSES;
  if (a->nature != RENP_DIRAC && a->nature != RENP_MAJORANA) return RENP_BAD_NATURE;
  if (a->pair_step != RENP_M1 && a->pair_step != RENP_E1) return RENP_BAD_PAIR_STEP;
  if (!finite_number(a->dipole_length) || (a->pair_step == RENP_E1 && a->dipole_length == 0)) return RENP_BAD_DIPOLE_LENGTH;
  if (a->atomic_tensor) {
    const double *T = a->atomic_tensor;
    if (!hermitian(T, 3) || !(fabs(T[0] + T[8] + T[16] - 1) <= TRACE_TOLERANCE)) return RENP_BAD_ATOMIC_TENSOR;
  }
  if (a->m1 < 0 || a->m1 > FULL) return RENP_BAD_M1;
  const double K = a->imprinted_momentum;
  if (!(fabs(K) < a->E_eg) || (K != 0 && !supported(fabs(K)))) return RENP_BAD_IMPRINTED_MOMENTUM;
  for (int k = 0; k < ENTRIES; k++)
    if (!check_entry(given, &entries[k], a->n_masses)) return RENP_BAD_ENTRY + k;
  return 0;
}

/* ---- folding ---- */

typedef struct {
  Number over, under;
} Fraction;

typedef struct {
  const renp_arguments *arguments;
  const Tables *tables;
  Given given;
  Number part[3], thirds, energy[ENERGIES + 1], squared_amplitude;
  Number scale[CONTRIBUTIONS], channel_under[CHANNELS], value[CHANNELS][2][2], monomial[MONOMIALS];
  signed char active[CONTRIBUTIONS], dark[PRODUCTS];
  double share[WEIGHTS][SHARES];
} Fold;

static int strength(const Fold *f, const Contribution *c, Fraction *s)
{
  const Group *group = &groups[c->group];
  if (!f->given.matrix[c->matrix] || !is_given(&f->given, c->group)) return 0;
  if (c->longitudinal && (group->propagator < 0 || f->given.choice[group->propagator] != UNITARY)) return 0;
  if (c->electron >= 0 && f->given.number[c->electron] == 0) return 0;
  Number number;
  set_number(&s->over, c->electron < 0 ? 1 : f->given.number[c->electron]);
  set_whole(&s->under, c->denominator);
  for (int k = 0; k < CONSTANTS; k++) {
    set_number(&number, constants[k]);
    multiply_power(&s->over, &number, c->constants[k]);
    multiply_power(&s->under, &number, -c->constants[k]);
  }
  if (f->arguments->pair_step == RENP_E1) {
    set_number(&number, f->arguments->dipole_length);
    multiply(&s->over, &s->over, &number);
  }
  const int own = group->m1 < 0 ? 0 : f->given.choice[group->m1];
  if (c->orbital && (own ? own : f->arguments->m1) == FULL) twice(&s->under, &s->under);
  if (c->longitudinal) {
    set_number(&number, f->given.number[group->mass]);
    multiply_power(&s->under, &number, 2);
  }
  return 1;
}

/* Bring the strengths of a channel's contributions over one denominator. */
static void set_channel(Fold *f, int n)
{
  const Channel *channel = &f->tables->channel[n];
  Fraction strengths[CONTRIBUTIONS_OF_ONE];
  int first_with[CONTRIBUTIONS_OF_ONE];
  /* Never more: said once again for compilers that look for the ends of arrays. */
  const int count = channel->count < CONTRIBUTIONS_OF_ONE ? channel->count : CONTRIBUTIONS_OF_ONE;
  set_number(&f->channel_under[n], 1);
  for (int k = 0; k < count; k++) {
    f->active[channel->first + k] = (signed char)strength(f, &f->tables->contribution[channel->first + k], &strengths[k]);
    if (!f->active[channel->first + k]) continue;
    first_with[k] = k;
    for (int m = k - 1; m >= 0; m--)
      if (f->active[channel->first + m] && same(&strengths[m].under, &strengths[k].under)) first_with[k] = m;
    if (first_with[k] == k) multiply(&f->channel_under[n], &f->channel_under[n], &strengths[k].under);
  }
  for (int k = 0; k < count; k++) {
    if (!f->active[channel->first + k]) continue;
    Number *scale = &f->scale[channel->first + k];
    copy(scale, &strengths[k].over);
    for (int m = 0; m < count; m++)
      if (f->active[channel->first + m] && first_with[m] == m && first_with[k] != m)
        multiply(scale, scale, &strengths[m].under);
  }
}

static void set_tensor(Fold *f)
{
  const double *T = f->arguments->atomic_tensor;
  const double part[3] = {T ? T[16] : 1.0 / 3, T ? T[0] + T[8] : 2.0 / 3, T ? 2 * T[3] : 0};
  /* One third and two thirds stand for exact thirds. */
  static const double averaged[3] = {1, 2, 0};
  const int average = part[0] == 1.0 / 3 && part[1] == 2.0 / 3 && part[2] == 0;
  set_number(&f->thirds, average ? 3 : 1);
  for (int k = 0; k < 3; k++) set_number(&f->part[k], average ? averaged[k] : part[k]);
}

/* Products with the imaginary part of a propagator without width vanish. */
static void set_dark(Fold *f)
{
  for (int n = 0; n < f->tables->products; n++) {
    const Product *product = &f->tables->product[n];
    const Factor *factor = &f->tables->factor[f->tables->weight[f->tables->share[product->first].weight].factor];
    f->dark[n] = 0;
    for (int k = 0; k < factor->count; k++)
      if (factor->propagator[k].part == IMAGINARY && is_given(&f->given, factor->propagator[k].group) &&
          width_of(&f->given, factor->propagator[k].group) == 0)
        f->dark[n] = 1;
  }
}

static void prepare_fold(Fold *f, const renp_arguments *arguments)
{
  const Tables *tables = f->tables;
  Number E, K;
  set_tensor(f);
  set_dark(f);
  for (int n = 0; n < tables->channels; n++) set_channel(f, n);
  /* s = (E_eg + K) (E_eg - K - 2 omega) */
  set_number(&E, arguments->E_eg);
  set_number(&K, arguments->imprinted_momentum);
  add(&E, &E, &K, 1);
  set_number(&f->energy[0], 1);
  for (int k = 1; k <= ENERGIES; k++) multiply(&f->energy[k], &f->energy[k - 1], &E);
  /* The amplitude of a single level is part of the weights. */
  set_number(&f->squared_amplitude,
             arguments->intermediate_amplitudes && levels_of(arguments) == 1 ? arguments->intermediate_amplitudes[0] : 1);
  multiply(&f->squared_amplitude, &f->squared_amplitude, &f->squared_amplitude);
}

/* The values of all channels for a pair (i, j), and for (j, i). */
static void set_values(Fold *f, size_t i, size_t j)
{
  const renp_arguments *a = f->arguments;
  const size_t first[2] = {i, j}, second[2] = {j, i};
  for (int n = 0; n < f->tables->channels; n++) {
    const Channel *channel = &f->tables->channel[n];
    Number (*value)[2] = f->value[n];
    for (int order = 0; order < 2; order++) {
      clear(&value[order][0]);
      clear(&value[order][1]);
      Number left, right, difference, sum;
      set_number(&left, a->masses[first[order]]);
      set_number(&right, a->masses[second[order]]);
      add(&difference, &left, &right, -1);
      add(&sum, &left, &right, 1);
      for (int k = channel->first; k < channel->first + channel->count; k++) {
        const Contribution *c = &f->tables->contribution[k];
        if (!f->active[k]) continue;
        double entry[2];
        set_entry(entry, f->given.matrix[c->matrix], c->part, a->n_masses, first[order], second[order]);
        Number factor, part, multiple, real_part, imaginary_part;
        set_whole(&real_part, c->real);
        set_whole(&imaginary_part, c->imaginary);
        copy(&factor, &f->scale[k]);
        multiply_power(&factor, &difference, c->difference);
        multiply_power(&factor, &sum, c->sum);
        for (int imaginary = 0; imaginary < 2; imaginary++) {
          set_number(&part, entry[imaginary]);
          multiply(&part, &part, &factor);
          multiply(&multiple, &part, &real_part);
          add(&value[order][imaginary], &value[order][imaginary], &multiple, 1);
          multiply(&multiple, &part, &imaginary_part);
          add(&value[order][1 - imaginary], &value[order][1 - imaginary], &multiple, imaginary ? -1 : 1);
        }
      }
    }
    for (int part = 0; a->nature == RENP_MAJORANA && part < 2; part++) {
      Number exchanged;
      copy(&exchanged, &value[0][part]);
      add(&value[0][part], &value[0][part], &value[1][part], channel->eta);
      add(&value[1][part], &value[1][part], &exchanged, channel->eta);
    }
  }
}

static void set_monomials(Fold *f, double m_i, double m_j)
{
  Number left, right, P, d, M;
  set_number(&left, m_i);
  set_number(&right, m_j);
  multiply(&P, &left, &right);
  add(&d, &left, &right, -1);
  add(&M, &left, &right, 1);
  for (int k = 0; k < f->tables->monomials; k++) {
    const Monomial *powers = &f->tables->monomial[k];
    set_number(&f->monomial[k], 1);
    multiply_power(&f->monomial[k], &P, powers->P);
    multiply_power(&f->monomial[k], &d, 2 * powers->D + powers->d);
    multiply_power(&f->monomial[k], &M, powers->M);
  }
}

/* Re or Im(a b*) */
static void conjugate_product(Number *to, Number a[2], Number b[2], int imaginary)
{
  Number left, right;
  multiply(&left, &a[imaginary], &b[0]);
  multiply(&right, &a[1 - imaginary], &b[1]);
  add(to, &left, &right, imaginary ? -1 : 1);
}

/* The polynomial in the masses of one share, even and odd under exchange of the pair. */
static void set_polynomials(const Fold *f, const Share *share, Number polynomial[2])
{
  Number coefficient, piece;
  clear(&polynomial[0]);
  clear(&polynomial[1]);
  for (int k = share->first; k < share->first + share->count; k++) {
    const Term *term = &f->tables->term[k];
    Number *side = &polynomial[f->tables->monomial[term->monomial].d % 2];
    clear(&coefficient);
    for (int part = 0; part < 3; part++) {
      if (!wholes[term->coefficient[part]].sign) continue;
      multiply_whole(&piece, &f->part[part], term->coefficient[part]);
      add(&coefficient, &coefficient, &piece, 1);
    }
    multiply(&piece, &coefficient, &f->monomial[term->monomial]);
    add(side, side, &piece, 1);
  }
}

/* The power of two and the power of E_eg + K that a weight is multiplied with. */
static void energy_scale(const Tables *tables, const Weight *weight, int *twos, int *energies)
{
  const Factor *factor = &tables->factor[weight->factor];
  *twos = 1 + weight->power;
  for (int k = 0; k < factor->count; k++) *twos -= factor->propagator[k].part == SQUARE ? 2 : 1;
  *energies = *twos + factor->s - tables->s_power;
}

/* The weights of the pair (i, j): weight[w * stride]. */
static void fold_pair(Fold *f, size_t i, size_t j, double *weight, size_t stride)
{
  const Tables *tables = f->tables;
  int count[WEIGHTS] = {0};
  set_values(f, i, j);
  set_monomials(f, f->arguments->masses[i], f->arguments->masses[j]);
  for (int n = 0; n < tables->products; n++) {
    const Product *product = &tables->product[n];
    Number(*left)[2] = f->value[product->left], (*right)[2] = f->value[product->right];
    Number first, second, side[2], under;
    if (f->dark[n]) continue;
    conjugate_product(&first, left[0], right[0], product->imaginary);
    if (i == j) {
      copy(&side[0], &first);
      clear(&side[1]);
    } else {
      conjugate_product(&second, left[1], right[1], product->imaginary);
      add(&side[0], &first, &second, 1);
      add(&side[1], &first, &second, -1);
    }
    if (!side[0].sign && !side[1].sign) continue;
    multiply(&under, &f->channel_under[product->left], &f->channel_under[product->right]);
    multiply(&under, &under, &f->thirds);
    multiply_whole(&under, &under, tables->denominator);
    if (f->arguments->nature == RENP_MAJORANA) twice(&under, &under);
    for (int k = product->first; k < product->first + product->count; k++) {
      const Share *share = &tables->share[k];
      Number polynomial[2], total, piece, below;
      int twos, energies;
      set_polynomials(f, share, polynomial);
      multiply(&total, &side[0], &polynomial[0]);
      multiply(&piece, &side[1], &polynomial[1]);
      add(&total, &total, &piece, 1);
      if (!total.sign) continue;
      multiply(&total, &total, &f->squared_amplitude);
      energy_scale(tables, &tables->weight[share->weight], &twos, &energies);
      multiply(&total, &total, &f->energy[energies > 0 ? energies : 0]);
      multiply(&below, &under, &f->energy[energies < 0 ? -energies : 0]);
      f->share[share->weight][count[share->weight]++] = rounded(&total, &below, twos);
    }
  }
  for (int w = 0; w < tables->weights; w++) weight[(size_t)w * stride] = rounded_sum(f->share[w], count[w]);
}

/* 2 m_i m_j / (E_eg + K), rounded once */
static double mass_product(const Fold *f, double m_i, double m_j)
{
  Number left, right;
  set_number(&left, m_i);
  set_number(&right, m_j);
  multiply(&left, &left, &right);
  return rounded(&left, &f->energy[1], 1);
}

/* ---- thresholds ---- */

/* (E_eg^2 - K^2 - (first + second)^2) / (2 (E_eg + K)) as an unevaluated sum of two numbers: the nearest one, and the nearest
 * to the rest. */
static void two_part_threshold(const renp_arguments *a, double first, double second, double *to)
{
  Number energy, momentum, mass, part, over, under;
  set_number(&energy, a->E_eg);
  set_number(&momentum, a->imprinted_momentum);
  set_number(&mass, first);
  set_number(&part, second);
  add(&mass, &mass, &part, 1);
  multiply(&over, &energy, &energy);
  multiply(&mass, &mass, &mass);
  add(&over, &over, &mass, -1);
  add(&under, &energy, &momentum, 1);
  twice(&under, &under);
  multiply(&momentum, &momentum, &momentum);
  add(&over, &over, &momentum, -1);
  to[0] = rounded(&over, &under, 0);
  set_number(&part, to[0]);
  multiply(&part, &part, &under);
  add(&over, &over, &part, -1);
  to[1] = rounded(&over, &under, 0);
}

/* E_eg - K as the nearest number and the rest, exactly, and the number below which the photon energies lie. */
static void pair_mass(double E_eg, double K, double *to)
{
  const double high = E_eg - K, shadow = high - E_eg;
  to[0] = high;
  to[1] = (E_eg - (high - shadow)) - (K + shadow);
  to[2] = to[1] > 0 ? nextafter(high / 2, HUGE_VAL) : high / 2;
}

/* ---- layout ---- */

typedef struct {
  int count, piece[PIECES], operation, a, b;
} Step;

typedef struct {
  int count;
  Step step[ROOM / STRIP];
} Program;

/* Return the row that holds a product of pieces, after adding what makes it; -1 when there is no room for it. */
static int row_of(Program *program, const int *piece, int count, const int *pole)
{
  Step step = {0};
  for (int k = 0; k < program->count; k++)
    if (program->step[k].count == count && !memcmp(program->step[k].piece, piece, (size_t)count * sizeof *piece)) return k;
  step.count = count;
  memcpy(step.piece, piece, (size_t)count * sizeof *piece);
  if (count > 1) {
    step.operation = PRODUCT;
    step.a = row_of(program, piece, count - 1, pole);
    step.b = row_of(program, piece + count - 1, 1, pole);
    if (step.a < 0 || step.b < 0) return -1;
  } else if (!count) {
    step.operation = ONES;
  } else if (piece[0] >= PIECE_POLE) {
    step.operation = REAL + (piece[0] - PIECE_POLE) % 3;
    step.a = pole[(piece[0] - PIECE_POLE) / 3];
  } else {
    step.operation = piece[0] == PIECE_QZ ? QZ : piece[0] == PIECE_Y ? Y : Q0;
  }
  if (program->count == ROOM / STRIP) return -1;
  program->step[program->count] = step;
  return program->count++;
}

static int pieces_of(const Factor *factor, int spare, int *piece)
{
  int count = 0;
  for (int k = 0; k < factor->qz; k++) piece[count++] = PIECE_QZ;
  for (int k = 0; k < factor->s - spare; k++) piece[count++] = PIECE_Y;
  for (int k = 0; k < factor->q0; k++) piece[count++] = PIECE_Q0;
  for (int k = 0; k < factor->count; k++)
    piece[count++] = PIECE_POLE + 3 * factor->propagator[k].group + factor->propagator[k].part - REAL;
  return count;
}

/* Return the number of the smallest straight-line set that holds all active weights, or 0. */
static int straight_set(const Fold *f, const signed char *active)
{
  const Tables *tables = f->tables;
  for (int number = 1; number <= tables->sets; number++) {
    const int from = tables->set_start[number - 1], to = tables->set_start[number];
    int missing = 0;
    for (int w = 0; w < tables->weights; w++) missing += active[w] != 0;
    for (int k = from; k < to; k++) {
      const Factor *factor = &tables->factor[tables->weight[tables->set[k]].factor];
      missing -= active[tables->set[k]] != 0;
      for (int m = 0; m < factor->count; m++) {
        const int group = factor->propagator[m].group;
        if (!is_given(&f->given, group) || width_of(&f->given, group) != 0) missing = INT_MAX / 2;
      }
    }
    if (!missing) return number;
  }
  return 0;
}

static size_t pairs_of(size_t n) { return n * (n + 1) / 2; }

static size_t tiles_of(size_t pairs) { return (pairs + TILE - 1) / TILE; }

static size_t longest_plan(size_t n_masses, size_t n_levels)
{
  return HEADER + LEVEL * n_levels + POLE * GROUPS + ROW * (ROOM / STRIP) + TERM * WEIGHTS +
         tiles_of(pairs_of(n_masses)) * TILE * (PAIR + WEIGHTS);
}

size_t renp_plan_room(size_t n_masses, size_t n_levels)
{
  if (n_masses < 1 || n_masses > MOST_MASSES || n_levels < 1 || n_levels > MOST_LEVELS) return 0;
  return longest_plan(n_masses, n_levels) + pairs_of(n_masses) * WEIGHTS;
}

size_t renp_plan_length(const double *plan) { return plan && plan[0] == MAGIC ? (size_t)plan[9] : 0; }

/* Write the plan of the folded weights, weight[w * pairs + pair]. */
static int lay_out(const Fold *f, double *plan, const double *weight, size_t pairs)
{
  const renp_arguments *a = f->arguments;
  const Tables *tables = f->tables;
  Program program;
  signed char active[WEIGHTS] = {0};
  int term[WEIGHTS], terms = 0, spare = -1, pole[GROUPS], poles = 0, place[WEIGHTS];
  size_t open = 0;
  for (int w = 0; w < tables->weights; w++) {
    for (size_t pair = 0; pair < pairs; pair++)
      if (weight[(size_t)w * pairs + pair] != 0) active[w] = 1;
    const int s = tables->factor[tables->weight[w].factor].s;
    if (active[w] && (spare < 0 || s < spare)) spare = s;
  }
  if (spare < 0) spare = 0;
  if (spare > tables->s_power) spare = tables->s_power;
  /* A power of s that all factors share cancels against 1/s^p: fewer roundings, but no straight-line code has it.
   * Beyond p it stays in the factors: nothing here divides by a negative power. Nor has any an imprinted momentum. */
  const int kind = spare || a->imprinted_momentum != 0 ? 0 : straight_set(f, active);
  if (kind)
    for (int k = tables->set_start[kind - 1]; k < tables->set_start[kind]; k++) term[terms++] = tables->set[k];
  else
    for (int k = 0; k < tables->weights; k++)
      if (active[tables->order[k]]) term[terms++] = tables->order[k];
  double *p = plan + HEADER;
  for (size_t k = 0; k < a->n_levels; k++) {
    *p++ = a->E_vg[k];
    *p++ = a->intermediate_amplitudes ? a->intermediate_amplitudes[k] : 1;
  }
  /* c / (E_vg - q0) = -c / ((E_eg - E_vg) - omega) */
  for (size_t k = 0; k < a->n_crossed; k++) {
    *p++ = a->E_eg - a->crossed_E_vg[k];
    *p++ = -a->crossed_amplitudes[k];
  }
  for (int group = 0; group < GROUPS; group++) {
    int used = 0;
    for (int k = 0; k < terms; k++) {
      const Factor *factor = &tables->factor[tables->weight[term[k]].factor];
      for (int m = 0; m < factor->count; m++) used |= factor->propagator[m].group == group;
    }
    if (!used) continue;
    const double mass = f->given.number[groups[group].mass], width = width_of(&f->given, group);
    two_part_threshold(a, mass, 0, p);
    p[2] = mass * width / (2 * (a->E_eg + a->imprinted_momentum));
    p += POLE;
    pole[group] = poles++;
  }
  program.count = 0;
  for (int k = 0; k < terms; k++) {
    int piece[PIECES];
    const int count = pieces_of(&tables->factor[tables->weight[term[k]].factor], spare, piece);
    place[k] = row_of(&program, piece, count, pole);
    if (place[k] < 0) return RENP_TOO_LARGE;
  }
  if (terms > MAX_WEIGHTS || (terms && tables->weight[term[0]].power > MAX_POWER)) return RENP_TOO_LARGE;
  for (int k = 0; k < program.count; k++) {
    *p++ = program.step[k].operation;
    *p++ = program.step[k].a;
    *p++ = program.step[k].b;
  }
  for (int k = 0; k < terms; k++) {
    *p++ = place[k];
    *p++ = tables->weight[term[k]].power;
  }
  const size_t size = (size_t)TILE * (size_t)(PAIR + terms);
  size_t pair = 0;
  for (size_t i = 0; i < a->n_masses; i++)
    for (size_t j = i; j < a->n_masses; j++, pair++) {
      double threshold[2];
      two_part_threshold(a, a->masses[i], a->masses[j], threshold);
      /* A pair that is too heavy to be emitted is left out. */
      if (!(threshold[0] > 0)) continue;
      double *tile = p + open / TILE * size;
      const size_t t = open % TILE;
      if (!t)
        for (size_t k = 0; k < size; k++) tile[k] = 0;
      tile[PAIR * t] = threshold[0];
      tile[PAIR * t + 1] = threshold[1];
      tile[PAIR * t + 2] = mass_product(f, a->masses[i], a->masses[j]);
      for (int k = 0; k < terms; k++) tile[TILE * (PAIR + (size_t)k) + t] = weight[(size_t)term[k] * pairs + pair];
      open++;
    }
  const size_t tiles = tiles_of(open);
  double header[HEADER] = {
      MAGIC, (double)levels_of(a), poles, program.count, terms, (double)tiles, kind, tables->s_power - spare, a->E_eg,
      (double)((size_t)(p - plan) + tiles * size), a->imprinted_momentum, 0, 0, 0};
  pair_mass(a->E_eg, a->imprinted_momentum, header + 11);
  memcpy(plan, header, sizeof header);
  return 0;
}

int renp_prepare(const renp_arguments *arguments, double *plan, size_t room)
{
  Fold fold;
  if (plan && room) plan[0] = 0;
  if (!arguments || !plan) return RENP_BAD_POINTER;
  collect(arguments, &fold.given);
  const int code = check(arguments, &fold.given);
  if (code) return code;
  if (room < renp_plan_room(arguments->n_masses, levels_of(arguments))) return RENP_NO_ROOM;
  fold.arguments = arguments;
  fold.tables = arguments->pair_step == RENP_E1 ? &e1_tables : &m1_tables;
  prepare_fold(&fold, arguments);
  const size_t n = arguments->n_masses, pairs = pairs_of(n);
  double *weight = plan + longest_plan(n, levels_of(arguments));
  size_t pair = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++, pair++) fold_pair(&fold, i, j, weight + pair, pairs);
  return lay_out(&fold, plan, weight, pairs);
}

int renp_spectral_function(const renp_arguments *arguments, size_t n, const double *omega, double *out)
{
  int code = 0;
  double *plan = NULL;
  if (!arguments || (n && (!omega || !out))) {
    code = RENP_BAD_POINTER;
  } else {
    const size_t room = check_sizes(arguments) ? 0 : renp_plan_room(arguments->n_masses, levels_of(arguments));
    if (room) {
      plan = malloc(room * sizeof *plan);
      code = plan ? renp_prepare(arguments, plan, room) : RENP_NO_MEMORY;
    } else {
      code = check_sizes(arguments);
    }
  }
  if (!code) {
    const ptrdiff_t status = renp_evaluate(plan, n, omega, out);
    code = status > 0 ? RENP_BAD_OMEGA : status < 0 ? RENP_NOT_FINITE : 0;
  }
  free(plan);
  if (code && out)
    for (size_t k = 0; k < n; k++) out[k] = NAN;
  return code;
}

const char *renp_message(int code)
{
  if (code >= RENP_BAD_ENTRY && code < RENP_BAD_ENTRY + ENTRIES) return entries[code - RENP_BAD_ENTRY].message;
  switch (code) {
@MESSAGES@
  default:
    return "not a code of these functions";
  }
}
