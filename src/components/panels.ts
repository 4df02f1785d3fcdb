import type { ComponentType } from 'react';
import { Curves } from './charts/curves.tsx';
import { JumpsPanel } from './jumps/jumps-panel.tsx';
import { OrbitPanel } from './symmetry/orbit-panel.tsx';
import { SymmetryPanel } from './symmetry/symmetry-panel.tsx';

/** The tabs of the right column, by name. */
export type PanelId = 'curves' | 'jumps' | 'symmetry' | 'orbit';

/** One tab of the right column. */
export interface Panel {
  readonly id: PanelId;
  readonly label: string;
  readonly component: ComponentType;
}

/** Every tab, in order; the first is open to begin with. A new one is one entry here and its name above. */
export const panels: readonly Panel[] = [
  { id: 'curves', label: 'Curves', component: Curves },
  { id: 'jumps', label: 'Jumps', component: JumpsPanel },
  { id: 'symmetry', label: 'Symmetry', component: SymmetryPanel },
  { id: 'orbit', label: 'Orbit', component: OrbitPanel },
];
