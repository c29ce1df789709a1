#include <complex.h>
#include <math.h>

/* A number as the unevaluated sum of two doubles, which holds twice the digits. */
typedef struct { double high, low; } two_part;

static inline two_part two(double value)
{
    return (two_part){value, 0.0};
}

static inline two_part two_plus(two_part a, two_part b)
{
    const double total = a.high + b.high, back = total - a.high;
    return (two_part){total, (a.high - (total - back)) + (b.high - back) + (a.low + b.low)};
}

static inline two_part two_times(two_part a, two_part b)
{
    const double product = a.high*b.high;
    return (two_part){product, fma(a.high, b.high, -product) + (a.high*b.low + a.low*b.high)};
}

static inline double two_rounded(two_part a)
{
    return a.high + a.low;
}
