import { TeleportButton } from '../teleportation/teleport-button.tsx';
import { SpeedSlider } from './speed-slider.tsx';
import { TimeSlider } from './time-slider.tsx';
import { TransportButtons } from './transport-buttons.tsx';

/** Play, pause, step, teleport, speed and scrub. */
export function Timeline() {
  return (
    <section className="timeline" aria-label="Timeline">
      <TransportButtons />
      <TeleportButton />
      <SpeedSlider />
      <TimeSlider />
    </section>
  );
}
