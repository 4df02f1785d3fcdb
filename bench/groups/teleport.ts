import { borrowLoss } from '../../src/engine/cpu/borrow-loss.ts';
import type { TeleportationOptions } from '../../src/symmetry/teleportation/options.ts';
import { teleport } from '../../src/symmetry/teleportation.ts';
import { contest } from '../contest.ts';
import { type Setting, startsOf, whitened } from '../problems.ts';
import { atMost, judged, type Row } from '../row.ts';
import type { Tools } from '../tools.ts';

const ITERATIONS = 20;
const BOUND_MILLISECONDS = 100;

const cases = [
  { activation: 'linear', group: 'general-linear' },
  { activation: 'relu', group: 'rescaling' },
] as const;

/**
 * One teleportation on 10-50-5 by each group, one thread, sharpness before and after included. A jump may be there in fewer
 * iterations: its time is then scaled up to all of them.
 */
export async function measure({ effort }: Tools): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { activation, group } of cases) {
    const setting = whitened(activation);
    for (const direction of ['increase', 'decrease'] as const) {
      const options: TeleportationOptions = {
        group,
        objective: 'gradient-norm',
        direction,
        iterations: ITERATIONS,
        maximumDistance: 5,
      };
      rows.push(await row(setting, options, `10-50-5 ${activation}, ${group}, ${direction}`, effort));
    }
  }
  return rows;
}

async function row(
  setting: Setting,
  options: TeleportationOptions,
  name: string,
  effort: Tools['effort'],
): Promise<Row> {
  const loss = borrowLoss(setting.problem);
  const theta = startsOf(setting, 1).parameters;
  const { iterations, gradients } = teleport(setting.problem, loss, theta, options);
  const [measured] = await contest(
    {
      name: `teleportation, ${name} of the gradient norm`,
      unit: `ms per ${ITERATIONS} iterations`,
      factor: ITERATIONS / iterations,
      subject: {
        label: 'teleport',
        async run(times) {
          const start = performance.now();
          for (let i = 0; i < times; i++) teleport(setting.problem, loss, theta, options);
          return performance.now() - start;
        },
      },
      peers: [],
    },
    effort,
  );
  loss.release();
  return judged({
    ...measured!,
    bound: atMost(BOUND_MILLISECONDS),
    note: `${iterations} iterations, ${Math.round(gradients)} gradients`,
  });
}
