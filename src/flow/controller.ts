/**
 * The step-size controller: after an attempt of size h with scaled error e (1 = just within tolerance),
 *   h' = h * clip(0.9 e^-alpha e_previous^beta),  beta = 0.2 / k, alpha = 1 / k - 0.75 beta,  k = error order + 1,
 * the PI controller of Gustafsson (ACM TOMS 17, 1991) with the constants of DOPRI5 (Hairer, Norsett, Wanner, Solving ODEs
 * I, II.4 and II, IV.2). Refused: beta = 0 (the elementary controller, HNW I (4.13)), which oscillates where stability and
 * not accuracy bounds the step, which is how every gradient flow ends; Gustafsson's alpha = 0.7 / k, beta = 0.4 / k, which
 * recovers more slowly while the flow is smooth; three-term filters (Soderlind 2003), which add constants to tune.
 */
export interface ControllerState {
  /** Proposed size of the next step. */
  readonly step: number;
  /** Scaled error of the last accepted step. */
  readonly previousError: number;
  /** Whether the last attempt was rejected: the step may not grow right after. */
  readonly rejected: boolean;
}

/** The constants of the controller, for every engine that runs it. */
export const SAFETY = 0.9;
export const LARGEST_GROWTH = 10;
export const LARGEST_CUT = 0.2;
/** Errors below this count as this, so that one lucky step does not hold back the next (DOPRI5). */
export const ERROR_FLOOR = 1e-4;

/** alpha and beta of the controller for an error estimate of order `errorOrder`. */
export function controllerExponents(errorOrder: number): { readonly alpha: number; readonly beta: number } {
  const k = errorOrder + 1;
  const beta = 0.2 / k;
  return { alpha: 1 / k - 0.75 * beta, beta };
}

/** The controller before its first step. */
export const startController = (step: number): ControllerState => ({
  step,
  previousError: ERROR_FLOOR,
  rejected: false,
});

/**
 * What follows an attempt of size `taken` with scaled error `error`; the attempt was accepted unless `rejected`.
 * An error that is not finite rejects the attempt: the one place where such values are decided.
 */
export function controlStep(
  state: ControllerState,
  taken: number,
  error: number,
  errorOrder: number,
): ControllerState {
  const { previousError } = state;
  if (!Number.isFinite(error)) return { step: taken * LARGEST_CUT, previousError, rejected: true };
  const { alpha, beta } = controllerExponents(errorOrder);
  if (error > 1) {
    return { step: taken * Math.max(LARGEST_CUT, SAFETY * error ** -alpha), previousError, rejected: true };
  }
  const factor = SAFETY * error ** -alpha * previousError ** beta;
  const growth = Math.min(state.rejected ? 1 : LARGEST_GROWTH, Math.max(LARGEST_CUT, factor));
  return { step: taken * growth, previousError: Math.max(error, ERROR_FLOOR), rejected: false };
}

/**
 * The size of the first step (Hairer, Norsett, Wanner II.4, "Starting step size"). `stateNorm` and `slopeNorm` are the scaled
 * norms of theta and grad L; `slopeChange(h)` is the scaled norm of the change of grad L over an Euler step of size h.
 */
export function initialStep(
  stateNorm: number,
  slopeNorm: number,
  slopeChange: (h: number) => number,
  errorOrder: number,
): number {
  const guess = stateNorm < 1e-5 || slopeNorm < 1e-5 ? 1e-6 : (0.01 * stateNorm) / slopeNorm;
  const curvature = slopeChange(guess) / guess;
  const largest = Math.max(slopeNorm, curvature);
  const refined =
    largest <= 1e-15 ? Math.max(1e-6, guess * 1e-3) : (0.01 / largest) ** (1 / (errorOrder + 1));
  const step = Math.min(100 * guess, refined);
  return Number.isFinite(step) && step > 0 ? step : 1e-6;
}
