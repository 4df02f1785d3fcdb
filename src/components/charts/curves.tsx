import { ConditionNote } from '../conserved/condition-note.tsx';
import { Segmented } from '../fields/segmented.tsx';
import { useInterface, useRun, useShared } from '../session-context.ts';
import { CursorReading } from './cursor-reading.tsx';
import { CurvesLegend } from './curves-legend.tsx';
import { FlowChart } from './flow-chart.tsx';
import { quantities } from './quantities.ts';

/** What happens over time, with one cursor. */
export function Curves() {
  const { ui } = useShared();
  const timeScale = useInterface((state) => state.timeScale);
  const missing = useRun((run) => run.summary?.noConservedQuantity ?? '');
  return (
    <>
      <CurvesLegend />
      <div className="charts-options">
        <Segmented
          label="Time axis"
          value={timeScale}
          options={[
            { value: 'log', label: 'log' },
            { value: 'linear', label: 'linear' },
          ]}
          onSelect={(choice) => ui.setState({ timeScale: choice })}
          hint="How time is spread over the charts"
        />
      </div>
      <div className="charts-plots">
        <FlowChart quantity="loss" />
        {missing ? (
          <section className="chart">
            <h2 className="panel-heading">{quantities.drift.title}</h2>
            <p className="note">{missing}</p>
          </section>
        ) : (
          <FlowChart quantity="drift" note={<ConditionNote brief />} />
        )}
        <FlowChart quantity="gradientNorm" />
      </div>
      <CursorReading />
    </>
  );
}
