import { ConservedCard } from '../conserved/conserved-card.tsx';
import { TeleportationSection } from '../teleportation/teleportation-section.tsx';
import { DataSection } from './data-section.tsx';
import { FlowSection } from './flow-section.tsx';
import { InitialisationSection } from './initialisation-section.tsx';
import { NetworkSection } from './network-section.tsx';

/** The left column: everything that makes an experiment. */
export function SetUpPanel() {
  return (
    <aside className="set-up" id="set-up" aria-label="Set-up">
      <NetworkSection />
      <DataSection />
      <InitialisationSection />
      <ConservedCard />
      <FlowSection />
      <TeleportationSection />
    </aside>
  );
}
