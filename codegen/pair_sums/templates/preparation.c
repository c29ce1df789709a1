/* ---- plans from physical arguments: checks, the program of what is on, and its numbers ---- */

#include <limits.h>

enum { MATRIX_ENTRY, GENERAL_ENTRY, REAL_ENTRY, MASS_ENTRY, WIDTH_ENTRY, CHOICE_ENTRY };
enum { AS_GIVEN, SUM, DIFFERENCE };
enum { STATE_V, STATE_E, STATE_A, STATE_B, STATE_S, STATE_P };
enum { WAY_PLAIN, WAY_CROSS, WAY_ALONG, WAY_PLUS, WAY_MINUS };
enum { UNITARY = @UNITARY@, FULL = @FULL@ };
enum { MOST_MASSES = @MOST_MASSES@, MOST_LEVELS = @MOST_LEVELS@ };
#define HERMITIAN_TOLERANCE @HERMITIAN_TOLERANCE@
#define TRACE_TOLERANCE @TRACE_TOLERANCE@
#define SMALLEST_ENERGY @SMALLEST_ENERGY@
#define LARGEST_ENERGY @LARGEST_ENERGY@

@SIZES@

/* Two kinds of J = 1 in three ways and two of J = 0, all of both signs under exchange; each with at most three weights. */
enum { MOST_SQUARES = 16, MOST_WEIGHTS = 3 * MOST_SQUARES };

/* An entry of the arguments: its kind, its place among its kind, its group, how many choices there are. */
typedef struct {
  int kind, place, group, choices;
  const char *message;
} Entry;

/* A group of arguments: places of the mediator's mass and width and of the choices, -1 where it has none. */
typedef struct {
  int mass, width, propagator, m1;
} Group;

/* A matrix AS_GIVEN, or of a general one f the SUM f + f^+ or the DIFFERENCE i (f - f^+). */
typedef struct {
  int group, place, part;
} Matrix;

/* What one product of couplings adds to the amplitude of a state of the pair: constant * electron coupling * matrix
 * * i^imaginary * (m_i - m_j)^d * (m_i + m_j)^M * q_z^qz q0^q0 s^s, and perhaps the propagator of its group. */
typedef struct {
  int state, way, group, electron, matrix, imaginary, qz, q0, s, propagator, d, M, eta, orbital, longitudinal;
  double constant[2];
} Term;

typedef struct {
  int terms, matrices, mediators;
  const Term *term;
  const Matrix *matrix;
  const int *mediator;
} Tables;

@TABLES@
/* The arguments of the interactions, by kind and place. */
typedef struct {
  double number[NUMBERS + 1];
  const double *matrix[GIVEN_MATRICES + 1];
  int choice[CHOICES + 1];
} Given;

