import { isMlp } from '../model/problem.ts';
import type { Chart } from './chart.ts';
import type { ChartDefinition, ChartInput } from './chart-input.ts';
import { drawnFlows } from './chart-parts.ts';
import { drawScalarNetwork } from './exact-scalar.ts';
import { drawTestFunction } from './exact-test-function.ts';
import { type Placement, placedOrbit, placedPath } from './placement.ts';

/**
 * The whole landscape of two parameters: of the scalar network 1-1-1 without biases (x = v, the weight of the first layer, y =
 * u, that of the second), and of the test functions.
 */
export const exact: ChartDefinition = {
  kind: 'exact',
  label: 'Exact',
  applies({ problem: { architecture }, parameters }) {
    if (isMlp(architecture)) {
      const { widths, bias } = architecture;
      if (bias || widths.length !== 3 || widths.some((width) => width !== 1)) {
        return 'The exact chart shows all parameters at once: it needs widths 1-1-1 without biases, or a test function.';
      }
    }
    if (parameters !== 'all') return 'The trajectory was saved without the parameters of every frame.';
    return null;
  },
  build,
};

const placeState = (theta: Float64Array): Placement => ({ x: theta[0]!, y: theta[1]!, offChart: 0 });

async function build(input: ChartInput): Promise<Chart> {
  const { drawn, notes } = drawnFlows(input);
  const known = drawn.filter(({ parameters }) => parameters !== null);
  const paths = known.map((flow) => placedPath(flow, 2, placeState));
  const draw = isMlp(input.problem.architecture) ? drawScalarNetwork : drawTestFunction;
  const parts = await draw(input, known, paths);
  return {
    kind: 'exact',
    ...parts,
    paths,
    orbit: await placedOrbit(input, placeState),
    notes: [...notes, ...parts.notes, 'This is the whole parameter space: nothing is projected.'],
  };
}
