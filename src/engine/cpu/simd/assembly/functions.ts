/**
 * exp, tanh and sigmoid of two doubles at once, within 2 ulp of JavaScript's Math for every argument
 * (simd-functions.test.ts). Branch-free: infinities, NaN and negative zero come out right of the same arithmetic.
 *
 * The rational approximations and their coefficients are those of FDLIBM's e_exp.c and s_expm1.c (Sun Microsystems, 1993),
 * which Math follows in V8 and SpiderMonkey: exp, sigmoid, and tanh below 1 give its very bits almost everywhere. tanh from 1
 * on takes the formula of below 1, where Math takes another.
 */

// Constants are read from memory: a processor loads one faster than it builds one in a vector register.

/** -0: the sign bit; then 1/2, 1, 2, 3, 6; then 2^52 + 1023, which leaves an exponent's bits at the low end of a sum. */
const COMMON: usize = memory.data<f64>([-0.0, 0.5, 1, 2, 3, 6, 4503599627371519]);
/** log2 e; then ln 2 as a sum whose first term ends in 21 zero bits, so that its product with an exponent is exact. */
const REDUCTION: usize = memory.data<f64>([1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10]);
/** r - r^2 (P1 + r^2 (P2 + ..)) = 2 - 2r / (e^r - 1), to 2^-59. */
const EXP: usize = memory.data<f64>([
  1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5,
  -1.6533902205465251539e-6, 4.13813679705723846039e-8,
]);
/** 1 + (r^2 / 2) (Q1 + (r^2 / 2) (Q2 + ..)) = (6 / r) ((e^r + 1) / (e^r - 1) - 2 / r), to 2^-61. */
const EXPM1: usize = memory.data<f64>([
  -3.33333333333331316428e-2, 1.58730158725481460165e-3, -7.93650757867487942473e-5,
  4.00821782732936239552e-6, -2.01099218183624371326e-7,
]);
/** Beyond the first two, e^x is 0 or infinite; from minus the third and minus half the fourth on, sigmoid and tanh are 1; 3/8. */
const RANGE: usize = memory.data<f64>([-746, 710, -80, -44, 0.375]);

@inline
function entry(table: usize, index: usize): v128 {
  return v128.load64_splat(table + 8 * index);
}

@inline
function signBit(): v128 {
  return entry(COMMON, 0);
}

@inline
function half(): v128 {
  return entry(COMMON, 1);
}

@inline
function one(): v128 {
  return entry(COMMON, 2);
}

@inline
function two(): v128 {
  return entry(COMMON, 3);
}

/** 2^m for integers -1022 <= m <= 1023. */
@inline
function powerOfTwo(m: v128): v128 {
  return i64x2.shl(f64x2.add(m, entry(COMMON, 6)), 52);
}

/** x (c0 + x (c1 + .. + x c4)) of the entries of a table. */
@inline
function polynomial(table: usize, x: v128): v128 {
  let sum = f64x2.mul(x, entry(table, 4));
  sum = f64x2.mul(x, f64x2.add(entry(table, 3), sum));
  sum = f64x2.mul(x, f64x2.add(entry(table, 2), sum));
  sum = f64x2.mul(x, f64x2.add(entry(table, 1), sum));
  return f64x2.mul(x, f64x2.add(entry(table, 0), sum));
}

/** `polynomial` in pairs of terms, which wait less for one another. */
@inline
function pairedPolynomial(table: usize, x: v128): v128 {
  const square = f64x2.mul(x, x);
  const low = f64x2.add(entry(table, 0), f64x2.mul(x, entry(table, 1)));
  const high = f64x2.add(entry(table, 2), f64x2.mul(x, entry(table, 3)));
  const top = f64x2.add(high, f64x2.mul(square, entry(table, 4)));
  return f64x2.mul(x, f64x2.add(low, f64x2.mul(square, top)));
}

/** The integer m with |x - m ln 2| <= ln 2 / 2. */
@inline
function exponent(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, entry(REDUCTION, 0)));
}

/** e^(x - m ln 2). */
@inline
function expOfRest(x: v128, m: v128): v128 {
  const high = f64x2.sub(x, f64x2.mul(m, entry(REDUCTION, 1)));
  const low = f64x2.mul(m, entry(REDUCTION, 2));
  const r = f64x2.sub(high, low);
  const c = f64x2.sub(r, polynomial(EXP, f64x2.mul(r, r)));
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(two(), c));
  return f64x2.sub(one(), f64x2.sub(f64x2.sub(low, quotient), high));
}

