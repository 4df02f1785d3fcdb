import { predict, SLOW_PROCESSOR, workload } from '../engine/calibration/speed.ts';
import type { Engine, EngineChoice } from '../engine/engine.ts';
import { flowWithFailover } from '../engine/failover.ts';
import { type RunFlow, teleportingFlow } from '../engine/teleporting.ts';
import { DocumentError } from '../experiment/document-error.ts';
import type { EngineName } from '../experiment/experiment.ts';
import { resolveExperiment, sameExceptSteering } from '../experiment/resolve.ts';
import type { FlowChunk } from '../flow/chunk.ts';
import type { Outcome } from '../flow/outcome.ts';
import type { FlowPlan } from '../flow/plan.ts';
import type { ChartKind } from '../landscape/chart.ts';
import type { ChartInput, OrbitCurve } from '../landscape/chart-input.ts';
import type { Problem } from '../model/problem.ts';
import { exportRun } from './export.ts';
import { messageFrames, messageJumps, parametersKnown } from './history.ts';
import type { ClientMessage, WorkerMessage } from './protocol.ts';
import { type Batch, Run } from './run.ts';
import { sentence } from './sentence.ts';
import { summarise } from './summary.ts';
import { createSymmetryDesk } from './symmetry/desk.ts';

/** What the controller stands on; tests hand in their own. */
export interface RunControllerOptions {
  /** Which engine runs so many flows of a problem. */
  choose(preference: EngineName, problem: Problem, plan: FlowPlan, flows: number): Promise<EngineChoice>;
  /** The cpu engine: takes over when another one is lost, and computes the heights of charts. */
  readonly fallback: Engine;
  post(message: WorkerMessage, transfer?: ArrayBuffer[]): void;
  /** Milliseconds. */
  now(): number;
  /** Resolves in a later task, after the messages that have arrived. */
  pause(): Promise<void>;
}

/** The worker's side of the protocol, without the worker. */
export interface RunController {
  receive(message: ClientMessage): void;
  /** Resolves when there is nothing left to do. */
  idle(): Promise<void>;
}

type Start = Extract<ClientMessage, { type: 'run' | 'replay' }>;
type Export = Extract<ClientMessage, { type: 'export' }>;

/** Seconds that the steered flow may be expected to take on a slow processor and still run there while others do not. */
const CHEAP_FLOW = 10;
/** Milliseconds between two progress messages. */
const PROGRESS_INTERVAL = 100;

/**
 * Builds the controller. One loop does one piece of work at a time (begin a run, one chunk, one chart, one export) and lets
 * messages in between; `receive` only notes what is wanted.
 */
