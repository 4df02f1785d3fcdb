import { createCpuEngine } from '../../src/engine/cpu/cpu-engine.ts';
import { flows, hessianVectorProducts } from '../contenders/engine.ts';
import { SIDE, surface, surfaceLoop } from '../contenders/surface.ts';
import { descentLoop, hessianVectorLoop } from '../contenders/typescript.ts';
import { contest } from '../contest.ts';
import { teacher, whitened } from '../problems.ts';
import type { Row } from '../row.ts';
import type { Tools } from '../tools.ts';

/** Rows of theta that a surface hands over at once, as the charts do. */
const SURFACE_ROWS = 1024;

/** What else the cpu engine computes: a deeper network, loss surfaces, Hessian-vector products. One thread. */
export async function measure({ effort, torch }: Tools): Promise<Row[]> {
  const engine = createCpuEngine();
  const deep = teacher([16, 64, 64, 4], 256);
  const tanh = whitened('tanh');
  const small = { widths: [10, 50, 5], activation: 'tanh', samples: 0 } as const;
  const contests = [
    {
      name: 'cpu, 16-64-64-4 relu, 256 samples, one flow',
      unit: 'µs per step',
      factor: 1000,
      subject: flows(engine, deep, 1),
      peers: [
        torch.network('step', { widths: [16, 64, 64, 4], activation: 'relu', samples: 256, rows: 1 }),
        descentLoop(deep, 1),
      ],
    },
    {
      name: `cpu, loss surface ${SIDE} x ${SIDE} of 10-50-5 tanh`,
      unit: 'ms',
      factor: 1,
      subject: surface(engine, tanh, SURFACE_ROWS),
      peers: [torch.network('surface', { ...small, rows: SIDE * SIDE }), surfaceLoop(tanh)],
    },
    ...[1, 256].map((rows) => ({
      name: `cpu, Hessian-vector products of 10-50-5 tanh, ${rows === 1 ? 'one at a time' : `${rows} rows`}`,
      unit: 'µs per product',
      factor: 1000 / rows,
      subject: hessianVectorProducts(engine, tanh, rows),
      peers: [torch.network('hvp', { ...small, rows }), hessianVectorLoop(tanh, rows)],
    })),
  ];
  const rows: Row[] = [];
  for (const { peers, ...entry } of contests) {
    rows.push(...(await contest({ ...entry, peers: peers.map((contender) => ({ contender })) }, effort)));
  }
  engine.dispose();
  return rows;
}
