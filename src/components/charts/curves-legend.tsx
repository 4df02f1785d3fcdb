import { jumpCount } from '../jumps/run-jumps.ts';
import { twinFlow } from '../run-colours.ts';
import { useRun } from '../session-context.ts';

/** What the lines of a run with jumps are; nothing where no flow teleports. */
export function CurvesLegend() {
  const twin = useRun(({ summary }) => summary !== null && twinFlow(summary) !== null);
  const jumps = useRun((run) => jumpCount(run) > 0);
  if (!twin && !jumps) return null;
  return (
    <p className="curves-legend">
      {twin ? (
        <>
          <Entry className="legend-steered">teleports</Entry>
          <Entry className="legend-twin">twin</Entry>
        </>
      ) : null}
      {jumps ? <Entry className="legend-jump">jump</Entry> : null}
    </p>
  );
}

function Entry({ className, children }: { readonly className: string; readonly children: string }) {
  return (
    <span>
      <svg viewBox="0 0 24 12" className={className} aria-hidden="true">
        <path d={className === 'legend-jump' ? 'M12 0V12' : 'M0 6H24'} />
      </svg>
      {children}
    </span>
  );
}
