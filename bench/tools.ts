import type { Gpu } from './adapter.ts';
import type { Torch } from './contenders/torch.ts';
import type { Effort } from './contest.ts';
import type { Options } from './options.ts';
import type { Row } from './row.ts';

/** What the groups share. */
export interface Tools {
  readonly options: Options;
  /** Turns of work on the processor. */
  readonly effort: Effort;
  readonly torch: Torch;
  /** Opened once, when first asked for. */
  gpu(): Promise<Gpu>;
}

/** A set of rows that are measured together. */
export interface Group {
  readonly name: string;
  /** Whether it runs when none is named. */
  readonly byDefault: boolean;
  /** Whether --gpu runs it. */
  readonly gpu: boolean;
  /** Loaded when it is wanted. */
  load(): Promise<{ measure(tools: Tools): Promise<Row[]> }>;
}
