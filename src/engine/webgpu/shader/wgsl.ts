/** A number as a WGSL f32 literal. */
export function f32(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/** A count or index as a WGSL u32 literal. */
export const u32 = (value: number): string => `${value}u`;

/** Joins statements, indented by two spaces inside a block. */
export const block = (...statements: readonly string[]): string =>
  statements
    .filter((statement) => statement !== '')
    .join('\n')
    .replace(/^(?=.)/gm, '  ');

/**
 * A loop in which the lanes of a workgroup share `count` items: `body` sees the item as `name`. One pass when there are
 * no more items than lanes.
 */
export function shareAmongLanes(name: string, count: number, workgroupSize: number, body: string): string {
  if (count === workgroupSize) return `{\n${block(`let ${name} = lane;`, body)}\n}`;
  if (count < workgroupSize) return `if (lane < ${u32(count)}) {\n${block(`let ${name} = lane;`, body)}\n}`;
  const loop = `for (var ${name} = lane; ${name} < ${u32(count)}; ${name} += ${u32(workgroupSize)})`;
  return `${loop} {\n${block(body)}\n}`;
}

/** A loop of a known number of turns; without one turn to choose from, just its body. */
export function repeat(name: string, count: number, body: string): string {
  if (count === 1) return `{\n${block(`const ${name} = 0u;`, body)}\n}`;
  return `for (var ${name} = 0u; ${name} < ${u32(count)}; ${name}++) {\n${block(body)}\n}`;
}
