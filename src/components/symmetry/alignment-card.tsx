import { useMemo, useState } from 'react';
import type { GroupSummary } from '../../symmetry/summary.ts';
import type { AlignmentReading } from '../../workers/symmetry/question.ts';
import { SelectField } from '../fields/select-field.tsx';
import { formatNumber, plural } from '../format.ts';
import { useRun, useSession } from '../session-context.ts';
import { LineChart } from './line-chart.tsx';
import { MathText } from './math-text.tsx';
import { useSymmetry } from './use-symmetry.ts';

const none: readonly GroupSummary[] = [];

/** Two flows' ends brought to the same permutation, sign and scale, and the loss on the line between them. */
export function AlignmentCard() {
  const session = useSession();
  const flows = useRun((run) => run.summary?.flows ?? null);
  const begun = useRun((run) => run.outcomes.length > 1 && run.outcomes.every((outcome) => outcome !== null));
  const { status, answer, message } = useSymmetry((state) => state.alignment);
  const [chosen, setChosen] = useState<readonly [number, number]>([0, 1]);
  const options = (flows ?? []).map(({ label, role }, index) => ({
    value: String(index),
    label: role === 'steered' ? `${label} (steered)` : label,
  }));
  const within = (index: number) => Math.min(index, options.length - 1);
  const [first, second] = [within(chosen[0]), within(chosen[1])];
  return (
    <section className="card" aria-labelledby="alignment-heading">
      <h2 className="panel-heading" id="alignment-heading">
        Canonical form
      </h2>
      <p className="note">
        Two minima can be one function with its units in another order, with other signs and scales. Bring the
        second to the form of the first, and see what is left between them.
      </p>
      {options.length < 2 ? (
        <p className="note">This run has one flow: add a sweep of Q or replicas to compare two.</p>
      ) : (
        <>
          <SelectField
            label="First flow"
            value={String(first)}
            options={options}
            onSelect={(value) => setChosen([Number(value), second])}
          />
          <SelectField
            label="Second flow"
            value={String(second)}
            options={options}
            onSelect={(value) => setChosen([first, Number(value)])}
          />
          <button
            type="button"
            className="button button-outline"
            disabled={!begun || first === second || status === 'busy'}
            title="Bring the end of the second flow to the permutation, sign and scale of the first"
            onClick={() => session.alignFlows(first, second)}
          >
            {status === 'busy' ? 'Aligning …' : 'Align ends'}
          </button>
        </>
      )}
      {status === 'failed' ? <p className="note note-warning">{message}</p> : null}
      {answer ? <Aligned reading={answer} /> : null}
    </section>
  );
}

function Aligned({ reading }: { readonly reading: AlignmentReading }) {
  const { before, after, units, moved, flipped, groups: used } = reading;
  const data = useMemo(
    () => ({
      x: Float64Array.from(before.loss, (_, i) => i / (before.loss.length - 1)),
      lines: [
        { values: after.loss, colour: '--accent' },
        { values: before.loss, colour: '--muted', dashed: true },
      ],
    }),
    [before, after],
  );
  const rows = [
    ['Barrier', before.barrier, after.barrier],
    ['Distance', before.distance, after.distance],
  ] as const;
  const known = useSymmetry((state) => state.description.answer?.summary.groups ?? none);
  const names = used.map((name) => known.find((group) => group.name === name)?.symbol ?? name).join(', ');
  return (
    <>
      <p className="plot-legend note">
        <span className="plot-key plot-key-dashed" /> before <span className="plot-key" /> after
      </p>
      <LineChart
        data={data}
        label={`Loss on the line between the two ends: barrier ${formatNumber(before.barrier)} before alignment, ${formatNumber(after.barrier)} after`}
      />
      <table className="comparison" aria-label="Before and after alignment">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Quantity</span>
            </th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, was, is]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{formatNumber(was)}</td>
              <td className="number">{formatNumber(is)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note">
        {used.length > 0 ? 'Acted with ' : 'No symmetry applies'}
        <MathText>{names}</MathText>
        {used.includes('permutation') ? `; ${moved} of ${plural(units, 'unit')} changed places` : ''}
        {used.includes('sign') ? `, ${flipped} changed sign` : ''}. {meaning(reading)}
      </p>
    </>
  );
}

/** What the barrier says, one sentence. */
function meaning({ before, after }: AlignmentReading): string {
  const height = Math.max(before.barrier, after.barrier);
  const ends = Math.max(after.loss[0]!, after.loss.at(-1)!);
  if (height <= 0.01 * ends || height < 1e-12) return 'There was no barrier between the two to begin with.';
  if (after.barrier <= 0.01 * before.barrier)
    return 'The barrier is gone: up to symmetry both ends lie in one valley.';
  if (after.barrier < before.barrier) return 'A barrier is left: the two differ by more than symmetry.';
  return 'Alignment did not lower the barrier: the two differ by more than symmetry.';
}
