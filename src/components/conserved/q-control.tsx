import type { ConservedSetting } from '../../experiment/resolved-experiment.ts';
import { formatEditable } from '../format.ts';
import { parseNumber } from '../parse.ts';
import { useExperiment } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { QSlider } from './q-slider.tsx';
import { QTicks } from './q-ticks.tsx';
import { QValue } from './q-value.tsx';
import { settingWords, unreachable } from './setting-words.ts';
import { sliderInterval, sliderTicks } from './slider-scale.ts';
import { askedTotal, gesture, steerTotal } from './steer.ts';

interface QControlProps {
  readonly setting: ConservedSetting;
}

/** The total Q: slider, ticks, exact entry, and what moving it does. */
export function QControl({ setting }: QControlProps) {
  const edit = useEdit();
  const quantity = useExperiment((experiment) => experiment.conservedQuantity);
  const value = askedTotal(quantity) ?? setting.initial.total;
  const interval = sliderInterval(setting, quantity?.sweep, value);
  const words = settingWords(setting);
  const move = (q: number, name?: string) =>
    edit((experiment) => steerTotal(experiment, setting.layerPair, q), name);
  return (
    <>
      <div className="conserved-head">
        <h2 className="panel-heading" id="conserved-heading">
          Conserved quantity
        </h2>
        <span className="conserved-symbol" aria-hidden="true">
          Q
        </span>
        <QValue
          value={formatEditable(value, 6)}
          parse={(text) => {
            const parsed = parseNumber(text, 'Q');
            const problem = parsed.ok ? unreachable(parsed.value, setting.interval) : '';
            return problem ? { ok: false, error: problem } : parsed;
          }}
          onCommit={(q) => move(q)}
        />
      </div>
      <QSlider value={value} interval={interval} onMove={move} />
      <QTicks
        ticks={sliderTicks(setting, interval)}
        interval={interval}
        onChoose={(q) => move(q, gesture('tick'))}
      />
      <p className="note conserved-effect">
        {words.effect} <span className={words.kept ? 'good' : 'emphasis'}>{words.change}</span> {words.reach}
      </p>
    </>
  );
}
