import { createStore } from 'zustand/vanilla';
import type { Hover, View } from '../view/view.ts';
import type { PanelId } from './panels.ts';

/** The state of the interface itself: what is open, what is pointed at. In no document and not kept. */
export interface InterfaceState {
  readonly setUpOpen: boolean;
  readonly chartsOpen: boolean;
  /** The tab of the right column that is open. */
  readonly panel: PanelId;
  readonly helpOpen: boolean;
  /** The text twin is shown below the picture (it is always there for screen readers). */
  readonly tableOpen: boolean;
  /** The flow pointed at in the table, a chart or the view. */
  readonly highlight: number | null;
  readonly hover: Hover | null;
  /** Time axis of the charts. */
  readonly timeScale: 'log' | 'linear';
  /** The colour scheme in force. */
  readonly theme: 'dark' | 'light';
  readonly reducedMotion: boolean;
  readonly view: View | null;
  /** Why there is no 3-D view, else empty. */
  readonly viewProblem: string;
}

export const createInterfaceStore = () =>
  createStore<InterfaceState>()(() => ({
    setUpOpen: true,
    chartsOpen: true,
    panel: 'curves',
    helpOpen: false,
    tableOpen: false,
    highlight: null,
    hover: null,
    timeScale: 'log',
    theme: 'dark',
    reducedMotion: false,
    view: null,
    viewProblem: '',
  }));
