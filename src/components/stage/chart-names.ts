import type { ChartKind } from '../../landscape/chart.ts';

/** What the interface says of a chart. */
export interface ChartName {
  readonly label: string;
  /** One line on how to read it. */
  readonly sentence: string;
  /** The same where the data break the conservation of Q. */
  readonly sentenceUnkept?: string;
  /** The same under weight decay. */
  readonly sentenceDecaying?: string;
  /** The same where flows teleport. */
  readonly sentenceJumping?: string;
  /** The same for a test function. */
  readonly sentenceFunction?: string;
}

/** Every chart by name. A new chart is one entry here. */
export const chartNames: Readonly<Record<ChartKind, ChartName>> = {
  'q-valley': {
    label: 'Q-valley',
    sentence: 'Each path keeps its Q. Drag Q to move the start along the valley.',
    sentenceUnkept: 'With these data Q is not conserved: each path leaves the Q at which it starts.',
    sentenceDecaying: 'Weight decay breaks the symmetry: it draws each path from its Q towards balance.',
    sentenceJumping: 'Each path keeps its Q until it jumps along the valley at constant loss.',
  },
  exact: {
    label: 'Exact',
    sentence:
      'The whole landscape of two weights. Each path follows a level curve of Q to the line of minima.',
    sentenceUnkept:
      'The whole landscape of two weights. With these data the paths cross the level curves of Q.',
    sentenceDecaying:
      'The whole landscape of two weights. Weight decay draws the paths across the level curves of Q.',
    sentenceFunction: 'The whole function of two variables. A teleportation goes along a level curve.',
  },
  orbit: {
    label: 'Orbit',
    sentence:
      'Across, the group parameter s of exp(sM): along it every loss stays as it is. A teleportation jumps there at constant height.',
  },
  plane: {
    label: 'Plane',
    sentence:
      'The plane along which the flows move most, its explained variance under the picture. Heights are true losses.',
  },
};
