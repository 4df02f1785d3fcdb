import { type KeyboardEvent, useId } from 'react';
import { panels } from './panels.ts';
import { useInterface, useShared } from './session-context.ts';

/** The right column: one panel at a time, chosen by tabs. */
export function SideColumn() {
  const { ui } = useShared();
  const id = useId();
  const shown = useInterface((state) => state.panel);
  const index = Math.max(
    0,
    panels.findIndex((panel) => panel.id === shown),
  );
  const { component: Shown } = panels[index]!;

  /** Arrow keys, Home and End go from tab to tab and open it, as tabs do. */
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const last = panels.length - 1;
    const to = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    ui.setState({ panel: panels[to]!.id });
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };

  return (
    <aside className="charts" aria-label="Curves and symmetries" id="charts">
      <div className="tabs" role="tablist" aria-label="Panels" onKeyDown={move}>
        {panels.map(({ id: panel, label }, at) => (
          <button
            key={panel}
            type="button"
            role="tab"
            className="tab"
            id={`${id}-${panel}`}
            aria-selected={at === index}
            aria-controls={`${id}-panel`}
            tabIndex={at === index ? 0 : -1}
            onClick={() => ui.setState({ panel })}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${panels[index]!.id}`}>
        <Shown />
      </div>
    </aside>
  );
}