/** e^x. The power of two is applied in two factors, so that results below the normal numbers come out right. */
@inline
export function exp(argument: v128): v128 {
  // The order of operands lets NaN through.
  const x = f64x2.pmax(f64x2.pmin(argument, entry(RANGE, 1)), entry(RANGE, 0));
  const m = exponent(x);
  const part = f64x2.floor(f64x2.mul(m, half()));
  return f64x2.mul(f64x2.mul(expOfRest(x, m), powerOfTwo(part)), powerOfTwo(f64x2.sub(m, part)));
}

/** 1 / (1 + e^-x). Where e^-x is far below an ulp of 1 its argument is held, so that one power of two will do. */
@inline
export function sigmoid(x: v128): v128 {
  const minus = f64x2.pmax(f64x2.pmin(v128.xor(x, signBit()), entry(RANGE, 1)), entry(RANGE, 2));
  const m = exponent(minus);
  const rest = expOfRest(minus, m);
  const power = powerOfTwo(f64x2.sub(m, one()));
  return f64x2.div(one(), f64x2.add(one(), f64x2.mul(f64x2.add(rest, rest), power)));
}

/** Doubles that `fillTanh` takes from one stage to the next. */
const BLOCK: usize = 64 * 8;
// What is known of a block: r and what rounding took from it, 2^m, and the quotient of e^r - 1.
const REST: usize = memory.data(64 * 8, 16);
const LOST: usize = memory.data(64 * 8, 16);
const POWER: usize = memory.data(64 * 8, 16);
const QUOTIENT: usize = memory.data(64 * 8, 16);

/** -2|x| as m ln 2 + r. */
@inline
function reduceTanh(x: v128, at: usize): void {
  const minus = v128.or(x, signBit());
  // The order of operands lets NaN through.
  const argument = f64x2.pmax(f64x2.add(minus, minus), entry(RANGE, 3));
  const m = exponent(argument);
  const high = f64x2.sub(argument, f64x2.mul(m, entry(REDUCTION, 1)));
  const low = f64x2.mul(m, entry(REDUCTION, 2));
  const r = f64x2.sub(high, low);
  v128.store(REST + at, r);
  v128.store(LOST + at, f64x2.sub(f64x2.sub(high, r), low));
  v128.store(POWER + at, powerOfTwo(m));
}

/** The quotient in e^r - 1 = r - (r (r^2/2 quotient) - r^2/2). */
@inline
function expm1Quotient(r: v128): v128 {
  const halved = f64x2.mul(half(), r);
  const series = f64x2.add(one(), pairedPolynomial(EXPM1, f64x2.mul(r, halved)));
  const t = f64x2.sub(entry(COMMON, 4), f64x2.mul(series, halved));
  return f64x2.div(f64x2.sub(series, t), f64x2.sub(entry(COMMON, 5), f64x2.mul(r, t)));
}

/** tanh x = -t / (2 + t) with the sign of x, from t = e^(-2|x|) - 1. */
@inline
function finishTanh(x: v128, at: usize): v128 {
  const r = v128.load(REST + at);
  const lost = v128.load(LOST + at);
  const power = v128.load(POWER + at);
  const square = f64x2.mul(r, f64x2.mul(half(), r));
  const bent = f64x2.sub(f64x2.mul(square, v128.load(QUOTIENT + at)), lost);
  const rest = f64x2.sub(r, f64x2.sub(f64x2.sub(f64x2.mul(r, bent), lost), square));
  // 2^m rest - (1 - 2^m) while m is 0 or -1, else 2^m (rest + 1) - 1.
  const near = f64x2.gt(power, entry(RANGE, 4));
  const outer = f64x2.sub(one(), v128.and(power, near));
  const t = f64x2.sub(f64x2.mul(power, f64x2.add(rest, v128.andnot(one(), near))), outer);
  const quotient = f64x2.div(t, f64x2.add(t, two()));
  return v128.or(v128.andnot(quotient, signBit()), v128.and(x, signBit()));
}

/**
 * tanh of `count` doubles (an even number); `out` is not x. In stages, since a processor has more of a short chain of
 * operations under way at once than of a long one.
 */
export function fillTanh(x: usize, out: usize, count: i32): void {
  for (let left = <usize>count * 8; left > 0; ) {
    const bytes = min(left, BLOCK);
    for (let at: usize = 0; at < bytes; at += 16) reduceTanh(v128.load(x + at), at);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(QUOTIENT + at, expm1Quotient(v128.load(REST + at)));
    }
    for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, finishTanh(v128.load(x + at), at));
    left -= bytes;
    x += bytes;
    out += bytes;
  }
}
