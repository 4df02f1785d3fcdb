import {
  add,
  concat,
  grads,
  keep,
  matMul,
  mul,
  ones,
  reshape,
  slice,
  type Tensor,
  tensor3d,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { loss as lossByName } from '../../model/loss.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { Problem } from '../../model/problem.ts';
import { layered } from '../layered.ts';
import { tensorActivations } from './activations.ts';
import { tensorRowLosses } from './row-losses.ts';

/** Loss and gradient of several flows: [flows] and [flows][P]. */
export interface LossAndGradient {
  readonly loss: Tensor;
  readonly gradient: Tensor;
}

/**
 * A problem in TF.js operations, float32. Every `theta` is [flows][P], packed as in model/parameters.ts. Call it within
 * `tidy`: it leaves intermediate tensors to it. What it holds itself goes with `dispose`.
 */
export interface TensorNetwork {
  /** Number of parameters P. */
  readonly size: number;
  /** [flows]. */
  loss(theta: Tensor): Tensor;
  gradient(theta: Tensor): LossAndGradient;
  /** [flows][P], exact. At a kink the second derivative counts as zero. */
  hessianVectorProduct(theta: Tensor, vector: Tensor): Tensor;
  dispose(): void;
}

/** One layer of every flow: weight [flows][out][in], bias [flows][1][out]. */
interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
}

/**
 * Builds the tensors and functions of a problem. `rowsAtOnce`: how many flows one operation may take. Throws RangeError with
 * the clause of `cpuOnly`.
 */
export function createTensorNetwork(problem: Problem, rowsAtOnce: number): TensorNetwork {
  const { architecture, dataset, loss: lossName } = layered(problem);
  const { samples, inputWidth, outputWidth } = dataset;
  const { layers: layout, size } = parameterLayout(architecture);
  const { scale: lossScale, rowLoss } = lossByName(lossName);
  const scale = lossScale(samples, outputWidth);
  const activation = tensorActivations[architecture.activation];
  const outputLoss = tensorRowLosses[rowLoss];
  const inputs = keep(tensor3d(Float32Array.from(dataset.inputs), [1, samples, inputWidth]));
  const targets = keep(tensor3d(Float32Array.from(dataset.targets), [1, samples, outputWidth]));

  /** The weights and biases in theta, in its order. */
  const split = (theta: Tensor): Tensor[] => {
    const flows = theta.shape[0]!;
    const part = (from: number, rows: number, columns: number) =>
      reshape(slice(theta, [0, from], [flows, rows * columns]), [flows, rows, columns]);
    return layout.flatMap(({ rows, columns, weight, bias }) => [
      part(weight, rows, columns),
      ...(bias < 0 ? [] : [part(bias, 1, rows)]),
    ]);
  };
  const join = (parts: readonly Tensor[]): Tensor =>
    concat(
      parts.map((part) => reshape(part, [part.shape[0]!, -1])),
      1,
    );
  const layersOf = (parts: readonly Tensor[]): Layer[] =>
    layout.map((_, l) =>
      architecture.bias
        ? { weight: parts[2 * l]!, bias: parts[2 * l + 1]! }
        : { weight: parts[l]!, bias: undefined },
    );

  const lossOf = (parts: readonly Tensor[]): Tensor => {
    const outputs = layersOf(parts).reduce(
      (x, layer, l) => affine(l === 0 ? x : activation.value(x), layer),
      inputs as Tensor,
    );
    return mul(scale, outputLoss.value(outputs, targets));
  };

  /** The derivative of the loss along `vector`, which TF.js differentiates once: its second derivatives are not to be trusted. */
  const directionalLoss = (parts: readonly Tensor[], vector: readonly Tensor[]): Tensor => {
    const directions = layersOf(vector);
    let x: Tensor = inputs;
    let dx: Tensor | undefined;
    let [z, dz] = [x, x];
    for (const [l, layer] of layersOf(parts).entries()) {
      if (l > 0) {
        x = activation.value(z);
        dx = activation.pushForward(z, x, dz);
      }
      z = affine(x, layer);
      dz = affine(x, directions[l]!);
      if (dx) dz = add(dz, affine(dx, { weight: layer.weight, bias: undefined }));
    }
    return mul(scale, outputLoss.directional(z, targets, dz));
  };

  const onesFor = (theta: Tensor): Tensor => ones([theta.shape[0]!]);
  const inGroups = <T extends readonly Tensor[]>(
    rows: readonly Tensor[],
    evaluate: (...group: Tensor[]) => T,
  ): Tensor[] => {
    const flows = rows[0]!.shape[0]!;
    if (flows <= rowsAtOnce) return [...evaluate(...rows)];
    const groups = Array.from({ length: Math.ceil(flows / rowsAtOnce) }, (_, g) => {
      const first = g * rowsAtOnce;
      const count = Math.min(rowsAtOnce, flows - first);
      return tidy(() => [...evaluate(...rows.map((row) => slice(row, [first, 0], [count, size])))]);
    });
    return groups[0]!.map((_, i) => concat(groups.map((group) => group[i]!)));
  };

  return {
    size,
    loss: (theta) => inGroups([theta], (rows) => [lossOf(split(rows!))])[0]!,
    gradient(theta) {
      const [loss, gradient] = inGroups([theta], (rows) => {
        const { value, grads } = valueAndGrads((...parts: Tensor[]) => lossOf(parts))(
          split(rows!),
          onesFor(rows!),
        );
        return [value, join(grads)];
      });
      return { loss: loss!, gradient: gradient! };
    },
    hessianVectorProduct: (theta, vector) =>
      inGroups([theta, vector], (rows, directions) => {
        const parts = split(directions!);
        const products = grads((...layers: Tensor[]) => directionalLoss(layers, parts));
        return [join(products(split(rows!), onesFor(rows!)))];
      })[0]!,
    dispose() {
      inputs.dispose();
      targets.dispose();
    },
  };
}

/** x W^T + b. */
function affine(x: Tensor, { weight, bias }: Layer): Tensor {
  const product = matMul(x, weight, false, true);
  return bias ? add(product, bias) : product;
}
