/** Share of 1/(step size) up to which any sharpness is safe: an eighth of where gradient descent becomes unstable. */
const SAFE = 0.25;
/** How much sharper a jump may end than it began where that is beyond the safe share .. */
const SHARPER = 2;
/** .. and the share of 1/(step size) beyond which it may not, three quarters of where gradient descent becomes unstable. */
const DARING = 1.5;

/**
 * The largest sharpness (top Hessian eigenvalue) that an ascent may reach so that gradient descent of step size h, which is
 * unstable beyond 2/h, stays stable on what follows: 1/(4h); from a start that is sharper than half of that, up to
 * twice the start's, but not beyond 3/(2h); and never less than the start's. Along flows to a minimum the sharpness
 * changes by factors of a few, hence the margin: on 15 networks of the regression experiment of Zhao et al. 2022, between
 * 1/(4h) and 1/(3h) a jump wins against no jump most often.
 */
export function largestSharpness(stepSize: number, start: number): number {
  return Math.max(SAFE / stepSize, Math.min(SHARPER * start, DARING / stepSize), start);
}
