/** Paths on a 16 x 16 grid, drawn with a 1.5 px line unless filled. */
const paths = {
  undo: 'M6.5 3 3 6.5 6.5 10M3.5 6.5H9a4 4 0 0 1 0 8H6.5',
  redo: 'M9.5 3 13 6.5 9.5 10M12.5 6.5H7a4 4 0 0 0 0 8h2.5',
  link: 'M6.7 9.3a2.7 2.7 0 0 0 3.9 0l2.2-2.2a2.7 2.7 0 1 0-3.9-3.9l-.8.8M9.3 6.7a2.7 2.7 0 0 0-3.9 0L3.2 8.9a2.7 2.7 0 1 0 3.9 3.9l.8-.8',
  download: 'M8 2v8M4.8 7.2 8 10.4l3.2-3.2M2.5 13.5h11',
  upload: 'M8 10.5v-8M4.8 5.4 8 2.2l3.2 3.2M2.5 13.5h11',
  help: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM6.2 6.2a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.7-.8 1.4M8 11.4v.1',
  dark: 'M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z',
  light:
    'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9',
  system: 'M8 1.4a6.6 6.6 0 1 0 0 13.2A6.6 6.6 0 0 0 8 1.4ZM8 2.9v10.2A5.1 5.1 0 0 1 8 2.9Z',
  left: 'M2 2.8h12v10.4H2ZM6 2.8v10.4',
  right: 'M2 2.8h12v10.4H2ZM10 2.8v10.4',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  top: 'M8 3.2C4.4 3.2 2 8 2 8s2.4 4.8 6 4.8S14 8 14 8s-2.4-4.8-6-4.8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  table: 'M2 3h12v10H2ZM2 6.3h12M2 9.6h12M6.5 3v10',
  colours: 'M2.5 3h3v10h-3ZM8 3.7h5.5M8 8h5.5M8 12.3h5.5',
  teleport:
    'M3 11.5C4 5 12 5 13 11.5M3 13.6a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM13 13.6a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8Z',
  warning: 'M8 2.2 14.4 13.4H1.6ZM8 6.4v3.4M8 11.6v.1',
  information: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 7.4v3.8M8 4.9V5',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  check: 'M3 8.5 6.5 12 13 4.5',
  reset: 'M3.5 3v10M13 3.4 6.2 8l6.8 4.6Z',
  step: 'M12.5 3v10M3 3.4 9.8 8 3 12.6Z',
  play: 'M4 2.6 13 8l-9 5.4Z',
  pause: 'M4 2.8h2.6v10.4H4ZM9.4 2.8H12v10.4H9.4Z',
} as const;

const filled = new Set<IconName>(['reset', 'step', 'play', 'pause', 'system']);

export type IconName = keyof typeof paths;

/** A small decorative picture; the control around it carries the name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" data-filled={filled.has(name)} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} fillRule="evenodd" />
    </svg>
  );
}
