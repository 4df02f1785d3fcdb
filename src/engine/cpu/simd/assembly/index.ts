import { exp, sigmoid } from './functions';

export { fillTanh } from './functions';
export { gradient, hessianVectorProduct, loss, pack, setProblem, unpack } from './network';
export { descend, point, scaledErrorSquares, squares } from './vectors';

const PAIR: usize = 16;

/** `bytes` of linear memory, zeroed and aligned to 16. */
export function allocate(bytes: usize): usize {
  const block = heap.alloc(bytes);
  memory.fill(block, 0, bytes);
  return block;
}

/** Gives back everything that was allocated. */
export function reset(): void {
  heap.reset();
}

/** e^x of `count` doubles (an even number). */
export function fillExp(x: usize, out: usize, count: i32): void {
  for (let at: usize = 0; at < <usize>count * 8; at += PAIR) v128.store(out + at, exp(v128.load(x + at)));
}

/** 1 / (1 + e^-x) of `count` doubles (an even number). */
export function fillSigmoid(x: usize, out: usize, count: i32): void {
  for (let at: usize = 0; at < <usize>count * 8; at += PAIR) v128.store(out + at, sigmoid(v128.load(x + at)));
}