static void collect(const renp_arguments *from, Given *to)
{
  static const Given nothing;
  *to = nothing;
@COLLECT@
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
  to[0] = part == AS_GIVEN ? a[0] : part == SUM ? a[0] + b[0] : -(a[1] + b[1]);
  to[1] = part == AS_GIVEN ? a[1] : part == SUM ? a[1] - b[1] : a[0] - b[0];
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

/* A number of the arguments, 0 where there is none. */
static double number_at(const Given *given, int place) { return place < 0 ? 0 : given->number[place]; }

static int is_given(const Given *given, int group) { return groups[group].mass < 0 || number_at(given, groups[group].mass) != 0; }

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

/* ---- the program: the same as in renp_generated/runtime/structure.py, whose order is kept ---- */

/* What multiplies a square: what it starts with, and powers of qz, q0 and s. */
typedef struct {
  int start, power[3];
} Weighing;

/* A term of a list, with its sign and further powers of the masses. */
typedef struct {
  const Term *term;
  int sign, d, M;
} Member;

/* What is taken out of a list: powers of qz, q0 and s, and the sign under exchange. */
typedef struct {
  int found, propagator, exchange, power[3];
} Common;

typedef struct {
  int kind, same, has_ratio, first, middle, end;
  Weighing weight, ratio;
} Square;

typedef struct {
  const renp_arguments *arguments;
  const Given *given;
  const Tables *tables;
  int widths, circular, mediators, numbers;
  int matrix[MATRICES + 1], electron[NUMBERS + 1], mediator[GROUPS], mediator_number[GROUPS];
  int n_rows, n_weights, n_products, n_squares, n_channels, n_slots;
  int row[MOST_ROWS][ROW], weight[MOST_WEIGHTS][WEIGHT], channel[MOST_SLOTS][CHANNEL], slot[MOST_SLOTS][SLOT];
  double constant[MOST_SLOTS][2];
  Square square[MOST_SQUARES];
} Build;

static int is_on(const Build *b, const Term *t)
{
  const Group *group = &groups[t->group];
  return b->matrix[t->matrix] != NONE &&
         !(t->longitudinal && (group->propagator < 0 || b->given->choice[group->propagator] != UNITARY));
}

/* Give all numbers their places; return whether an int can hold them. */
static int lay_out(Build *b)
{
  const Tables *tables = b->tables;
  const size_t size = 2 * b->arguments->n_masses * b->arguments->n_masses;
  int at = LEVELS + 2 * (int)levels_of(b->arguments) + (int)b->arguments->n_masses;
  for (int k = 0; k < GROUPS; k++) b->mediator[k] = b->mediator_number[k] = NONE;
  for (int k = 0; k < NUMBERS; k++) b->electron[k] = NONE;
  for (int k = 0; k < tables->mediators; k++) {
    const int group = tables->mediator[k];
    if (!is_given(b->given, group)) continue;
    b->mediator[group] = at;
    b->mediator_number[group] = b->mediators++;
    at += 2;
    if (number_at(b->given, groups[group].width) != 0) b->widths = 1;
  }
  for (int k = 0; k < tables->matrices; k++) {
    const Matrix *matrix = &tables->matrix[k];
    b->matrix[k] = b->given->matrix[matrix->place] && is_given(b->given, matrix->group) ? 0 : NONE;
  }
  for (int k = 0; k < tables->terms; k++) {
    const Term *t = &tables->term[k];
    if (t->electron >= 0 && is_on(b, t) && b->electron[t->electron] == NONE) b->electron[t->electron] = at++;
  }
  for (int k = 0; k < tables->matrices; k++) {
    if (b->matrix[k] == NONE) continue;
    if (size > (size_t)(INT_MAX - at)) return 0;
    b->matrix[k] = at;
    at += (int)size;
  }
  b->numbers = at;
  return 1;
}

static int own_row(Build *b, int operation, int first, int second)
{
  for (int k = 0; k < b->n_rows; k++)
    if (b->row[k][0] == operation && b->row[k][1] == first && b->row[k][2] == second) return k;
  int *row = b->row[b->n_rows];
  row[0] = operation, row[1] = first, row[2] = second;
  return b->n_rows++;
}

/* The row of a product of a row and one more factor. */
static int row_of(Build *b, int before, int operation, int which)
{
  const int one = own_row(b, operation, which, 0);
  return before == UNIT ? one : own_row(b, PRODUCT, before, one);
}

static int powers_of(Build *b, const int *power)
{
  int row = UNIT;
  for (int k = 0; k < power[QZ]; k++) row = row_of(b, row, QZ, 0);
  for (int k = 0; k < abs(power[Q0]); k++) row = row_of(b, row, power[Q0] > 0 ? Q0 : INVERSE_Q0, 0);
  for (int k = 0; k < abs(power[S]); k++) row = row_of(b, row, power[S] > 0 ? S : INVERSE_S, 0);
  return row;
}

/* 1 where exchanging the pair turns the sign of a term beside conjugating it. */
static int exchange_of(const Term *t, int d) { return (t->imaginary + t->d + d) % 2; }

/* The sign of a term in the list of a state in a way, of one sign under exchange or of both (-1); 0 when it is not there. */
static int sign_in(const Term *t, int state, int way, int exchange)
{
  if (t->state != state || (exchange >= 0 && exchange_of(t, 0) != exchange)) return 0;
  if (way == WAY_PLUS || way == WAY_MINUS) return t->way == WAY_ALONG ? 0 : t->way == WAY_CROSS && way == WAY_MINUS ? -1 : 1;
  return t->way == way;
}

/* Add all terms of a list, those that are off included: what is switched on does not change a bit of what the others add. */
static void share(const Tables *tables, int state, int way, int exchange, int d, Common *common)
{
  for (int k = 0; k < tables->terms; k++) {
    const Term *t = &tables->term[k];
    if (!sign_in(t, state, way, exchange)) continue;
    if (!common->found) common->exchange = exchange_of(t, d);
    if (!common->found || t->qz < common->power[QZ]) common->power[QZ] = t->qz;
    if (!common->found || (common->propagator && !t->propagator)) {
      common->power[Q0] = t->q0;
      common->power[S] = t->s;
      common->propagator = t->propagator;
    }
    common->found = 1;
  }
}

/* Append the terms of a list that are on; return the new length. */
static int gather(const Build *b, int state, int way, int exchange, int d, int M, Member *to, int count)
{
  for (int k = 0; k < b->tables->terms; k++) {
    const Term *t = &b->tables->term[k];
    const int sign = sign_in(t, state, way, exchange);
    if (sign && is_on(b, t)) to[count++] = (Member){t, sign, t->d + d, t->M + M};
  }
  return count;
}

static void add_slot(Build *b, const Member *member, int odd)
{
  const Term *t = member->term;
  const Group *group = &groups[t->group];
  const int own = group->m1 < 0 ? 0 : b->given->choice[group->m1];
  const int full = (own ? own : b->arguments->m1) == FULL;
  double scale = member->sign * (t->orbital && full ? 0.5 : 1.0);
  if (odd && !t->imaginary) scale = -scale;
  const int slot[SLOT] = {t->electron < 0 ? NONE : b->electron[t->electron],
                          b->matrix[t->matrix],
                          t->imaginary != odd,
                          t->eta,
                          t->propagator ? b->mediator[t->group] : NONE,
                          t->longitudinal,
                          member->d,
                          member->M};
  memcpy(b->slot[b->n_slots], slot, sizeof slot);
  b->constant[b->n_slots][0] = scale * t->constant[0];
  b->constant[b->n_slots++][1] = scale * t->constant[1];
}

/* Add the channels of a list: terms with one factor each. A term that is not of the sign of the first has a factor i. */
static void add_channels(Build *b, const Member *member, int count, const int *common, int exchange)
{
  int part[2 * TERMS][2], odd[2 * TERMS], done[2 * TERMS] = {0};
  for (int k = 0; k < count; k++) {
    const Term *t = member[k].term;
    const int power[3] = {t->qz - common[QZ], t->q0 - common[Q0], t->s - common[S]};
    odd[k] = exchange_of(t, member[k].d - t->d) != exchange;
    int real = powers_of(b, power), imaginary = NONE;
    if (t->propagator) {
      const int which = b->mediator_number[t->group], before = real;
      real = row_of(b, before, REAL, which);
      if (b->widths) imaginary = row_of(b, before, odd[k] ? OPPOSITE : IMAGINARY, which);
    }
    part[k][odd[k]] = real;
    part[k][!odd[k]] = imaginary;
  }
  for (int k = 0; k < count; k++) {
    if (done[k]) continue;
    const int channel[CHANNEL] = {part[k][0], part[k][1], b->n_slots, 0};
    for (int n = k; n < count; n++)
      if (part[n][0] == part[k][0] && part[n][1] == part[k][1]) {
        add_slot(b, &member[n], odd[n]);
        done[n] = 1;
      }
    memcpy(b->channel[b->n_channels], channel, sizeof channel);
    b->channel[b->n_channels++][3] = b->n_slots;
  }
}

static int same_channels(const Build *b, int one, int other)
{
  const int *a = b->channel[one], *c = b->channel[other], slots = a[3] - a[2];
  if (a[0] != c[0] || a[1] != c[1] || slots != c[3] - c[2]) return 0;
  for (int k = 0; k < slots; k++) {
    const double *left = b->constant[a[2] + k], *right = b->constant[c[2] + k];
    if (memcmp(b->slot[a[2] + k], b->slot[c[2] + k], sizeof b->slot[0]) || left[0] != right[0] || left[1] != right[1]) return 0;
  }
  return 1;
}

/* Close a square whose channels start at `first`; one with the lists of an earlier square adds to its weight. */
static void add_square(Build *b, int kind, Weighing weight, const Weighing *ratio, int first, int middle)
{
  Square square = {kind, b->n_squares, ratio != 0, first, middle, b->n_channels, weight, weight};
  if (ratio) square.ratio = *ratio;
  for (int k = b->n_squares - 1; k >= 0; k--) {
    const Square *other = &b->square[k];
    int equal = other->kind == kind && other->has_ratio == square.has_ratio && other->middle - other->first == middle - first &&
                other->end - other->first == square.end - first;
    if (equal && ratio) equal = !memcmp(other->ratio.power, ratio->power, sizeof ratio->power);
    for (int n = 0; equal && n < square.end - first; n++) equal = same_channels(b, other->first + n, first + n);
    if (equal) square.same = other->same;
  }
  b->square[b->n_squares++] = square;
}

static Weighing weighing(int start, const int *common, int less_s)
{
  return (Weighing){start, {2 * common[QZ], 2 * common[Q0], 2 * common[S] - less_s}};
}

static void add_spin_one(Build *b, int kind, int way, int start, int exchange)
{
  const int vector = kind == VECTOR_SQUARE, first = vector ? STATE_V : STATE_A, flipped = vector ? STATE_E : STATE_B;
  /* A further factor d turns the sign under exchange. */
  const int turned = exchange < 0 || vector ? exchange : !exchange;
  Member kept[2 * TERMS], flips[2 * TERMS];
  const int n_flips = gather(b, flipped, way, turned, 0, 0, flips, 0), own = gather(b, first, way, exchange, 0, 0, kept, 0);
  const int n_kept = gather(b, flipped, way, turned, !vector, vector, kept, own), from = b->n_channels;
  if (!n_kept) return;
  Common common = {0}, own_common = {0};
  share(b->tables, first, way, exchange, 0, &common);
  share(b->tables, flipped, way, turned, !vector, &common);
  share(b->tables, flipped, way, turned, 0, &own_common);
  const Weighing ratio = {ONE, {own_common.power[QZ] - common.power[QZ], own_common.power[Q0] - common.power[Q0],
                                own_common.power[S] - common.power[S]}};
  const int has_ratio = n_flips && (ratio.power[QZ] || ratio.power[Q0] || ratio.power[S]);
  add_channels(b, kept, n_kept, common.power, common.exchange);
  const int middle = b->n_channels;
  add_channels(b, flips, n_flips, own_common.power, common.exchange ^ !vector);
  add_square(b, kind, weighing(start, common.power, way == WAY_ALONG), has_ratio ? &ratio : 0, from, middle);
}

static void add_spin_zero(Build *b, int kind, int exchange)
{
  const int state = kind == SCALAR_SQUARE ? STATE_S : STATE_P, first = b->n_channels;
  Member own[2 * TERMS];
  const int count = gather(b, state, WAY_ALONG, exchange, 0, 0, own, 0);
  if (!count) return;
  Common common = {0};
  share(b->tables, state, WAY_ALONG, exchange, 0, &common);
  add_channels(b, own, count, common.power, common.exchange);
  add_square(b, kind, weighing(SCALAR, common.power, 0), 0, first, b->n_channels);
}

static void add_squares(Build *b)
{
  const int ways[3] = {b->circular ? WAY_PLUS : WAY_PLAIN, b->circular ? WAY_MINUS : WAY_CROSS, WAY_ALONG};
  const int starts[3] = {b->circular ? PLUS : ACROSS, b->circular ? MINUS : ACROSS, ALONG};
  /* Without widths, terms of opposite signs under exchange do not interfere. */
  const int lowest = b->widths ? -1 : 0, highest = b->widths ? -1 : 1;
  for (int kind = VECTOR_SQUARE; kind <= AXIAL_SQUARE; kind++)
    for (int way = 0; way < 3; way++)
      for (int exchange = lowest; exchange <= highest; exchange++) add_spin_one(b, kind, ways[way], starts[way], exchange);
  for (int kind = SCALAR_SQUARE; kind <= PSEUDOSCALAR_SQUARE; kind++)
    for (int exchange = lowest; exchange <= highest; exchange++) add_spin_zero(b, kind, exchange);
}

static int weight_of(Build *b, const Weighing *products, int count)
{
  for (int from = 0, to; from < b->n_products; from = to) {
    for (to = from + 1; to < b->n_products && b->weight[to][1];) to++;
    int equal = to - from == count;
    for (int k = 0; equal && k < count; k++)
      equal = b->weight[from + k][2] == products[k].start && !memcmp(b->weight[from + k] + 3, products[k].power, sizeof products[k].power);
    if (equal) return b->weight[from][0];
  }
  for (int k = 0; k < count; k++) {
    int *weight = b->weight[b->n_products++];
    weight[0] = b->n_weights, weight[1] = k > 0, weight[2] = products[k].start;
    memcpy(weight + 3, products[k].power, sizeof products[k].power);
  }
  return b->n_weights++;
}

/* A program and its constants. */
typedef struct {
  int code[HEADER + ROW * MOST_ROWS + WEIGHT * MOST_WEIGHTS + SQUARE * MOST_SQUARES + (CHANNEL + SLOT) * MOST_SLOTS];
  double constants[2 * MOST_SLOTS];
} Packed;

static void pack(Build *b, Packed *to)
{
  int square[MOST_SQUARES][SQUARE], channel[MOST_SLOTS][CHANNEL], slots[MOST_SLOTS], n_squares = 0, n_channels = 0, n_slots = 0;
  for (int k = 0; k < b->n_squares; k++) {
    const Square *own = &b->square[k];
    if (own->same != k) continue;
    Weighing kept[MOST_SQUARES], flips[MOST_SQUARES];
    int count = 0, *out = square[n_squares++];
    for (int n = k; n < b->n_squares; n++)
      if (b->square[n].same == k) {
        kept[count] = flips[count] = b->square[n].weight;
        flips[count++].power[S]--;
      }
    out[0] = own->kind;
    out[1] = weight_of(b, kept, count);
    out[2] = own->kind == VECTOR_SQUARE || own->kind == AXIAL_SQUARE ? weight_of(b, flips, count) : NONE;
    out[3] = own->has_ratio ? weight_of(b, &own->ratio, 1) : UNIT;
    out[4] = n_channels;
    out[5] = n_channels + own->middle - own->first;
    out[6] = n_channels + own->end - own->first;
    for (int c = own->first; c < own->end; c++) {
      int *next = channel[n_channels++];
      next[0] = b->channel[c][0], next[1] = b->channel[c][1], next[2] = n_slots;
      for (int n = b->channel[c][2]; n < b->channel[c][3]; n++) slots[n_slots++] = n;
      next[3] = n_slots;
    }
  }
  const renp_arguments *a = b->arguments;
  int first_mediator = 0;
  for (int k = GROUPS - 1; k >= 0; k--)
    if (b->mediator_number[k] == 0) first_mediator = b->mediator[k];
  const int header[HEADER] = {
      MAGIC, (int)a->n_masses, (int)a->n_levels, (int)a->n_crossed, LEVELS + 2 * (int)levels_of(a), b->mediators, first_mediator,
      a->nature == RENP_MAJORANA, b->widths, a->imprinted_momentum != 0, a->pair_step == RENP_E1, b->n_rows, b->n_products,
      n_squares, n_channels, n_slots, b->numbers};
  int *code = to->code;
  memcpy(code, header, sizeof header);
  code += HEADER;
  memcpy(code, b->row, (size_t)b->n_rows * sizeof b->row[0]);
  code += ROW * b->n_rows;
  memcpy(code, b->weight, (size_t)b->n_products * sizeof b->weight[0]);
  code += WEIGHT * b->n_products;
  memcpy(code, square, (size_t)n_squares * sizeof square[0]);
  code += SQUARE * n_squares;
  memcpy(code, channel, (size_t)n_channels * sizeof channel[0]);
  code += CHANNEL * n_channels;
  for (int k = 0; k < n_slots; k++, code += SLOT) {
    memcpy(code, b->slot[slots[k]], sizeof b->slot[0]);
    memcpy(to->constants + 2 * k, b->constant[slots[k]], sizeof b->constant[0]);
  }
}

/* ---- the numbers ---- */

static void set_tensor(const double *T, double *part, double *divisor)
{
  part[0] = T ? T[16] : 1.0 / 3;
  part[1] = T ? T[0] + T[8] : 2.0 / 3;
  part[2] = T ? 2 * T[3] : 0;
  *divisor = 12;
  if (part[0] != 1.0 / 3 || part[1] != 2.0 / 3 || part[2] != 0) return;
  /* One third and two thirds stand for exact thirds. */
  part[0] = 1, part[1] = 2, *divisor = 36;
}

static void set_numbers(const Build *b, double *to)
{
  const renp_arguments *a = b->arguments;
  const size_t n = a->n_masses;
  double *at = to + LEVELS;
  to[E_EG] = a->E_eg;
  to[MOMENTUM] = a->imprinted_momentum;
  set_tensor(a->atomic_tensor, to + TENSOR, to + DIVISOR);
  to[DIPOLE] = a->dipole_length;
  for (size_t k = 0; k < a->n_levels; k++) {
    *at++ = a->E_vg[k];
    *at++ = a->intermediate_amplitudes ? a->intermediate_amplitudes[k] : 1;
  }
  for (size_t k = 0; k < a->n_crossed; k++) {
    *at++ = a->crossed_E_vg[k];
    *at++ = a->crossed_amplitudes[k];
  }
  memcpy(at, a->masses, n * sizeof *at);
  for (int k = 0; k < GROUPS; k++)
    if (b->mediator[k] != NONE) {
      to[b->mediator[k]] = number_at(b->given, groups[k].mass);
      to[b->mediator[k] + 1] = number_at(b->given, groups[k].width);
    }
  for (int k = 0; k < NUMBERS; k++)
    if (b->electron[k] != NONE) to[b->electron[k]] = b->given->number[k];
  for (int k = 0; k < b->tables->matrices; k++)
    for (size_t entry = 0; b->matrix[k] != NONE && entry < n * n; entry++) {
      const Matrix *matrix = &b->tables->matrix[k];
      set_entry(to + b->matrix[k] + 2 * entry, b->given->matrix[matrix->place], matrix->part, n, entry / n, entry % n);
    }
}

/* ---- plans ---- */

/* Most numbers of a call, and most doubles of a plan. */
static size_t most_numbers(size_t n_masses, size_t n_levels)
{
  return LEVELS + 2 * n_levels + n_masses + 2 * GROUPS + NUMBERS + 2 * n_masses * n_masses * MATRICES;
}

static size_t longest_plan(size_t n_masses, size_t n_levels)
{
  Program p = {0};
  p.n = (int)n_masses;
  p.mediators = GROUPS;
  p.n_rows = MOST_ROWS;
  p.n_weights = MOST_WEIGHTS;
  p.n_squares = MOST_SQUARES;
  p.n_channels = p.n_slots = MOST_SLOTS;
  return length_of_plan(&p) + most_numbers(n_masses, n_levels);
}

size_t renp_plan_room(size_t n_masses, size_t n_levels)
{
  if (n_masses < 1 || n_masses > MOST_MASSES || n_levels < 1 || n_levels > MOST_LEVELS) return 0;
  return longest_plan(n_masses, n_levels) + most_numbers(n_masses, n_levels);
}

size_t renp_plan_length(const double *plan) { return plan && plan[0] == MAGIC ? (size_t)plan[1] : 0; }

int renp_prepare(const renp_arguments *arguments, double *plan, size_t room)
{
  static const Build nothing;
  Given given;
  Build build = nothing;
  Packed packed;
  double part[3], divisor;
  if (plan && room) plan[0] = 0;
  if (!arguments || !plan) return RENP_BAD_POINTER;
  collect(arguments, &given);
  const int code = check(arguments, &given);
  if (code) return code;
  if (room < renp_plan_room(arguments->n_masses, levels_of(arguments))) return RENP_NO_ROOM;
  set_tensor(arguments->atomic_tensor, part, &divisor);
  build.arguments = arguments;
  build.given = &given;
  build.tables = arguments->pair_step == RENP_E1 ? &e1_tables : &m1_tables;
  build.circular = part[2] != 0;
  if (!lay_out(&build)) return RENP_TOO_LARGE;
  add_squares(&build);
  pack(&build, &packed);
  double *numbers = plan + longest_plan(arguments->n_masses, levels_of(arguments));
  set_numbers(&build, numbers);
  memset(plan, 0, renp_length_of_plan(packed.code) * sizeof *plan);
  return renp_fold(packed.code, packed.constants, numbers, plan) ? RENP_NO_MEMORY : 0;
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
