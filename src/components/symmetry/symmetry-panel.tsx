import { useRun } from '../session-context.ts';
import { AlignmentCard } from './alignment-card.tsx';
import { GroupsCard } from './groups-card.tsx';
import { MatrixCard } from './matrix-card.tsx';
import { MeasurementCard } from './measurement-card.tsx';
import { useDescription, useSteeredFrame } from './use-symmetry.ts';

/** Which groups act on this network, what they imply, and what can be measured of it. */
export function SymmetryPanel() {
  const architecture = useRun((run) => run.summary?.experiment.architecture.kind);
  const frame = useSteeredFrame();
  const { answer, message } = useDescription();
  if (message) return <p className="note note-warning">{message}</p>;
  if (!answer) return <p className="note">Looking …</p>;
  return (
    <div className="symmetry">
      <GroupsCard groups={answer.summary.groups} />
      <MeasurementCard description={answer} />
      <MatrixCard frame={frame} />
      {architecture === 'mlp' ? <AlignmentCard /> : null}
    </div>
  );
}
