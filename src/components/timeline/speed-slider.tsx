import { useId } from 'react';
import { useStore } from 'zustand';
import { formatShort } from '../format.ts';
import { useSession } from '../session-context.ts';

const slowest = -2;
const fastest = 3;

/** Playback speed in powers of two: a quarter to eight times. */
export function SpeedSlider() {
  const session = useSession();
  const speed = useStore(session.playback, (state) => state.speed);
  const id = useId();
  return (
    <div className="speed" title="How fast the recorded flows are played">
      <label className="sr-only" htmlFor={id}>
        Speed
      </label>
      <input
        id={id}
        className="range range-small"
        type="range"
        min={slowest}
        max={fastest}
        step={0.5}
        value={Math.log2(speed)}
        aria-valuetext={`${formatShort(speed, 2)} times`}
        onChange={(event) => session.setSpeed(2 ** event.target.valueAsNumber)}
      />
      <span className="speed-value" aria-hidden="true">
        {formatShort(speed, 2)}×
      </span>
    </div>
  );
}
