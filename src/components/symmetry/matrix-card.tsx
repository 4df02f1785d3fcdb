import { useEffect } from 'react';
import type { ConservedMatrixReading, ConstraintReading } from '../../workers/symmetry/question.ts';
import { formatInteger, formatNumber, plural } from '../format.ts';
import { shownLayerPair } from '../readings.ts';
import { useRun, useSession } from '../session-context.ts';
import { HeatMap } from './heat-map.tsx';
import { MathText } from './math-text.tsx';
import { SpectrumBars } from './spectrum-bars.tsx';
import { useSymmetry } from './use-symmetry.ts';

interface MatrixCardProps {
  /** Of the steered flow. */
  readonly frame: number;
}

/** The matrix of conserved quantities of the shown layer pair at the cursor, or what there is in its place. */
export function MatrixCard({ frame }: MatrixCardProps) {
  const session = useSession();
  const summary = useRun((run) => run.summary);
  const layerPair = useRun(shownLayerPair);
  const { answer, status, message } = useSymmetry((state) => state.matrix);
  useEffect(() => {
    if (summary && frame >= 0) session.readMatrix(layerPair, frame);
  }, [session, summary, layerPair, frame]);
  const content = answer?.content;
  return (
    <section className="card" aria-labelledby="matrix-heading">
      <h2 className="panel-heading" id="matrix-heading">
        {content?.kind === 'constraint' ? 'Constraints of rotations' : 'Matrix of conserved quantities'}
      </h2>
      {status === 'failed' ? <p className="note note-warning">{message}</p> : null}
      {content?.kind === 'none' ? <p className="note">{content.reason}</p> : null}
      {content?.kind === 'conserved' ? <Conserved reading={content} units={answer!.units} /> : null}
      {content?.kind === 'constraint' ? <Constraint reading={content} units={answer!.units} /> : null}
    </section>
  );
}

interface ReadingProps<T> {
  readonly reading: T;
  readonly units: number;
}

function Conserved({ reading, units }: ReadingProps<ConservedMatrixReading>) {
  const { entries, cells, unitsPerCell, spectrum, trace, norm, drift, independent, parameters } = reading;
  const facts: readonly (readonly [string, string])[] = [
    ['Trace (total Q)', formatNumber(trace, 6)],
    ['Frobenius norm', formatNumber(norm, 6)],
    ['Drift since the start', formatNumber(drift, 2)],
    [
      'Independent quantities',
      independent === null
        ? 'too large to tell'
        : `${formatInteger(independent)} of ${plural(parameters, 'parameter')}`,
    ],
  ];
  return (
    <>
      <p className="note">
        <MathText>Q = ½ (W_outᵀ W_out − W_in W_inᵀ)</MathText>: every entry is conserved, for any data.
        {unitsPerCell > 1 ? ` Each cell is the mean over ${unitsPerCell} × ${unitsPerCell} entries.` : ''}
      </p>
      <HeatMap
        entries={entries}
        cells={cells}
        unitsPerCell={unitsPerCell}
        label={`Matrix Q of ${units} hidden units: trace ${formatNumber(trace, 4)}, Frobenius norm ${formatNumber(norm, 4)}`}
      />
      <SpectrumBars values={spectrum} />
      <dl className="reading-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Constraint({ reading, units }: ReadingProps<ConstraintReading>) {
  const { present, largest, frames, constraints } = reading;
  return (
    <>
      <p className="note">
        Rotations O({units}) keep no matrix: their generators are antisymmetric, so they give no conserved
        quantity but {plural(constraints, 'first-order constraint')}. At every moment the antisymmetric part
        of <MathText>W_outᵀ W_out′ − W_in′ W_inᵀ</MathText> is zero.
      </p>
      <dl className="reading-list">
        <div>
          <dt>Largest entry at the cursor</dt>
          <dd>{formatNumber(present, 2)}</dd>
        </div>
        <div>
          <dt>Largest over {plural(frames, 'frame')}</dt>
          <dd>{formatNumber(largest, 2)}</dd>
        </div>
      </dl>
      <p className="note">In units of |θ| |θ′|: zero to rounding.</p>
    </>
  );
}
