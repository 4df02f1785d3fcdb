import { useEffect } from 'react';
import { useRun, useSession } from '../session-context.ts';
import { OrbitCurves } from './orbit-curves.tsx';
import { OrbitFields } from './orbit-fields.tsx';
import { explorable, explorationFor } from './orbit-options.ts';
import { useDescription, useSteeredFrame, useSymmetry } from './use-symmetry.ts';

/** The orbit explorer: a point that slides along the valley while the loss stays as it is. */
export function OrbitPanel() {
  const session = useSession();
  const summary = useRun((run) => run.summary);
  const jumps = useRun((run) => run.jumps);
  const frame = useSteeredFrame();
  const { answer: description, message: problem } = useDescription();
  const wanted = useSymmetry((state) => state.exploration);
  const { answer, status, message } = useSymmetry((state) => state.orbit);
  const groups = explorable(description?.summary.groups ?? []);
  const exploration = explorationFor(wanted, groups, { summary, jumps });
  const key = JSON.stringify(exploration);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the exploration is compared by its contents.
  useEffect(() => {
    if (summary && frame >= 0 && exploration) session.exploreOrbit(exploration, frame);
  }, [session, summary, frame, key]);
  useEffect(() => () => session.closeOrbit(), [session]);

  if (problem) return <p className="note note-warning">{problem}</p>;
  if (!description || !summary) return <p className="note">Looking …</p>;
  if (!exploration) {
    return (
      <p className="note">
        No continuous group acts on this network, so there is no orbit to follow: choose a linear, ReLU or
        radial activation.
      </p>
    );
  }
  return (
    <div className="orbit">
      <OrbitFields exploration={exploration} groups={groups} />
      {status === 'failed' ? <p className="note note-warning">{message}</p> : null}
      {status === 'busy' && !answer ? <p className="note">Following the orbit …</p> : null}
      {answer ? <OrbitCurves reading={answer} /> : null}
    </div>
  );
}
