/**
 * A loss L = scale(samples, outputs) * sum over samples of a function of one output row and its target row.
 * A new loss is one entry in `losses`.
 */
export interface Loss {
  /** Name shown to people. */
  readonly label: string;
  /** What `scale` multiplies: one factor for the whole data set. */
  scale(samples: number, outputs: number): number;
  /** The pointwise part: squared error sum_o (y - t)^2, or cross-entropy -sum_o t log softmax(y). */
  readonly rowLoss: 'squared-error' | 'cross-entropy';
  /** The formula, for help texts. */
  readonly formula: string;
}

/** Every loss, by the name used in documents. */
export const losses = {
  'mean-squared-error': {
    label: 'mean squared error',
    scale: (samples, outputs) => 1 / (samples * outputs),
    rowLoss: 'squared-error',
    formula: 'mean over samples and outputs of (f − y)²',
  },
  'half-squared-error': {
    label: 'half squared error',
    scale: () => 0.5,
    rowLoss: 'squared-error',
    formula: '½ Σ (f − y)²',
  },
  'squared-error': {
    label: 'squared error',
    scale: () => 1,
    rowLoss: 'squared-error',
    formula: 'Σ (f − y)²',
  },
  'cross-entropy': {
    label: 'cross-entropy',
    scale: (samples) => 1 / samples,
    rowLoss: 'cross-entropy',
    formula: 'mean over samples of −Σ y log softmax(f)',
  },
} as const satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;

/** The names in table order, for menus and validation. */
export const lossNames = Object.keys(losses) as LossName[];

/** Looks a loss up by name. */
export const loss = (name: LossName): Loss => losses[name];
