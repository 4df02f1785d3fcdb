/** How a flow ended: a closed list. `message` says what to try; it is empty when nothing needs saying. */
export interface Outcome {
  readonly kind: 'completed' | 'converged' | 'diverged' | 'cancelled' | 'failed';
  readonly message: string;
}

/** Every outcome kind, for validation and menus. */
export const outcomeKinds = ['completed', 'converged', 'diverged', 'cancelled', 'failed'] as const;
