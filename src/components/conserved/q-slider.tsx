import { useRef } from 'react';
import { conservedColour, conservedGradient } from '../../view/colour.ts';
import { formatEditable } from '../format.ts';
import { useInterface } from '../session-context.ts';
import { type Interval, roundTo } from './slider-scale.ts';
import { gesture } from './steer.ts';

interface QSliderProps {
  readonly value: number;
  readonly interval: Interval;
  readonly onMove: (value: number, gesture: string) => void;
}

/** The slider of Q. Every movement is an edit; one drag, or one key held down, is one undo step. */
export function QSlider({ value, interval, onMove }: QSliderProps) {
  const theme = useInterface((state) => state.theme);
  const name = useRef(gesture('q'));
  const { minimum, maximum } = interval;
  const range: [number, number] = [minimum, maximum];
  return (
    <input
      className="range q-slider"
      type="range"
      aria-label="Conserved quantity Q"
      aria-valuetext={formatEditable(value, 6)}
      title="Drag to move the start of the steered flow to another Q"
      min={minimum}
      max={maximum}
      step="any"
      value={value}
      style={{
        ['--track' as string]: conservedGradient(range, theme),
        ['--thumb' as string]: conservedColour(value, range, theme),
      }}
      onPointerDown={() => {
        name.current = gesture('q');
      }}
      onKeyDown={(event) => {
        if (!event.repeat) name.current = gesture('q');
      }}
      onChange={(event) => onMove(roundTo(interval, event.target.valueAsNumber), name.current)}
    />
  );
}
