import { useStore } from 'zustand';
import { IconButton } from '../fields/icon-button.tsx';
import { useSession } from '../session-context.ts';

/** Reset, play or pause, one frame on. */
export function TransportButtons() {
  const session = useSession();
  const playing = useStore(session.playback, (state) => state.playing);
  return (
    <div className="transport">
      <IconButton
        icon="reset"
        label="Reset"
        hint="Run again from the start, with the same seeds"
        onClick={() => session.reset()}
      />
      <IconButton
        icon={playing ? 'pause' : 'play'}
        label={playing ? 'Pause' : 'Play'}
        hint={playing ? 'Pause (space)' : 'Play (space)'}
        className="transport-play"
        onClick={() => (playing ? session.pause() : session.play())}
      />
      <IconButton icon="step" label="Step" hint="One recorded frame on" onClick={() => session.step()} />
    </div>
  );
}
