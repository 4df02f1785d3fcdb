import type { TeleportationRecord } from '../../experiment/trajectory.ts';
import type { TeleportationState } from '../../symmetry/teleportation/options.ts';
import { ABSENT, formatInteger, formatNumber, formatShort, plural } from '../format.ts';
import { shownLayerPair } from '../readings.ts';
import { useRun, useSession } from '../session-context.ts';
import { objectiveWords } from '../teleportation/words.ts';
import { frameOfJump } from './run-jumps.ts';

interface Row {
  readonly name: string;
  readonly read: (state: TeleportationState, layerPair: number) => number | undefined;
  readonly change: (before: number, after: number) => string;
  readonly hint: string;
  /** true: an exact action keeps it, and what changes it is pointed out. */
  readonly kept?: boolean;
}

/** Relative change that is more than rounding. */
const ROUNDING = 1e-9;

/** Four digits, three of a number with a power of ten: the columns are narrow. */
const compact = (value: number): string => {
  const text = formatNumber(value, 4);
  return text.includes('×') ? formatNumber(value, 3) : text;
};

const signed = (value: number): string => (value > 0 ? `+${formatNumber(value, 2)}` : formatNumber(value, 2));
const difference = (before: number, after: number) => signed(after - before);
const ratio = (before: number, after: number) =>
  before > 0 ? `× ${formatNumber(after / before, 3)}` : ABSENT;

/** What the ledger says of a jump. A further quantity is one entry here. */
const rows: readonly Row[] = [
  {
    name: 'Loss',
    read: ({ loss }) => loss,
    change: difference,
    hint: 'The loss, and its residual: what the jump changed of it',
    kept: true,
  },
  {
    name: 'Gradient norm',
    read: ({ gradientNorm }) => gradientNorm,
    change: ratio,
    hint: 'How steep the loss is',
  },
  {
    name: 'Sharpness',
    read: ({ sharpness }) => sharpness,
    change: ratio,
    hint: 'The largest eigenvalue of the Hessian',
  },
  {
    name: 'Q',
    read: ({ conserved }, layerPair) => conserved[layerPair],
    change: difference,
    hint: 'The conserved quantity, which the flow keeps before the jump and after it',
  },
];

interface JumpRowsProps {
  readonly jump: TeleportationRecord;
  readonly flow: number;
}

/** One jump as a group of rows: where and how, each quantity before and after, how far it went and what it cost. */
export function JumpRows({ jump, flow }: JumpRowsProps) {
  const session = useSession();
  const pair = useRun(shownLayerPair);
  const group = useRun((run) => run.summary?.groups.find(({ name }) => name === jump.group));
  const { before, after } = jump;
  const seek = () => {
    const frames = session.run.getState().frames.flows[flow];
    if (frames) session.seek(frameOfJump(frames, jump.time));
  };
  return (
    <tbody>
      <tr className="jump-head">
        <th colSpan={4} scope="rowgroup">
          <button type="button" className="jump-seek" title="Move the cursor to this jump" onClick={seek}>
            <span className="jump-step">Step {formatInteger(jump.step)}</span>
            <span className="muted">time {formatShort(jump.time)}</span>
            <span className="jump-group">{group?.symbol ?? jump.group}</span>
            <span className="muted jump-objective">{objectiveWords[jump.objective].label}</span>
          </button>
        </th>
      </tr>
      {rows.map(({ name, read, change, hint, kept = false }) => {
        const [from, to] = [read(before, pair), read(after, pair)];
        return from === undefined || to === undefined ? null : (
          <tr key={name} title={hint}>
            <th scope="row">{name}</th>
            <td>{compact(from)}</td>
            <td>{compact(to)}</td>
            <td className="jump-change" data-broken={kept && Math.abs(to - from) > ROUNDING * from}>
              {change(from, to)}
            </td>
          </tr>
        );
      })}
      <tr className="jump-foot">
        <td colSpan={4}>
          {`Distance ${formatShort(jump.distance, 3)} in the group, ${formatShort(jump.displacement, 3)} in parameters. `}
          {`${plural(jump.iterations, 'iteration')} at the cost of ${plural(jump.gradients, 'gradient')}. `}
          {jump.message}
        </td>
      </tr>
    </tbody>
  );
}
