import { useEffect, useState } from 'react';
import { Icon } from '../fields/icon.tsx';
import { useSession } from '../session-context.ts';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** The whole page takes files; while one is over it, it says so. */
export function DropZone() {
  const session = useSession();
  const [over, setOver] = useState(false);

  useEffect(() => {
    let depth = 0;
    const leave = () => {
      depth = 0;
      setOver(false);
    };
    const handlers = {
      dragenter: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth++;
        setOver(true);
      },
      dragover: (event: DragEvent) => {
        if (carriesFiles(event)) event.preventDefault();
      },
      dragleave: (event: DragEvent) => {
        if (carriesFiles(event) && --depth <= 0) leave();
      },
      drop: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        leave();
        const file = event.dataTransfer?.files[0];
        if (file) void session.openFile(file);
      },
    };
    const names = Object.keys(handlers) as (keyof typeof handlers)[];
    for (const name of names) window.addEventListener(name, handlers[name]);
    return () => {
      for (const name of names) window.removeEventListener(name, handlers[name]);
    };
  }, [session]);

  if (!over) return null;
  return (
    <div className="drop-zone">
      <p>
        <Icon name="upload" />
        Drop an experiment or a trajectory to open it
      </p>
    </div>
  );
}
