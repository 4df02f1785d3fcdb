import type { Shared } from './session-context.ts';

/**
 * Keeps the colour scheme and reduced motion in force in the interface store, and the scheme on the root element, as the
 * preference and the system have them. Returns what stops it.
 */
export function followSurroundings({ session, ui }: Shared): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const apply = () => {
    const { theme } = session.preferences.getState();
    const shown = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    document.documentElement.dataset.theme = shown;
    ui.setState({ theme: shown, reducedMotion: still.matches });
  };
  apply();
  dark.addEventListener('change', apply);
  still.addEventListener('change', apply);
  const stop = session.preferences.subscribe(apply);
  return () => {
    dark.removeEventListener('change', apply);
    still.removeEventListener('change', apply);
    stop();
  };
}
