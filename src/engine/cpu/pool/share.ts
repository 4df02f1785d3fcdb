import type { FlowBatch, FlowChunk } from '../../../flow/chunk.ts';
import { filterFrames, pickFlows, renumber } from '../../chunks.ts';
import { type Engine, EngineLostError } from '../../engine.ts';

/** Asks some engine for a batch of flows of the run at hand. */
export type RunFlows = (engine: Pick<Engine, 'flow'>, batch: FlowBatch) => AsyncIterable<FlowChunk>;

/**
 * Some flows of a batch, which one engine after another may compute. The next one begins them anew and leaves out the
 * frames that have already been handed over: the same numbers as if one had computed them all.
 */
export class Share {
  /** What computes it; null: nothing, for now. */
  engine: Pick<Engine, 'flow'> | null = null;
  done = false;
  readonly #batch: FlowBatch;
  readonly #size: number;
  readonly #run: RunFlows;
  /** The flows that have not ended. */
  #left: readonly number[];
  /** Frames handed over, by flow. */
  readonly #frames: Uint32Array;
  #chunks: AsyncIterator<FlowChunk> | null = null;
  #pending: Promise<void> | null = null;
  #take: (() => FlowChunk | null) | null = null;

  /** `flows` of `batch`; `size` is P. */
  constructor(batch: FlowBatch, flows: readonly number[], size: number, run: RunFlows) {
    this.#batch = batch;
    this.#left = flows;
    this.#size = size;
    this.#run = run;
    this.#frames = new Uint32Array(batch.count);
  }

  /** Hands what is left to an engine. */
  begin(engine: Pick<Engine, 'flow'>): void {
    this.engine = engine;
    this.#chunks = this.#continued(engine)[Symbol.asyncIterator]();
  }

  /** Asks for a chunk unless that was done; resolves, and never rejects, when `take` has something to say. */
  request(): Promise<void> {
    this.#pending ??= this.#chunks!.next().then(
      (result) => {
        this.#take = () => this.#accept(result);
      },
      (error: unknown) => {
        this.#take = () => this.#reject(error);
      },
    );
    return this.#pending;
  }

  /** The chunk that has arrived, null when there is none. Throws what the engine threw, but not that it is lost. */
  take(): FlowChunk | null {
    const take = this.#take;
    if (!take) return null;
    this.#take = null;
    this.#pending = null;
    return take();
  }

  /** Lets go of the engine. */
  stop(): void {
    this.#chunks?.return?.().catch(() => {});
  }

  #accept(result: IteratorResult<FlowChunk>): FlowChunk | null {
    if (result.done) {
      this.done = true;
      return null;
    }
    const ended = new Set(result.value.ended.map(({ flow }) => flow));
    this.#left = this.#left.filter((flow) => !ended.has(flow));
    for (const flow of result.value.frames.flow) this.#frames[flow]! += 1;
    return result.value;
  }

  #reject(error: unknown): null {
    if (!(error instanceof EngineLostError)) throw error;
    this.engine = null;
    return null;
  }

  async *#continued(engine: Pick<Engine, 'flow'>): AsyncGenerator<FlowChunk> {
    const flows = this.#left;
    const known = this.#frames.slice();
    const isNew = (flow: number) => {
      if (known[flow]! === 0) return true;
      known[flow]! -= 1;
      return false;
    };
    for await (const chunk of this.#run(engine, pickFlows(this.#batch, flows, this.#size))) {
      yield filterFrames(renumber(chunk, flows), isNew);
    }
  }
}
