import { IconButton } from '../fields/icon-button.tsx';
import { usePreferences, useSession } from '../session-context.ts';

const next = { system: 'dark', dark: 'light', light: 'system' } as const;

/** Dark, light, or as the system has it. */
export function ThemeButton() {
  const session = useSession();
  const theme = usePreferences((state) => state.theme);
  return (
    <IconButton
      icon={theme}
      label={`Theme: ${theme}`}
      hint={`Theme: ${theme}; switch to ${next[theme]}`}
      onClick={() => session.preferences.setState({ theme: next[theme] })}
    />
  );
}
