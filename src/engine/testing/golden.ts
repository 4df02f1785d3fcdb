import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule } from '../../flow/record.ts';
import type { MlpArchitecture } from '../../model/architecture.ts';
import { explicitDataset } from '../../model/data.ts';
import type { LossName } from '../../model/loss.ts';
import { type LayerParameters, packParameters } from '../../model/parameters.ts';
import type { Engine } from '../engine.ts';

/** What a reference curve of fixtures/golden holds: an experiment document and the columns to match. */
interface Golden {
  readonly experiment: {
    readonly architecture: MlpArchitecture;
    readonly data: { readonly inputs: number[][]; readonly targets: number[][] };
    readonly loss: { readonly kind: LossName };
    readonly initialisation: { readonly parameters: LayerParameters[] };
    readonly flow: { readonly stepSize: number; readonly steps: number };
    readonly record: { readonly steps: number[] };
  };
  readonly expected: {
    readonly float64: {
      readonly step: number[];
      readonly loss: number[];
      readonly conservedTotal: number[];
    };
  };
}

const folder = new URL('../../../fixtures/golden/', import.meta.url);

/**
 * One test per reference curve whose file name starts with `prefix`: the whole run, at every recorded step, against the
 * float64 columns. The loss to 1e-6 relative while above 1e-12 of its start; Q to 1e-9, absolute or relative.
 */
export function testGoldenCurves(prefix: string, createEngine: () => Engine): void {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith('.json'));
  it.each(names)('%s', async (name) => {
    const { experiment, expected }: Golden = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const { step, loss, conservedTotal } = expected.float64;
    const actual = await runGolden(experiment, createEngine());
    expect(actual.map((frame) => frame.step)).toEqual(step);
    actual.forEach((frame, i) => {
      if (loss[i]! > 1e-12 * loss[0]!) expect(Math.abs(frame.loss / loss[i]! - 1)).toBeLessThan(1e-6);
      const scale = Math.max(1, Math.abs(conservedTotal[i]!));
      expect(Math.abs(frame.conserved - conservedTotal[i]!)).toBeLessThan(1e-9 * scale);
    });
  });
  if (names.length === 0) throw new Error(`No reference curve starts with ${prefix}.`);
}

async function runGolden(experiment: Golden['experiment'], engine: Engine) {
  const { architecture, data, initialisation, flow, record } = experiment;
  const dataset = explicitDataset(data.inputs, data.targets);
  const plan: FlowPlan = {
    kind: 'fixed-step',
    integrator: 'gradient-descent',
    stepSize: flow.stepSize,
    steps: flow.steps,
    record: explicitSchedule(record.steps),
    stop: {},
  };
  const parameters = packParameters(architecture, initialisation.parameters);
  const problem = { architecture, dataset, loss: experiment.loss.kind };
  const recorded: { step: number; loss: number; conserved: number }[] = [];
  for await (const { frames } of engine.flow(problem, { count: 1, parameters }, plan)) {
    for (let i = 0; i < frames.count; i++) {
      recorded.push({ step: frames.step[i]!, loss: frames.loss[i]!, conserved: frames.conserved[i]! });
    }
  }
  return recorded;
}
