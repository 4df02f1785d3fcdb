import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { conservedRgb } from '../../view/colour.ts';
import { formatNumber } from '../format.ts';
import { useInterface } from '../session-context.ts';

interface HeatMapProps {
  /** [cells][cells], row-major. */
  readonly entries: Float64Array;
  readonly cells: number;
  /** Units along each side of a cell: more than one where cells are means. */
  readonly unitsPerCell: number;
  /** What is shown, with its summary: the accessible name. */
  readonly label: string;
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A symmetric matrix in the colours of Q, centred at 0. The entry under the pointer, or chosen with the arrow keys, is told. */
export function HeatMap({ entries, cells, unitsPerCell, label }: HeatMapProps) {
  const theme = useInterface((state) => state.theme);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [chosen, setChosen] = useState<Cell | null>(null);
  const reach = entries.reduce((most, q) => Math.max(most, Math.abs(q)), 0);
  const cell = chosen && chosen.row < cells && chosen.column < cells ? chosen : null;

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(cells, cells);
    entries.forEach((q, i) => {
      const [r, g, b] = conservedRgb(q, [-reach, reach], theme);
      image.data.set([255 * r, 255 * g, 255 * b, 255], 4 * i);
    });
    context.putImageData(image, 0, 0);
  }, [entries, cells, reach, theme]);

  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const at = (from: number) => Math.min(cells - 1, Math.max(0, Math.floor((from / width) * cells)));
    setChosen({ row: at(event.clientY - top), column: at(event.clientX - left) });
  };
  const move = (event: KeyboardEvent) => {
    const by = arrows[event.key];
    if (!by) return;
    event.preventDefault();
    const { row, column } = cell ?? { row: 0, column: 0 };
    const within = (index: number) => Math.min(cells - 1, Math.max(0, index));
    setChosen(cell ? { row: within(row + by[0]), column: within(column + by[1]) } : { row, column });
  };

  const units = (index: number) => {
    const from = index * unitsPerCell + 1;
    return unitsPerCell === 1 ? `${from}` : `${from} to ${from + unitsPerCell - 1}`;
  };
  const told = cell
    ? `Q(${units(cell.row)}, ${units(cell.column)}) = ${formatNumber(entries[cell.row * cells + cell.column], 4)}`
    : '';
  return (
    <div className="heat-map">
      <button
        type="button"
        className="heat-map-frame"
        aria-label={label}
        title="Point at an entry, or move with the arrow keys"
        onPointerMove={point}
        onPointerLeave={() => setChosen(null)}
        onBlur={() => setChosen(null)}
        onKeyDown={move}
      >
        <canvas ref={canvas} width={cells} height={cells} />
        {cell ? (
          <span
            className="heat-map-cell"
            style={{
              left: `${(100 * cell.column) / cells}%`,
              top: `${(100 * cell.row) / cells}%`,
              width: `${100 / cells}%`,
              height: `${100 / cells}%`,
            }}
          />
        ) : null}
      </button>
      <p className="heat-map-told" aria-live="polite">
        {told || <span className="muted">Point at an entry to read it</span>}
      </p>
    </div>
  );
}
