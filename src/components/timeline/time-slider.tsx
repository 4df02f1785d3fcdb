import { useEffect, useId, useRef } from 'react';
import { formatInteger, formatNumber } from '../format.ts';
import { clockFlow, frameAt } from '../readings.ts';
import { steeredFlow } from '../run-colours.ts';
import { useSession } from '../session-context.ts';

/** Scrubs through the recorded frames. Moved by hand at the pace of the screen, never through React. */
export function TimeSlider() {
  const session = useSession();
  const id = useId();
  const slider = useRef<HTMLInputElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const step = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const show = () => {
      const { cursor, last } = session.playback.getState();
      const input = slider.current!;
      const { frames, summary } = session.run.getState();
      const flow = clockFlow(frames, summary && steeredFlow(summary), cursor);
      const frame = flow?.count ? frameAt(flow, cursor) : null;
      const t = formatNumber(frame === null ? 0 : flow!.time[frame], 4);
      const s = formatInteger(frame === null ? 0 : flow!.step[frame]!);
      input.max = String(last);
      input.value = String(cursor);
      input.style.setProperty('--filled', String(last > 0 ? cursor / last : 0));
      input.setAttribute('aria-valuetext', `t = ${t}, step ${s}`);
      time.current!.textContent = t;
      step.current!.textContent = s;
    };
    show();
    const stopPlayback = session.playback.subscribe(show);
    const stopRun = session.run.subscribe((state, before) => {
      if (state.revision !== before.revision || state.frames !== before.frames) show();
    });
    return () => {
      stopPlayback();
      stopRun();
    };
  }, [session]);

  return (
    <>
      <div className="time">
        <label className="sr-only" htmlFor={id}>
          Time
        </label>
        <input
          id={id}
          ref={slider}
          className="range range-filled"
          type="range"
          min={0}
          max={0}
          step="any"
          defaultValue={0}
          title="Drag to any moment of the flows"
          onInput={(event) => session.seek(event.currentTarget.valueAsNumber)}
        />
      </div>
      <div className="time-readout" aria-hidden="true">
        <span className="time-name">t</span>
        <span className="time-number" ref={time} />
        <span className="time-name">step</span>
        <span className="time-number" ref={step} />
      </div>
    </>
  );
}
