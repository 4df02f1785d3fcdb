import { useEffect, useRef } from 'react';
import { conservedColour, conservedGradient } from '../../view/colour.ts';
import { formatEditable } from '../format.ts';
import { useInterface } from '../session-context.ts';
import { type Interval, roundTo, valueAt } from './slider-scale.ts';
import { gesture } from './steer.ts';

interface QSliderProps {
  readonly value: number;
  readonly interval: Interval;
  readonly onMove: (value: number, gesture: string) => void;
}

/** Milliseconds between two movements that are taken before the browser's own event. */
const EARLY_INTERVAL = 8;

/**
 * The slider of Q. Every movement is an edit; one drag, or one key held down, is one undo step.
 *
 * Browsers hold movements of the pointer back until they begin the next frame, which then cannot show what is computed from
 * them. Where there are raw ones, they are taken at once, and the path is there when that frame is drawn.
 */
export function QSlider({ value, interval, onMove }: QSliderProps) {
  const theme = useInterface((state) => state.theme);
  const input = useRef<HTMLInputElement>(null);
  const name = useRef(gesture('q'));
  const { minimum, maximum } = interval;
  const range: [number, number] = [minimum, maximum];
  const asked = useRef(value);
  asked.current = value;

  const move = (wanted: number) => {
    const rounded = roundTo(interval, wanted);
    if (rounded === asked.current) return;
    asked.current = rounded;
    onMove(rounded, name.current);
  };
  const latestMove = useRef(move);
  latestMove.current = move;
  const ends = useRef(interval);
  ends.current = interval;

  useEffect(() => {
    const slider = input.current!;
    let last = 0;
    const early = (event: Event) => {
      const { buttons, clientX, timeStamp } = event as PointerEvent;
      if (!(buttons & 1) || !slider.matches(':active') || timeStamp < last + EARLY_INTERVAL) return;
      last = timeStamp;
      const { left, width } = slider.getBoundingClientRect();
      const thumb = Number.parseFloat(getComputedStyle(slider).getPropertyValue('--size'));
      // In 64ths of a pixel, as the native slider counts: then the event that follows asks for nothing new.
      latestMove.current(valueAt(ends.current, Math.floor(64 * clientX) / 64, { left, width, thumb }));
    };
    slider.addEventListener('pointerrawupdate', early);
    return () => slider.removeEventListener('pointerrawupdate', early);
  }, []);

  return (
    <input
      ref={input}
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
      onChange={(event) => move(event.target.valueAsNumber)}
    />
  );
}
