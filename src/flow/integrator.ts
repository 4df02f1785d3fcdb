import { type Tableau, tableau } from './tableau.ts';

/** A way to integrate gradient flow theta' = -grad L(theta). */
export interface Integrator {
  /** Name shown to people. */
  readonly label: string;
  /** 'fixed-step' takes `stepSize` and `steps`; 'adaptive' takes `tolerance` and `time`. */
  readonly kind: 'fixed-step' | 'adaptive';
  readonly tableau: Tableau;
  readonly citation: string;
}

/** Every integrator, by the name used in documents. A new integrator is one entry. */
export const integrators = {
  'gradient-descent': {
    label: 'gradient descent',
    kind: 'fixed-step',
    tableau: tableau({ order: 1, c: [], a: [], b: [1] }),
    citation: 'Euler’s method: Euler, Institutiones calculi integralis (1768)',
  },
  rk4: {
    label: 'Runge–Kutta 4',
    kind: 'fixed-step',
    tableau: tableau({
      order: 4,
      c: [1 / 2, 1 / 2, 1],
      a: [[1 / 2], [0, 1 / 2], [0, 0, 1]],
      b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    }),
    citation: 'Kutta, Beitrag zur näherungsweisen Integration totaler Differentialgleichungen (1901)',
  },
  'dormand-prince': {
    label: 'Dormand–Prince 5(4)',
    kind: 'adaptive',
    tableau: tableau({
      order: 5,
      c: [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
      a: [
        [1 / 5],
        [3 / 40, 9 / 40],
        [44 / 45, -56 / 15, 32 / 9],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
      ],
      b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
      embedded: {
        order: 4,
        b: [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40],
      },
    }),
    citation: 'Dormand, Prince, A family of embedded Runge–Kutta formulae, J. Comput. Appl. Math. 6 (1980)',
  },
} as const satisfies Record<string, Integrator>;

export type IntegratorName = keyof typeof integrators;

/** The names in table order, for menus and validation. */
export const integratorNames = Object.keys(integrators) as IntegratorName[];

/** Looks an integrator up by name. */
export const integrator = (name: IntegratorName): Integrator => integrators[name];
