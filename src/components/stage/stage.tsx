import { StatusLine } from '../timeline/status-line.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { Advice } from './advice.tsx';
import { FlowsTable } from './flows-table.tsx';
import { Notes } from './notes.tsx';
import { Sentence } from './sentence.tsx';
import { StageToolbar } from './stage-toolbar.tsx';
import { ViewFrame } from './view-frame.tsx';

/** The middle: the picture and its text twin, with the timeline and the status line under it. */
export function Stage() {
  return (
    <main className="stage">
      <StageToolbar />
      <Sentence />
      <ViewFrame />
      <Notes />
      <FlowsTable />
      <Advice />
      <Timeline />
      <StatusLine />
    </main>
  );
}
