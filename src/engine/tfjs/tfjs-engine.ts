import type { FlowPlan } from '../../flow/plan.ts';
import { parameterCount } from '../../model/parameters.ts';
import type { Problem } from '../../model/problem.ts';
import { pickFlows, renumber } from '../chunks.ts';
import { memoryObjection } from '../cpu/memory.ts';
import type { Engine } from '../engine.ts';
import { cpuOnly } from '../layered.ts';
import { type BackendName, backendNames } from './backends.ts';
import { checkEngine } from './check.ts';
import { runFlows } from './flow.ts';
import { flowCapacity, TENSOR_LIMIT } from './memory.ts';
import { evaluateRows } from './rows.ts';
import { openSession, type Session } from './session.ts';

/** What a caller may choose. */
export interface TfjsEngineOptions {
  /** Backends to try, in this order, on software adapters too. Default: all, software adapters left out. */
  readonly backends?: readonly BackendName[];
  /** Bytes of tensors that flows which advance together may take; default `TENSOR_LIMIT`. */
  readonly tensorLimit?: number;
}

/** The engine, and what a chooser may ask of it. */
export interface TfjsEngine extends Engine {
  readonly backend: BackendName;
  /**
   * Compares it with float64 on a small problem of the same kind and on one gradient of `problem` itself: null, or one
   * clause that says what differs. TF.js can give zeros without an error, so ask before the first use. Never throws.
   */
  check(problem: Problem, plan: FlowPlan): Promise<string | null>;
}

/**
 * The engine for networks of any size: TF.js operations, float32 (theta itself is kept to 48 bits), on the first backend
 * that is there. Never throws: without any there is a reason, backend by backend. Import this module lazily: it brings
 * TF.js along.
 */
export async function createTfjsEngine(
  options: TfjsEngineOptions = {},
): Promise<{ readonly engine: TfjsEngine } | { readonly reason: string }> {
  const { backends, tensorLimit = TENSOR_LIMIT } = options;
  const refusals: string[] = [];
  for (const name of backends ?? backendNames) {
    try {
      return { engine: engineOn(await openSession(name, backends !== undefined), tensorLimit) };
    } catch (error) {
      refusals.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { reason: `TF.js has no backend here (${refusals.join('; ')})` };
}

function engineOn(session: Session, tensorLimit: number): TfjsEngine {
  const engine: TfjsEngine = {
    kind: 'tfjs',
    precision: 'float32',
    device: `TF.js ${session.backend}`,
    backend: session.backend,
    unsupported: (problem, plan, flows) => cpuOnly(problem, plan) ?? memoryObjection(problem, plan, flows),
    async *flow(problem, batch, plan, signal) {
      const size = parameterCount(problem.architecture);
      const capacity = flowCapacity(problem, session.rowsAtOnce, plan, tensorLimit);
      for (let first = 0; first < batch.count; first += capacity) {
        const length = Math.min(capacity, batch.count - first);
        const flows = Array.from({ length }, (_, i) => first + i);
        const part = runFlows(session, problem, pickFlows(batch, flows, size), plan, signal);
        for await (const chunk of part) yield renumber(chunk, flows);
      }
    },
    loss: (problem, thetas) =>
      evaluateRows(session, problem, [thetas], (network, theta) => network.loss(theta!)),
    gradient: (problem, thetas) =>
      evaluateRows(session, problem, [thetas], (network, theta) => network.gradient(theta!).gradient),
    hessianVectorProduct: (problem, thetas, vectors) =>
      evaluateRows(session, problem, [thetas, vectors], (network, theta, vector) =>
        network.hessianVectorProduct(theta!, vector!),
      ),
    check: (problem, plan) => checkEngine(engine, problem, plan),
    dispose() {},
  };
  return engine;
}
