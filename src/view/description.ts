import type { Chart } from '../landscape/chart.ts';

const keys =
  'Arrow keys turn the view, plus and minus zoom, Home shows all, T looks from the top. The table of flows gives the numbers.';

/** What the picture is, for those who do not see it: the accessible name of the canvas. */
export function describeChart(chart: Chart | null): string {
  if (chart === null) return `Loss landscape in 3-D, empty until flows run. ${keys}`;
  const { x, y, height, paths, surface } = chart;
  const flows = paths.length === 1 ? '1 flow' : `${paths.length} flows`;
  const drawn = surface === null ? flows : `a surface with ${flows} on it`;
  const jumps = paths.reduce((sum, path) => sum + path.jumps.length, 0);
  const jumping = jumps === 0 ? '' : jumps === 1 ? ', 1 teleportation' : `, ${jumps} teleportations`;
  return `Loss landscape in 3-D: ${height.label} over ${x.label} and ${y.label}, ${drawn}${jumping}. ${keys}`;
}
