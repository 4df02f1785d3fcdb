const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something takes, for people: 'under 1 s', '12 s', '4 min', '1.5 h', '3 days'. No more digits than a guess has. */
export function formatDuration(seconds: number): string {
  if (!(seconds < 1000 * DAY)) return 'years';
  if (seconds < 1) return 'under 1 s';
  if (seconds < 1.5 * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < 1.5 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${halves(seconds / HOUR)} h`;
  return `${Math.round(seconds / DAY)} days`;
}

/** Rounded to a half below ten. */
const halves = (value: number): number => (value < 10 ? Math.round(2 * value) / 2 : Math.round(value));
