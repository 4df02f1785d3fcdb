/** How a flow ended: a closed list. `message` says what to try; it is empty when nothing needs saying. */
export interface Outcome {
  readonly kind: 'completed' | 'converged' | 'diverged' | 'cancelled' | 'failed';
  readonly message: string;
}

/** Every outcome kind, for validation and menus. */
export const outcomeKinds = ['completed', 'converged', 'diverged', 'cancelled', 'failed'] as const;

/** Every way a flow can end, with its advice. Engines end flows with these and nothing else. */
export const outcomes = {
  completed: (): Outcome => ({ kind: 'completed', message: '' }),
  converged: (step: number): Outcome => ({
    kind: 'converged',
    message: `The gradient norm reached its target at step ${step}.`,
  }),
  cancelled: (step: number): Outcome => ({ kind: 'cancelled', message: `Cancelled at step ${step}.` }),
  /** `stepSize`: one that is likely to work, null where the step size is not the user's. */
  diverged: (step: number, stepSize: number | null): Outcome => ({
    kind: 'diverged',
    message: `The loss grew without bound at step ${step}. ${
      stepSize === null
        ? 'Try a smaller initialisation.'
        : `Try a step size below ${Number(stepSize.toPrecision(2))}.`
    }`,
  }),
  notFiniteAtStart: (): Outcome => ({
    kind: 'diverged',
    message: 'The loss is not a finite number at the start. Try a smaller initialisation or smaller data.',
  }),
  stepSizeUnderflow: (time: number): Outcome => ({
    kind: 'failed',
    message: `No step is small enough for the tolerance at time ${Number(time.toPrecision(3))}. Try a larger tolerance or a smaller initialisation.`,
  }),
  tooManySteps: (limit: number, time: number): Outcome => ({
    kind: 'failed',
    message: `Stopped after ${limit} steps, at time ${Number(time.toPrecision(3))}. Try a larger tolerance or a shorter time.`,
  }),
} as const;