export function createRunController(options: RunControllerOptions): RunController {
  const { fallback, post, now, pause } = options;
  let run: Run | null = null;
  let incoming: Start | null = null;
  let cancelIncoming = false;
  let chartKind: ChartKind = 'q-valley';
  const exports: Export[] = [];
  let lastProgress = Number.NEGATIVE_INFINITY;
  let working: Promise<void> | null = null;
  let ring = () => {};
  const symmetries = createSymmetryDesk({ subject: () => run, drawOrbit, post, now, pause });

  function receive(message: ClientMessage): void {
    switch (message.type) {
      case 'run':
      case 'replay':
        incoming = message;
        cancelIncoming = false;
        chartKind = message.chart;
        break;
      case 'cancel':
        if (incoming) cancelIncoming = true;
        else run?.cancel();
        break;
      case 'chart':
        chartKind = message.chart;
        if (run) run.eager = true;
        break;
      case 'export':
        exports.push(message);
        break;
      case 'symmetry-ask':
      case 'symmetry-cancel':
        symmetries.receive(message);
        return;
      case 'symmetry-orbit-closed':
        drawOrbit(null);
        break;
      default:
        message satisfies never;
    }
    ring();
    wake();
  }

  function wake(): void {
    working ??= work().finally(() => {
      working = null;
      if (incoming || exports.length > 0) wake();
    });
  }

  async function work(): Promise<void> {
    while (await next()) await pause();
  }

  /** Does the next piece of work; false when there is none. */
  async function next(): Promise<boolean> {
    if (incoming) begin(incoming);
    else if (exports.length > 0) answer(exports.shift()!);
    else if (!run) return false;
    else {
      try {
        return await advance(run);
      } catch (error) {
        fail(run, error);
      }
    }
    return true;
  }

  function begin(message: Start): void {
    incoming = null;
    try {
      if (message.type === 'replay') beginReplay(message);
      else beginRun(message);
    } catch (error) {
      // The run before it goes on.
      post({ type: 'failed', run: message.run, message: sentence(error) });
      return;
    }
    if (cancelIncoming) run?.cancel();
    cancelIncoming = false;
  }

  function beginRun(message: Extract<Start, { type: 'run' }>): void {
    const { experiment } = message;
    const steer =
      run !== null &&
      !run.imported &&
      !run.failed &&
      !message.restart &&
      sameExceptSteering(run.experiment, experiment);
    const resolved = resolveExperiment(experiment, 'all', steer ? run!.resolved : undefined);
    if (steer) run!.steer(message.run, resolved);
    else replaceBy(Run.compute(message.run, resolved, now));
    started(run!, steer);
    if (!steer) choose(run!);
  }

  function beginReplay({ run: id, trajectory }: Extract<Start, { type: 'replay' }>): void {
    const replay = Run.replay(id, resolveExperiment(trajectory.experiment), trajectory, now);
    replaceBy(replay);
    started(replay, false);
    const { application, engine: kind, precision } = trajectory.provenance;
    const reason = `imported, computed by ${application}`;
    post({
      type: 'engine',
      run: id,
      engine: { kind, precision, device: 'imported trajectory', reason, seconds: null, message: '' },
    });
    replay.flows.forEach((flow, index) => {
      const jumps = messageJumps(flow, index);
      if (jumps.length > 0) post({ type: 'jumps', run: id, jumps });
      const frames = messageFrames(flow, index);
      post({ type: 'frames', run: id, frames }, buffers(frames));
      post({ type: 'ended', run: id, flow: index, outcome: replay.outcomes[index]! });
    });
  }

  function replaceBy(newer: Run): void {
    run?.dispose();
    run = newer;
  }

  function started(of: Run, steer: boolean): void {
    const parameters = of.imported ? parametersKnown(of.flows) : 'all';
    const summary = summarise(of.resolved, of.flows, { steer, replay: of.imported !== null, parameters });
    of.charts = summary.charts;
    post({ type: 'started', run: of.id, summary });
  }

  /** Asks for an engine; until it is there, the loop waits for it or for a message. */
  function choose(of: Run): void {
    options.choose(of.experiment.engine, of.problem, of.resolved.plan, of.flows.length).then(
      (choice) => {
        if (of === run && !of.choice) {
          of.choice = choice;
          announce(of, refusal(of.experiment.engine, choice));
        }
        ring();
      },
      (error) => {
        if (of === run && !of.over) fail(of, error);
        ring();
      },
    );
  }

  function announce(of: Run, message: string): void {
    const { engine, reason: why, seconds } = of.choice!;
    const { kind, precision, device } = engine;
    const reason = steersOnFallback(of) && engine !== fallback ? `${why}; steered flow on the cpu` : why;
    post({ type: 'engine', run: of.id, engine: { kind, precision, device, reason, seconds, message } });
  }

  /**
   * Left to choose, the steered flow of a sweep runs on the fallback where one flow is cheap: it keeps float64 and need not
   * wait until a graphics library is loaded and tested.
   */
  const steersOnFallback = (of: Run): boolean =>
    of.experiment.engine === 'auto' &&
    of.flows.some(({ role }) => role !== 'steered' && role !== 'twin') &&
    predict(SLOW_PROCESSOR, workload(of.problem, of.resolved.plan, 1)) <= CHEAP_FLOW &&
    fallback.unsupported(of.problem, of.resolved.plan) === null;

  /** What computes a batch; null while that is being chosen. */
  function engineOf(of: Run, batch: Batch): EngineChoice | null {
    if (of.choice && of.choice.engine === fallback) return of.choice;
    if (of.isSteered(batch) && steersOnFallback(of)) return { engine: fallback, reason: '', seconds: null };
    if (!of.choice && batch.abort.signal.aborted) {
      of.choice = { engine: fallback, reason: 'cancelled before an engine was chosen', seconds: null };
      announce(of, '');
    }
    return of.choice;
  }

  /** The run goes on with the fallback engine. */
  function switchEngine(of: Run, message: string): void {
    const reason = `the ${of.choice!.engine.kind} engine was lost`;
    of.choice = { engine: fallback, reason, seconds: null };
    announce(of, message);
  }

  /** One piece of work of a run; false when there is none left. */
  async function advance(of: Run): Promise<boolean> {
    const batch = of.nextBatch((other) => engineOf(of, other) !== null);
    const choice = batch && engineOf(of, batch);
    if (batch && previewWanted(of)) await draw(of, 'preview');
    else if (batch && choice) await computeChunk(of, batch);
    else if (batch) await new Promise<void>((resolve) => (ring = resolve));
    else if (!of.over || of.eager) await finish(of);
    else return false;
    return true;
  }

  /** The flows of a batch, on whatever engine the run has when a stretch of them begins. */
  function chunksOf(of: Run, batch: Batch): AsyncIterable<FlowChunk> {
    const { problem } = of;
    const { plan, teleportation } = of.resolved;
    const { signal } = batch.abort;
    const flow: RunFlow = (...[, start, stretch]) =>
      flowWithFailover(engineOf(of, batch)!, fallback, problem, start, stretch, signal, (message) =>
        switchEngine(of, message),
      );
    const start = of.batchStart(batch);
    return batch.teleports && teleportation?.plan
      ? teleportingFlow(flow, problem, start, plan, teleportation.plan, { signal, now, pause })
      : flow(problem, start, plan);
  }

  async function computeChunk(of: Run, batch: Batch): Promise<void> {
    batch.chunks ??= chunksOf(of, batch)[Symbol.asyncIterator]();
    const began = now();
    const result = await batch.chunks.next();
    const spent = now() - began;
    of.computing += spent;
    batch.computing += spent;
    if (!result.done) keep(of, batch, result.value);
    if (result.done || of.hasEnded(batch)) of.remove(batch);
    progress(of);
  }

  function keep(of: Run, batch: Batch, chunk: FlowChunk): void {
    of.steps += chunk.steps;
    const first = of.flows[batch.first]!.count === 0;
    if (chunk.jumps && chunk.jumps.length > 0) {
      post({ type: 'jumps', run: of.id, jumps: of.keepJumps(batch, chunk.jumps) });
      if (batch.first === 0) of.eager = true;
    }
    if (chunk.frames.count > 0) {
      const { kind: engine, precision } = engineOf(of, batch)!.engine;
      const frames = of.keep(batch, chunk.frames, { engine, precision });
      post({ type: 'frames', run: of.id, frames }, buffers(frames));
      if (batch.first === 0 && first) of.eager = true;
    }
    for (const { flow, outcome } of chunk.ended) end(of, batch.first + flow, outcome);
  }

  function end(of: Run, flow: number, outcome: Outcome): void {
    of.outcomes[flow] = outcome;
    post({ type: 'ended', run: of.id, flow, outcome });
    if (flow === 0) of.eager = true;
  }

  function progress(of: Run, last = false): void {
    if (!last && now() - lastProgress < PROGRESS_INTERVAL) return;
    lastProgress = now();
    const { steps, stepsPerSecond, fraction } = of;
    const remaining = of.remaining(now());
    post({ type: 'progress', run: of.id, steps, stepsPerSecond, fraction, remaining });
  }

  /** The chart that was asked for where it fits the run, else the first that does. */
  const kindFor = (of: Run): ChartKind =>
    of.charts.includes(chartKind) ? chartKind : (of.charts[0] ?? 'q-valley');

  const previewWanted = (of: Run): boolean =>
    of.flows[0]!.count > 0 && (of.eager || of.drawer.isDue()) && !of.drawer.isCurrent(kindFor(of), 'preview');

  async function draw(of: Run, detail: ChartInput['detail']): Promise<boolean> {
    of.eager = false;
    const chart = await of.drawer.draw(kindFor(of), detail, {
      // The same engine whatever computed the flows: an imported trajectory gives the same picture.
      loss: (thetas) => fallback.loss(of.problem, thetas),
      pause,
      stale: () => incoming !== null,
    });
    if (chart) post({ type: 'chart', run: of.id, chart });
    else of.eager = true;
    return chart !== null;
  }

  /** Puts the curve of the orbit explorer on the charts of the run. */
  function drawOrbit(curve: OrbitCurve | null): void {
    if (!run || run.orbitCurve === curve) return;
    run.orbitCurve = curve;
    run.eager = true;
    ring();
    wake();
  }

  async function finish(of: Run): Promise<void> {
    if (!(await draw(of, 'final')) || of.over) return;
    of.over = true;
    progress(of, true);
    post({ type: 'finished', run: of.id });
  }

  /** The run cannot go on; what it has stays. */
  function fail(of: Run, error: unknown): void {
    const message = sentence(error);
    of.dispose();
    of.failed = true;
    of.outcomes.forEach((outcome, flow) => {
      if (!outcome) end(of, flow, { kind: 'failed', message });
    });
    of.over = true;
    of.eager = false;
    post({ type: 'failed', run: of.id, message });
  }

  function answer({ request, parameters }: Export): void {
    try {
      if (!run) throw new DocumentError('', 'There is no run to export yet: run an experiment first.');
      post({ type: 'exported', request, trajectory: exportRun(run, parameters) });
    } catch (error) {
      post({ type: 'export-failed', request, message: sentence(error) });
    }
  }

  return {
    receive,
    async idle() {
      do {
        await symmetries.idle();
        while (working) await working;
      } while (symmetries.isBusy());
    },
  };
}

/** A sentence for the user when the engine is not the one that was asked for, or failed its test; else empty. */
function refusal(wanted: EngineName, { engine, reason }: EngineChoice): string {
  const refused = (wanted !== 'auto' && wanted !== engine.kind) || reason.startsWith('self-test failed');
  return refused ? `The run uses the ${engine.kind} engine: ${reason}.` : '';
}

/** What to hand over with frames instead of copying it. */
const buffers = (frames: FlowChunk['frames']): ArrayBuffer[] => [
  ...new Set(
    [frames.flow, frames.step, frames.time, frames.loss, frames.gradientNorm, frames.conserved].map(
      ({ buffer }) => buffer as ArrayBuffer,
    ),
  ),
];
