/** Colours of the page that a canvas needs, read from its custom properties. */
export interface PlotColours {
  readonly text: string;
  readonly grid: string;
}

export function plotColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  return { text: style.color, grid: style.borderTopColor };
}

/** Axis text, the page's own face. */
export const plotFont = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
