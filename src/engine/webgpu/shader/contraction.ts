import { block, f32, repeat, shareAmongLanes, u32 } from './wgsl.ts';

/** An array read along the summation index k: `array[start + stride * k]`. */
export interface Operand {
  readonly array: string;
  /** Index at k = 0, a WGSL expression. */
  readonly start: string;
  readonly stride: number;
}

/**
 * A grid of sums over one index, the one shape that forward, backward and gradient passes all have:
 *   result[row][column] = initial + sum_{k < depth} product(k)
 * Each lane takes a block of rows times columns, so that an operand is read once for all the products it enters.
 */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly depth: number;
  /** Operands of a column, by the name that `sums` uses, given the column's expression. */
  readonly perColumn: Readonly<Record<string, (column: string) => Operand>>;
  /** Operands of a row. */
  readonly perRow: Readonly<Record<string, (row: string) => Operand>>;
  /**
   * What is summed, by name: an expression in operands, whose names get the suffix `c` of a column or `r` of a row, and
   * where it starts, given the column's and the row's expression. At depth 0 that is all.
   */
  readonly sums: Readonly<Record<string, Sum>>;
}

export interface Sum {
  readonly product: (c: string, r: string) => string;
  readonly initial?: (column: string, row: string) => string;
}

const LARGEST_BLOCK = 6;
/** What a product costs where reading an operand costs 1 (measured on a software adapter; GPUs are alike). */
const PRODUCT_COST = 0.2;
/** A block may cost this much more than the best one if its code is shorter: relatively, and in reads over all lanes. */
const RELATIVE_SLACK = 1.15;
const SLACK = 800;

/** The block of rows times columns for a grid: few reads per product, work for every lane, and then as little code as may be. */
export function chooseBlock(
  c: Grid,
  workgroupSize: number,
): { readonly rows: number; readonly columns: number } {
  const count = (record: object) => Object.keys(record).length;
  const sizes = (limit: number) => Array.from({ length: Math.min(LARGEST_BLOCK, limit) }, (_, i) => i + 1);
  const blocks = sizes(c.rows).flatMap((rows) =>
    sizes(c.columns).map((columns) => {
      const items = Math.ceil(c.rows / rows) * Math.ceil(c.columns / columns);
      const reads = 1 + count(c.perRow) * rows + count(c.perColumn) * columns;
      const products = PRODUCT_COST * count(c.sums) * rows * columns;
      const cost = Math.ceil(items / workgroupSize) * c.depth * (reads + products);
      return { rows, columns, cost };
    }),
  );
  const least = Math.min(...blocks.map(({ cost }) => cost));
  const enough = blocks.filter(({ cost }) => cost <= RELATIVE_SLACK * least + SLACK / workgroupSize);
  return enough.reduce((best, block) =>
    block.rows * block.columns < best.rows * best.columns ? block : best,
  );
}

/** How lanes share a grid: item `lane + turn * workgroupSize` is a block of cells, which its lane computes in that turn. */
interface Sharing {
  readonly rows: Axis;
  readonly columns: Axis;
  readonly items: number;
  readonly turns: number;
}

function sharing(grid: Grid, workgroupSize: number): Sharing {
  const size = chooseBlock(grid, workgroupSize);
  const rows = axis('row', grid.rows, size.rows);
  const columns = axis('column', grid.columns, size.columns);
  const items = rows.blocks * columns.blocks;
  return { rows, columns, items, turns: Math.ceil(items / workgroupSize) };
}

const cellsPerTurn = ({ rows, columns }: Sharing): number => rows.names.length * columns.names.length;

/** Cells that one lane computes, at most. */
export function cellsPerLane(grid: Grid, workgroupSize: number): number {
  const shared = sharing(grid, workgroupSize);
  return shared.turns * cellsPerTurn(shared);
}

/** What happens to one cell of the grid; `cell` counts the cells of the lane. */
type OnCell = (row: string, column: string, cell: number) => string;

/** Runs `body` for each of the lane's cells, in the order in which `contraction` numbers them. */
export function forOwnCells(grid: Grid, workgroupSize: number, body: OnCell): string {
  const shared = sharing(grid, workgroupSize);
  return eachTurn(shared, workgroupSize, (turn) =>
    [
      ...place(shared.rows, shared.columns),
      ...eachCell(shared, (row, column, r, k) =>
        body(row, column, turn * cellsPerTurn(shared) + r * shared.columns.names.length + k),
      ),
    ].join('\n'),
  );
}

/** What to do with the sums of a cell; `sum` gives their names. `cell` is its number in the lane, if `unrolled`. */
export type Store = (row: string, column: string, sum: (name: string) => string, cell: number) => string;

