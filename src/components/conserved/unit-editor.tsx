import { useRef } from 'react';
import type { ConservedSetting } from '../../experiment/resolved-experiment.ts';
import { conservedGradient } from '../../view/colour.ts';
import { formatEditable } from '../format.ts';
import { parseNumber } from '../parse.ts';
import { useInterface } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { QValue } from './q-value.tsx';
import { unreachable } from './setting-words.ts';
import { type Interval, roundTo } from './slider-scale.ts';
import { gesture, steerUnits } from './steer.ts';

/** Rows in sight at once: a layer can have hundreds of units. */
export const unitsPerPage = 8;

interface UnitEditorProps {
  readonly setting: ConservedSetting;
  readonly values: readonly number[];
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

/** A slider and a number for q of each unit, a page at a time. */
export function UnitEditor({ setting, values, page, pages, onPage }: UnitEditorProps) {
  const edit = useEdit();
  const theme = useInterface((state) => state.theme);
  const name = useRef(gesture('unit'));
  const reach = 1.5 * Math.max(...values.map(Math.abs), ...setting.initial.perUnit.map(Math.abs), 0.1);
  const from = page * unitsPerPage;
  const set = (unit: number, q: number, by?: string) =>
    edit((experiment) => steerUnits(experiment, setting.layerPair, values.with(unit, q)), by);
  return (
    <div className="unit-editor">
      {values.slice(from, from + unitsPerPage).map((q, i) => {
        const unit = from + i;
        const reachable = setting.unitIntervals[unit] ?? { minimum: null, maximum: null };
        const interval: Interval = {
          minimum: Math.min(Math.max(-reach, reachable.minimum ?? -Infinity), q),
          maximum: Math.max(Math.min(reach, reachable.maximum ?? Infinity), q),
        };
        return (
          <div key={unit} className="unit-row">
            <span className="unit-name" aria-hidden="true">
              {unit + 1}
            </span>
            <input
              className="range range-small unit-slider"
              type="range"
              aria-label={`Unit ${unit + 1}`}
              aria-valuetext={formatEditable(q, 4)}
              min={interval.minimum}
              max={interval.maximum}
              step="any"
              value={q}
              style={{
                ['--track' as string]: conservedGradient([interval.minimum, interval.maximum], theme),
              }}
              onPointerDown={() => {
                name.current = gesture('unit');
              }}
              onKeyDown={(event) => {
                if (!event.repeat) name.current = gesture('unit');
              }}
              onChange={(event) => set(unit, roundTo(interval, event.target.valueAsNumber), name.current)}
            />
            <QValue
              label={`q of unit ${unit + 1}`}
              value={formatEditable(q, 4)}
              parse={(text) => {
                const parsed = parseNumber(text, `q of unit ${unit + 1}`);
                const problem = parsed.ok ? unreachable(parsed.value, reachable) : '';
                return problem ? { ok: false, error: problem } : parsed;
              }}
              onCommit={(value) => set(unit, value)}
            />
          </div>
        );
      })}
      {pages > 1 ? (
        <div className="unit-pages">
          <button type="button" className="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
            Previous units
          </button>
          <span className="muted">
            {from + 1} to {Math.min(values.length, from + unitsPerPage)}
          </span>
          <button
            type="button"
            className="button"
            disabled={page === pages - 1}
            onClick={() => onPage(page + 1)}
          >
            Next units
          </button>
        </div>
      ) : null}
    </div>
  );
}
