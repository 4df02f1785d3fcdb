import type { FlowFrames } from '../../store/frame-buffer.ts';
import type { TeleportationState } from '../../symmetry/teleportation/options.ts';

/** Something that is plotted over time for every flow, always on a logarithmic axis. A new chart is one entry here. */
export interface Quantity {
  readonly title: string;
  /** Smallest value worth showing: what lies below, zero included, is drawn on the floor of the chart. */
  readonly floor: number;
  readonly read: (flow: FlowFrames, frame: number, layerPair: number) => number;
  /** The same just before or after a jump; NaN breaks the line there. */
  readonly atJump: (state: TeleportationState) => number;
}

export const quantities = {
  loss: {
    title: 'Loss',
    floor: 1e-30,
    read: (flow, frame) => flow.loss[frame]!,
    atJump: ({ loss }) => loss,
  },
  drift: {
    title: 'Drift of Q',
    floor: 1e-16,
    read: (flow, frame, layerPair) => flow.drift(frame, layerPair),
    // A jump sets Q anew, and the drift begins again.
    atJump: () => Number.NaN,
  },
  gradientNorm: {
    title: 'Gradient norm',
    floor: 1e-16,
    read: (flow, frame) => flow.gradientNorm[frame]!,
    atJump: ({ gradientNorm }) => gradientNorm,
  },
} as const satisfies Record<string, Quantity>;

export type QuantityName = keyof typeof quantities;