/**
 * WGSL of a contraction, run by all lanes of a workgroup. `unrolled`: the turns of a lane are written out one by one, so
 * that each of its cells has a number of its own.
 */
export function contraction(grid: Grid, store: Store, workgroupSize: number, unrolled = false): string {
  const shared = sharing(grid, workgroupSize);
  const { rows, columns } = shared;
  const operands = [
    ...Object.entries(grid.perColumn).flatMap(([name, of]) =>
      columns.names.map((at, i) => ({ name: `${name}${i}`, ...of(at) })),
    ),
    ...Object.entries(grid.perRow).flatMap(([name, of]) =>
      rows.names.map((at, i) => ({ name: `${name}${i}`, ...of(at) })),
    ),
  ];
  const cells = rows.names.flatMap((row, r) => columns.names.map((column, k) => ({ row, column, r, k })));
  const sums = Object.entries(grid.sums);
  const body = [
    ...operands.map(({ name, array, stride }) => {
      const step = stride === 1 ? 'k' : `${u32(stride)} * k`;
      return `let ${name} = ${array}[${name}Start + ${step}];`;
    }),
    ...cells.flatMap(({ r, k }) =>
      sums.map(([name, { product }]) => `${name}_${r}_${k} += ${product(String(k), String(r))};`),
    ),
  ];
  const statements = (turn: number) =>
    [
      ...place(rows, columns),
      ...operands.map(({ name, start }) => `let ${name}Start = ${start};`),
      ...cells.flatMap(({ row, column, r, k }) =>
        sums.map(([name, { initial }]) => `var ${name}_${r}_${k} = ${initial?.(column, row) ?? f32(0)};`),
      ),
      grid.depth > 0 ? repeat('k', grid.depth, body.join('\n')) : '',
      ...eachCell(shared, (row, column, r, k) =>
        store(
          row,
          column,
          (name) => `${name}_${r}_${k}`,
          turn * cellsPerTurn(shared) + r * columns.names.length + k,
        ),
      ),
    ].join('\n');
  return unrolled
    ? eachTurn(shared, workgroupSize, statements)
    : shareAmongLanes('item', shared.items, workgroupSize, statements(0));
}

/** The turns of a lane one after another; `body` sees `item`. */
function eachTurn({ items, turns }: Sharing, workgroupSize: number, body: (turn: number) => string): string {
  return Array.from({ length: turns }, (_, turn) => {
    const [first, left] = [turn * workgroupSize, items - turn * workgroupSize];
    return left >= workgroupSize
      ? `{\n${block(`let item = lane + ${u32(first)};`, body(turn))}\n}`
      : `if (lane < ${u32(left)}) {\n${block(`let item = lane + ${u32(first)};`, body(turn))}\n}`;
  }).join('\n');
}

/** A block of statements for each cell of an item, run where the cell is inside the grid. */
function eachCell(
  { rows, columns }: Sharing,
  statement: (row: string, column: string, r: number, k: number) => string,
): string[] {
  return rows.names.flatMap((row, r) =>
    columns.names.map((column, k) => {
      const inside = [rows.inside(r), columns.inside(k)].filter((condition) => condition !== '');
      const body = block(statement(row, column, r, k));
      return inside.length === 0 ? `{\n${body}\n}` : `if (${inside.join(' && ')}) {\n${body}\n}`;
    }),
  );
}

type Axis = ReturnType<typeof axis>;

/** One side of the grid, cut into blocks; places past the end repeat the last one and are not stored. */
function axis(name: string, count: number, size: number) {
  const blocks = Math.ceil(count / size);
  const ragged = blocks * size > count;
  const first = `${name}First`;
  const names = Array.from({ length: size }, (_, i) => `${name}${i}`);
  return {
    blocks,
    names,
    declare: (index: string) => [
      `let ${first} = ${index} * ${u32(size)};`,
      ...names.map((at, i) => {
        const place = `${first} + ${u32(i)}`;
        return `let ${at} = ${ragged ? `min(${place}, ${u32(count - 1)})` : place};`;
      }),
    ],
    inside: (i: number) => (ragged && i > 0 ? `${first} + ${u32(i)} < ${u32(count)}` : ''),
  };
}

function place(rows: Axis, columns: Axis): string[] {
  if (rows.blocks === 1) return [...rows.declare('0u'), ...columns.declare('item')];
  if (columns.blocks === 1) return [...rows.declare('item'), ...columns.declare('0u')];
  const across = u32(columns.blocks);
  return [...rows.declare(`item / ${across}`), ...columns.declare(`item % ${across}`)];
}
