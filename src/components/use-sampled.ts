import { useEffect, useRef, useState } from 'react';
import { useShared } from './session-context.ts';

/**
 * A value derived from the fast stores (frames, cursor), sampled at most `perSecond` times a second: the last change is
 * never lost. Everything that a reader of numbers needs, nothing that a screen could show faster than it can be read.
 */
export function useSampled<T>(sample: () => T, perSecond = 10): T {
  const { session, ui } = useShared();
  const [value, setValue] = useState(sample);
  const latest = useRef(sample);
  latest.current = sample;

  useEffect(() => {
    const interval = 1000 / perSecond;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const take = () => {
      timer = undefined;
      last = performance.now();
      setValue(() => latest.current());
    };
    const changed = () => {
      timer ??= setTimeout(take, Math.max(0, last + interval - performance.now()));
    };
    changed();
    const stop = [session.run, session.playback, ui].map((store) => store.subscribe(changed));
    return () => {
      clearTimeout(timer);
      for (const unsubscribe of stop) unsubscribe();
    };
  }, [session, ui, perSecond]);

  return value;
}
