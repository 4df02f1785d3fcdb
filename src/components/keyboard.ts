import type { Shared } from './session-context.ts';
import { teleportNow } from './teleportation/teleport.ts';

const typing = 'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select';
const pressed = 'button, summary, a, input[type=checkbox], input[type=radio]';

/** Keys of the whole page; what has the focus comes first. Returns what stops listening. */
export function listenToKeys({ session, ui }: Shared): () => void {
  const handle = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.altKey || target.closest('dialog')) return;
    if (target.matches(typing)) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'z') return;
      event.preventDefault();
      if (event.shiftKey) session.redo();
      else session.undo();
      return;
    }
    if (event.key === ' ') {
      if (target.matches(pressed)) return;
      event.preventDefault();
      if (session.playback.getState().playing) session.pause();
      else session.play();
    } else if (event.key === 't') ui.setState(({ tableOpen }) => ({ tableOpen: !tableOpen }));
    else if (event.key === 'j') teleportNow(session);
    else if (event.key === '?') ui.setState({ helpOpen: true });
  };
  window.addEventListener('keydown', handle);
  return () => window.removeEventListener('keydown', handle);
}
