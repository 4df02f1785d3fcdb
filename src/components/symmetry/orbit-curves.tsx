import { useEffect, useMemo } from 'react';
import type { OrbitReading } from '../../workers/symmetry/question.ts';
import { formatNumber } from '../format.ts';
import { useInterface, useSession } from '../session-context.ts';
import { LineChart } from './line-chart.tsx';
import { valueAt } from './line-plot.ts';
import { useSymmetry } from './use-symmetry.ts';

interface OrbitCurvesProps {
  readonly reading: OrbitReading;
}

/** What is drawn along the orbit. A new curve is one entry. */
const curves = [
  { name: 'Loss', key: 'loss' },
  { name: 'Gradient norm', key: 'gradientNorm' },
  { name: 'Sharpness', key: 'sharpness' },
  { name: 'Q', key: 'q' },
] as const satisfies readonly { name: string; key: keyof OrbitReading }[];

/** The slider along the orbit, the numbers at its position, and the curves with their common cursor. */
export function OrbitCurves({ reading }: OrbitCurvesProps) {
  const session = useSession();
  const view = useInterface((state) => state.view);
  const wanted = useSymmetry((state) => state.position);
  const { s, loss, exact, message } = reading;
  const [low, high] = [s[0]!, s.at(-1)!];
  const position = Math.min(high, Math.max(low, wanted));
  /** A hand on the orbit stops the flow: its point would move on underneath. */
  const move = (to: number) => {
    session.pause();
    session.setOrbitPosition(Math.min(high, Math.max(low, to)));
  };
  const read = (values: Float64Array, at: number) => valueAt(s, values, at);
  const residual = Math.abs(read(loss, position) - read(loss, 0)) / Math.abs(read(loss, 0));

  useEffect(() => view?.setOrbitPoint(position), [view, position]);
  useEffect(() => () => view?.setOrbitPoint(null), [view]);

  return (
    <section className="card" aria-label="Along the orbit">
      <div className="orbit-position">
        <label className="field-label" htmlFor="orbit-position">
          Orbit position s
        </label>
        <input
          id="orbit-position"
          className="range"
          type="range"
          aria-label="Orbit position s"
          aria-valuetext={`s = ${formatNumber(position)}`}
          title="Drag to slide along the orbit; s = 0 is the flow itself"
          min={low}
          max={high}
          step="any"
          value={position}
          onChange={(event) => move(event.target.valueAsNumber)}
        />
        <span className="orbit-value" aria-hidden="true">
          {formatNumber(position)}
        </span>
      </div>
      <dl className="reading-list">
        {curves.map(({ name, key }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{formatNumber(read(reading[key], position), 4)}</dd>
          </div>
        ))}
        <div>
          <dt>Residual of the loss</dt>
          <dd>{formatNumber(residual, 2)}</dd>
        </div>
      </dl>
      <p className={exact ? 'note' : 'note note-warning'}>{message}</p>
      <div className="charts-plots">
        {curves.map((curve) => (
          <Curve key={curve.key} curve={curve} reading={reading} position={position} onSeek={move} />
        ))}
      </div>
    </section>
  );
}

interface CurveProps {
  readonly curve: (typeof curves)[number];
  readonly reading: OrbitReading;
  readonly position: number;
  readonly onSeek: (s: number) => void;
}

function Curve({ curve: { name, key }, reading, position, onSeek }: CurveProps) {
  const values = reading[key];
  const data = useMemo(
    () => ({ x: reading.s, lines: [{ values, colour: '--accent' }] }),
    [reading.s, values],
  );
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return <Missing name={name} />;
  const range = `${formatNumber(Math.min(...finite))} to ${formatNumber(Math.max(...finite))}`;
  return (
    <section className="chart">
      <h3 className="orbit-curve-title">{name}</h3>
      <LineChart
        small
        data={data}
        at={position}
        onSeek={onSeek}
        label={`${name} along the orbit: ${range}`}
      />
    </section>
  );
}

const Missing = ({ name }: { readonly name: string }) => (
  <section className="chart">
    <h3 className="orbit-curve-title">{name}</h3>
    <p className="note">
      {name === 'Q' ? 'No conserved quantity is known here.' : 'Not computed for a network of this size.'}
    </p>
  </section>
);
