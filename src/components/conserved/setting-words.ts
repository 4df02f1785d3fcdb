import type { ConservedSetting } from '../../experiment/resolved-experiment.ts';
import { formatNumber, formatShort } from '../format.ts';

export interface SettingWords {
  /** What moving the slider does. */
  readonly effect: string;
  /** Its effect on the loss of the start. */
  readonly change: string;
  /** The function, and so the loss, is kept. */
  readonly kept: boolean;
  /** What can be reached, empty when everything can. */
  readonly reach: string;
}

/** How the slider sets Q, in words with the measured change of the loss. */
export function settingWords({ method, lossChange, interval }: ConservedSetting): SettingWords {
  const kept = method === 'orbit';
  return {
    effect: kept ? 'Moves the start along its orbit.' : 'Scales the outer layer: the function changes.',
    change: kept
      ? `Loss kept: |ΔL| = ${formatNumber(Math.abs(lossChange), 1)}.`
      : `ΔL = ${lossChange > 0 ? '+' : ''}${formatNumber(lossChange, 3)}.`,
    kept,
    reach: reachWords(interval),
  };
}

function reachWords({ minimum, maximum }: ConservedSetting['interval']): string {
  if (minimum !== null && maximum !== null)
    return `Reachable from ${formatShort(minimum)} to ${formatShort(maximum)}.`;
  if (minimum !== null) return `Reachable from ${formatShort(minimum)} up.`;
  if (maximum !== null) return `Reachable up to ${formatShort(maximum)}.`;
  return '';
}

/** One sentence when a value cannot be reached, else empty. */
export function unreachable(value: number, { minimum, maximum }: ConservedSetting['interval']): string {
  if ((minimum === null || value >= minimum) && (maximum === null || value <= maximum)) return '';
  return `This Q cannot be reached. ${reachWords({ minimum, maximum })}`;
}
