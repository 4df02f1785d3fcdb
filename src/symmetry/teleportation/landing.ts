/** Where a jump leads and how it got there. */
export interface Landing {
  /** The very array of the start where nothing moved. */
  readonly theta: Float64Array;
  /** Length of the path in the Lie algebra. */
  readonly distance: number;
  readonly iterations: number;
  /** One clause, without a full stop. */
  readonly message: string;
}

/** No jump, and why. */
export const stay = (theta: Float64Array, message: string): Landing => ({
  theta,
  distance: 0,
  iterations: 0,
  message,
});
