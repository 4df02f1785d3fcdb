import { useRef } from 'react';
import { IconButton } from '../fields/icon-button.tsx';
import { useSession } from '../session-context.ts';

/** Opens an experiment or a trajectory from a file. */
export function ImportButton() {
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        icon="upload"
        label="Import"
        words
        hint="Open an experiment or a trajectory; files can also be dropped on the page"
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void session.openFile(file);
        }}
      />
    </>
  );
}
