import { useState } from 'react';
import { SelectField } from '../fields/select-field.tsx';
import { plural } from '../format.ts';
import { steeredFlow } from '../run-colours.ts';
import { useExperiment, useRun } from '../session-context.ts';
import { JumpRows } from './jump-rows.tsx';
import { NoJumps } from './no-jumps.tsx';
import { flowJumps, jumpCount } from './run-jumps.ts';

/** Jumps in sight to begin with, and by how many more: a flow can have a thousand. */
const PAGE = 20;

/** The ledger of teleportations: what each jump kept, what it changed, and what it cost. */
export function JumpsPanel() {
  const run = useRun((state) => state);
  const asked = useExperiment(({ teleportations }) => teleportations);
  const [chosen, setChosen] = useState<number | null>(null);
  const [shown, setShown] = useState(PAGE);
  const flows = (run.summary?.flows ?? []).flatMap(({ label }, flow) => {
    const count = flowJumps(run, flow).length;
    return count > 0 ? [{ flow, label: `${label}, ${plural(count, 'jump')}` }] : [];
  });
  if (!run.summary || flows.length === 0) return <NoJumps asked={asked} />;
  const steered = steeredFlow(run.summary);
  const flow = flows.find((entry) => entry.flow === (chosen ?? steered))?.flow ?? flows[0]!.flow;
  const jumps = flowJumps(run, flow);
  const count = jumpCount(run);
  return (
    <div className="ledger">
      {flows.length > 1 ? (
        <SelectField
          label="Jumps of"
          value={String(flow)}
          options={flows.map((entry) => ({ value: String(entry.flow), label: entry.label }))}
          onSelect={(value) => setChosen(Number(value))}
          hint={`${plural(count, 'jump')} of ${plural(flows.length, 'flow')} in this run`}
        />
      ) : null}
      <table className="jumps" aria-label="Jumps">
        <colgroup>
          <col className="jump-quantity" />
          <col />
          <col />
          <col className="jump-changes" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Quantity</span>
            </th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        {jumps.slice(0, shown).map((jump, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: jumps are only ever appended.
          <JumpRows key={index} jump={jump} flow={flow} />
        ))}
      </table>
      {jumps.length > shown ? (
        <button type="button" className="button" onClick={() => setShown(shown + PAGE)}>
          Show more: {plural(jumps.length - shown, 'further jump')}
        </button>
      ) : null}
    </div>
  );
}
