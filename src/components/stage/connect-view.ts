import type { RunState } from '../../store/run.ts';
import type { FlowStyle, View } from '../../view/view.ts';
import type { Shared } from '../session-context.ts';

/** How the flows of a run are drawn. */
const flowStyles = ({ summary }: RunState): FlowStyle[] =>
  (summary?.flows ?? []).map(({ label, q, role }) => ({
    label,
    q,
    steered: role === 'steered',
    twin: role === 'twin',
  }));

/** Keeps a view in step with the stores, at their own pace and without React. Returns what takes the link down. */
export function connectView({ session, ui }: Shared, view: View): () => void {
  const showChart = (run: RunState) => {
    view.setChart(run.chart, flowStyles(run));
    view.setCursor(session.playback.getState().cursor);
  };
  const showOptions = () => {
    const { theme, reducedMotion } = ui.getState();
    const { heightScale, colourMap } = session.preferences.getState();
    view.setOptions({ theme, reducedMotion, heightScale, colourMap });
  };
  showOptions();
  showChart(session.run.getState());
  const stop = [
    session.run.subscribe((run, before) => {
      if (run.chart !== before.chart) showChart(run);
    }),
    session.playback.subscribe(({ cursor }, before) => {
      if (cursor !== before.cursor) view.setCursor(cursor);
    }),
    session.preferences.subscribe(showOptions),
    ui.subscribe((state, before) => {
      if (state.theme !== before.theme || state.reducedMotion !== before.reducedMotion) showOptions();
      if (state.highlight !== before.highlight) view.setHighlight(state.highlight);
    }),
  ];
  return () => {
    for (const unsubscribe of stop) unsubscribe();
  };
}
