/** Threads of the cpu engine on a machine with so many processors: one is left for the page and everything else. */
export const poolSize = (processors: number): number => Math.max(1, processors - 1);
