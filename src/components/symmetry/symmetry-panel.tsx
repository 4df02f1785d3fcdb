import { useEffect } from 'react';
import { useRun, useSession } from '../session-context.ts';
import { AlignmentCard } from './alignment-card.tsx';
import { GroupsCard } from './groups-card.tsx';
import { MatrixCard } from './matrix-card.tsx';
import { MeasurementCard } from './measurement-card.tsx';
import { useSteeredFrame, useSymmetry } from './use-symmetry.ts';

/** Which groups act on this network, what they imply, and what can be measured of it. */
export function SymmetryPanel() {
  const session = useSession();
  const summary = useRun((run) => run.summary);
  const frame = useSteeredFrame();
  const { answer, message } = useSymmetry((state) => state.description);
  useEffect(() => {
    if (summary && frame >= 0) session.describeSymmetry(frame);
  }, [session, summary, frame]);
  if (message) return <p className="note note-warning">{message}</p>;
  if (!answer) return <p className="note">Looking …</p>;
  return (
    <div className="symmetry">
      <GroupsCard groups={answer.summary.groups} />
      <MeasurementCard description={answer} />
      <MatrixCard frame={frame} />
      {summary?.experiment.architecture.kind === 'mlp' ? <AlignmentCard /> : null}
    </div>
  );
}
