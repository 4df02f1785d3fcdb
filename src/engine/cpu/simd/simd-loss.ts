import { type ActivationName, pointwise } from '../../../model/activation.ts';
import { inputsAreIdentity } from '../../../model/data.ts';
import { type Loss, loss as lossByName } from '../../../model/loss.ts';
import { parameterLayout } from '../../../model/parameters.ts';
import type { MlpProblem } from '../../../model/problem.ts';
import type { BorrowedLoss } from '../borrow-loss.ts';
import { createArena } from './arena.ts';
import { type Border, createSimdStepper } from './simd-stepper.ts';

/** Numbers of the kernels in assembly/activations.ts; an activation that is not here is filled by its entry in the model. */
const ACTIVATION_KERNELS: Partial<Record<ActivationName, number>> = {
  linear: 1,
  relu: 2,
  'leaky-relu': 3,
  tanh: 4,
  sigmoid: 5,
};
const HOST_ACTIVATION = 0;
/** Numbers of the row losses in assembly/output-losses.ts. */
const ROW_LOSSES: Readonly<Record<Loss['rowLoss'], number>> = { 'squared-error': 0, 'cross-entropy': 1 };
/** Pre-activation, value, both derivatives, adjoint, and three tangents: see `Layer` in assembly/network.ts. */
const ARRAYS_PER_LAYER = 8;
const NO_BIAS = 0xffffffff;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * The loss of a problem on the SIMD kernels: that of model/network.ts to rounding, sums being taken in another order. null
 * where the processor or the browser lacks SIMD. `activationKernels`: those to use, all that there are unless a test says
 * otherwise.
 */
export function createSimdLoss(
  problem: MlpProblem,
  activationKernels: Partial<Record<ActivationName, number>> = ACTIVATION_KERNELS,
): BorrowedLoss | null {
  const { architecture, dataset } = problem;
  const { samples, outputWidth, inputs, targets } = dataset;
  const { layers, size } = parameterLayout(architecture);
  const { fill } = pointwise(architecture.activation);
  const { scale, rowLoss } = lossByName(problem.loss);

  /** Takes second derivatives that nobody wants. */
  let spare = new Float64Array(0);
  const arena = createArena((z, value, derivative, second, count) => {
    const at = (pointer: number) => arena!.doubles(pointer, count);
    if (!second && spare.length < count) spare = new Float64Array(count);
    fill(at(z), at(value), at(derivative), second ? at(second) : spare);
  });
  if (!arena) return null;
  const { kernels, doubles, allocate, store } = arena;

  const widest = Math.max(...architecture.widths);
  const records = layers.flatMap(({ rows, columns, weight, bias }) => {
    const arrays = Array.from({ length: ARRAYS_PER_LAYER }, () => allocate(samples * rows));
    return [rows, columns, weight * BYTES, bias < 0 ? NO_BIAS : bias * BYTES, ...arrays];
  });
  kernels.setProblem(
    arena.storeWords(records),
    layers.length,
    samples,
    store(inputs),
    inputsAreIdentity(dataset) && (samples * layers[0]!.rows) % 2 === 0,
    store(targets),
    activationKernels[architecture.activation] ?? HOST_ACTIVATION,
    ROW_LOSSES[rowLoss],
    scale(samples, outputWidth),
    allocate(widest),
  );
  const [parameters, theta, vector, image] = Array.from({ length: 4 }, () => allocate(size));

  const border: Border = {
    write(values, to) {
      doubles(parameters!, size).set(values);
      kernels.pack(parameters!, to, size);
      return to;
    },
    read(from, out) {
      kernels.unpack(from, parameters!, size);
      out.set(doubles(parameters!, size));
      return out;
    },
    lent: { theta: new Float64Array(size), gradient: new Float64Array(size) },
  };

  return {
    size,
    loss: (at) => kernels.loss(border.write(at, theta!)),
    gradient(at, out) {
      const value = kernels.gradient(border.write(at, theta!), image!);
      border.read(image!, out);
      return value;
    },
    hessianVectorProduct(at, along, out) {
      kernels.hessianVectorProduct(border.write(at, theta!), border.write(along, vector!), image!);
      border.read(image!, out);
    },
    createStepper: (tableau, start) => createSimdStepper(arena, size, tableau, start, border),
    release: arena.release,
  };
}
