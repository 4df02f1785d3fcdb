import type { Description, Measurement } from '../../workers/symmetry/question.ts';
import { ABSENT, formatInteger, formatNumber } from '../format.ts';
import { useRun, useSession } from '../session-context.ts';
import { agreementWords, type Comparison, comparisons } from './comparison.ts';
import { useSymmetry } from './use-symmetry.ts';

interface MeasurementCardProps {
  readonly description: Description;
}

/** What the theory predicts, and beside it what was measured without using it. */
export function MeasurementCard({ description: { summary, predictions } }: MeasurementCardProps) {
  const { status, answer, message } = useSymmetry((state) => state.measurement);
  const rows = comparisons(predictions, answer);
  const refusals = [...new Set(rows.flatMap(({ refusal }) => refusal || []))];
  return (
    <section className="card" aria-labelledby="measurement-heading">
      <h2 className="panel-heading" id="measurement-heading">
        Theory and measurement
      </h2>
      <dl className="reading-list">
        <Fact name="Parameters" value={formatInteger(summary.parameters)} />
        <Fact name="Dimension of the orbit" value={known(summary.orbitDimension)} />
        <Fact name="Conserved quantities" value={known(summary.conserved)} />
      </dl>
      {summary.conserved !== null && summary.conserved > 0 && !summary.conservedHolds ? (
        <p className="note">The present data do not keep them: see the drift of Q.</p>
      ) : null}
      <table className="comparison" aria-label="Theory and measurement">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Quantity</span>
            </th>
            <th scope="col">theory</th>
            <th scope="col">measured</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ComparisonRow key={row.name} row={row} />
          ))}
        </tbody>
      </table>
      {refusals.map((refusal) => (
        <p key={refusal} className="note">
          {refusal}
        </p>
      ))}
      <MeasureControl />
      {status === 'failed' ? <p className="note note-warning">{message}</p> : null}
      {status === 'cancelled' ? <p className="note">Stopped; what had been measured stays.</p> : null}
      {answer ? <PointNote point={answer.point} /> : null}
    </section>
  );
}

const known = (count: number | null): string => (count === null ? 'too large to tell' : formatInteger(count));

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function ComparisonRow({ row }: { readonly row: Comparison }) {
  const { name, hint, predicted, atLeast, measured, agreement, detail, refusal } = row;
  return (
    <>
      <tr title={hint}>
        <th scope="row">{name}</th>
        <td className="number">
          {predicted === null ? ABSENT : `${atLeast ? '≥ ' : ''}${formatInteger(predicted)}`}
        </td>
        <td className="number">
          {measured === null ? (refusal ? 'not measured' : ABSENT) : formatInteger(measured)}
          {agreement ? (
            <span className={`agreement agreement-${agreement}`}>{agreementWords[agreement]}</span>
          ) : null}
        </td>
      </tr>
      {detail ? (
        <tr className="comparison-detail">
          <td colSpan={3}>{detail}</td>
        </tr>
      ) : null}
    </>
  );
}

/** The button, or how far the measurement is and how to stop it. */
function MeasureControl() {
  const session = useSession();
  const { status, doing, fraction } = useSymmetry((state) => state.measurement);
  const begun = useRun((run) => run.outcomes.some((outcome) => outcome !== null));
  if (status !== 'busy') {
    return (
      <button
        type="button"
        className="button button-outline"
        disabled={!begun}
        title="Measure at the end of the steered flow, from gradients alone; takes some seconds"
        onClick={() => session.measureSymmetry()}
      >
        Measure
      </button>
    );
  }
  return (
    <div className="measuring">
      <span className="note">{doing || 'Beginning'} …</span>
      <progress className="progress" aria-label="Measurement" max={1} value={fraction} />
      <button type="button" className="button button-link" onClick={() => session.cancelMeasure()}>
        Stop measuring
      </button>
    </div>
  );
}

function PointNote({ point: { loss, gradientNorm } }: Pick<Measurement, 'point'>) {
  return (
    <p className="note">
      The Hessian was taken at the end of the steered flow: loss {formatNumber(loss)}, gradient norm{' '}
      {formatNumber(gradientNorm)}. Flat directions are counted at a minimum of zero loss.
    </p>
  );
}
