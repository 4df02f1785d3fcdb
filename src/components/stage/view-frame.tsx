import { useEffect, useRef } from 'react';
import { probeGraphics } from '../../view/graphics.ts';
import type { View } from '../../view/view.ts';
import { NoticeBar } from '../dialogs/notice-bar.tsx';
import { useInterface, useRun, useShared } from '../session-context.ts';
import { connectView } from './connect-view.ts';
import { HoverCard } from './hover-card.tsx';

/** The frame of the 3-D view. The view is made once and follows the stores by itself. */
export function ViewFrame() {
  const shared = useShared();
  const container = useRef<HTMLDivElement>(null);
  const problem = useInterface((state) => state.viewProblem);
  const chart = useRun((run) => run.chart);
  const status = useRun((run) => run.status);
  const message = useRun((run) => run.message);

  useEffect(() => {
    const { session, ui } = shared;
    let gone = false;
    let view: View | undefined;
    let disconnect: (() => void) | undefined;
    Promise.all([import('../../view/create-view.ts'), probeGraphics()])
      .then(([{ createView }, graphics]) => {
        if (gone) return;
        const { theme, reducedMotion } = ui.getState();
        const { heightScale, colourMap } = session.preferences.getState();
        view = createView(
          container.current!,
          { onHover: (hover) => ui.setState({ hover, highlight: hover?.flow ?? null }) },
          { theme, reducedMotion, heightScale, colourMap },
          graphics,
        );
        disconnect = connectView(shared, view);
        ui.setState({ view });
      })
      .catch((error: unknown) => {
        const viewProblem = error instanceof Error ? error.message : 'The 3-D view could not start.';
        ui.setState({ viewProblem, tableOpen: true });
      });
    return () => {
      gone = true;
      disconnect?.();
      view?.dispose();
      ui.setState({ view: null });
    };
  }, [shared]);

  const waiting = !problem && !chart;
  return (
    <div className="view-frame" data-problem={problem !== ''}>
      <div className="view" ref={container} />
      {problem ? <p className="view-message">{problem}</p> : null}
      {waiting ? (
        <p className="view-message">
          {status === 'failed'
            ? message
            : status === 'idle'
              ? 'No flows yet.'
              : 'The first flows are on their way …'}
        </p>
      ) : null}
      <HoverCard />
      <NoticeBar />
    </div>
  );
}
