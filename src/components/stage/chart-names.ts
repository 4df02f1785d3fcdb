import type { ChartKind } from '../../landscape/chart.ts';

/** Every chart by name, with one line on how to read it. A new chart is one entry here. */
export const chartNames: Readonly<Record<ChartKind, { readonly label: string; readonly sentence: string }>> =
  {
    'q-valley': {
      label: 'Q-valley',
      sentence: 'Each path keeps its Q. Drag Q to move the start along the valley.',
    },
    exact: {
      label: 'Exact',
      sentence:
        'The whole landscape of u v = y. Each path follows a hyperbola of constant Q to the line of minima.',
    },
    plane: {
      label: 'Plane',
      sentence:
        'The plane along which the flows move most, its explained variance under the picture. Heights are true losses.',
    },
  };
