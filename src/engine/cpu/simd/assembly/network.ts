import { ActivationKernel, activate } from './activations';
import { outputCurvature, outputGradient, RowLoss } from './output-losses';
import { product, productTransposed } from './product';
import { multiply, sumRows } from './vectors';

const DOUBLE: usize = 8;
const PAIR: usize = 16;
/** `Layer.bias` of a layer without biases. */
const NO_BIAS: usize = -1;

/**
 * One layer, written by the host. `weight` and `bias` are bytes from the start of theta, the others are pointers to
 * [samples][rows] doubles. theta here is that of src/model/parameters.ts with the first weight transposed, [columns][rows]: the
 * units of the first hidden layer lie innermost in everything that is read or written along them.
 */
@unmanaged
class Layer {
  rows: i32;
  columns: i32;
  weight: usize;
  bias: usize;
  preActivation: usize;
  value: usize;
  derivative: usize;
  second: usize;
  adjoint: usize;
  preActivationTangent: usize;
  valueTangent: usize;
  adjointTangent: usize;
}

// The one problem of this instance.
let layers: usize = 0;
let depth: i32 = 0;
let samples: i32 = 0;
let inputs: usize = 0;
let identity: bool = false;
let targets: usize = 0;
let activation: ActivationKernel = ActivationKernel.host;
let rowLoss: RowLoss = RowLoss.squaredError;
let scale: f64 = 0;
/** A row of zeros as wide as the widest matrix. */
let zeros: usize = 0;

/**
 * Sets the problem. `firstLayer` points to `count` layers; `identityInputs`: there are as many samples as inputs and sample s
 * is the s-th unit vector, so that the first pre-activations are the first weight itself.
 */
export function setProblem(
  firstLayer: usize,
  count: i32,
  sampleCount: i32,
  inputRows: usize,
  identityInputs: bool,
  targetRows: usize,
  activationKernel: ActivationKernel,
  loss: RowLoss,
  lossScale: f64,
  zeroRow: usize,
): void {
  layers = firstLayer;
  depth = count;
  samples = sampleCount;
  inputs = inputRows;
  identity = identityInputs;
  targets = targetRows;
  activation = activationKernel;
  rowLoss = loss;
  scale = lossScale;
  zeros = zeroRow;
}

/** Copies theta, `count` doubles as src/model/parameters.ts packs them, to `to` as the kernels keep it. */
export function pack(theta: usize, to: usize, count: i32): void {
  memory.copy(to, theta, <usize>count * DOUBLE);
  const first = layerAt(0);
  transpose(theta + first.weight, to + first.weight, first.rows, first.columns);
}

/** The inverse of `pack`. */
export function unpack(theta: usize, to: usize, count: i32): void {
  memory.copy(to, theta, <usize>count * DOUBLE);
  const first = layerAt(0);
  transpose(theta + first.weight, to + first.weight, first.columns, first.rows);
}

/** x [rows][columns] to out [columns][rows]. */
function transpose(x: usize, out: usize, rows: i32, columns: i32): void {
  const outRow = <usize>rows * DOUBLE;
  for (let i = 0; i < rows; i++) {
    let to = out + <usize>i * DOUBLE;
    for (let j = 0; j < columns; j++) {
      f64.store(to, f64.load(x));
      x += DOUBLE;
      to += outRow;
    }
  }
}

@inline
function layerAt(index: i32): Layer {
  return changetype<Layer>(layers + <usize>index * offsetof<Layer>());
}

@inline
function biasRow(layer: Layer, theta: usize): usize {
  return layer.bias == NO_BIAS ? zeros : theta + layer.bias;
}

/** W x + b of the first layer for every sample; without biases on unit vectors that is the weight where it lies. */
function firstPreActivation(layer: Layer, theta: usize, out: usize): usize {
  const rowBytes = <usize>layer.rows * DOUBLE;
  const weight = theta + layer.weight;
  if (!identity) {
    const columnBytes = <usize>layer.columns * DOUBLE;
    product(out, rowBytes, biasRow(layer, theta), 0, samples, layer.rows, layer.columns, inputs, columnBytes, DOUBLE, weight, rowBytes);
    return out;
  }
  if (layer.bias == NO_BIAS) return weight;
  for (let s = 0; s < samples; s++) {
    const row = <usize>s * rowBytes;
    for (let i: usize = 0; i < rowBytes; i += DOUBLE) {
      f64.store(out + row + i, f64.load(weight + row + i) + f64.load(theta + layer.bias + i));
    }
  }
  return out;
}

/** out = initial + x W^T for every sample, of a layer above the first. */
@inline
function applyWeight(layer: Layer, theta: usize, x: usize, initial: usize, initialRow: usize, out: usize): void {
  const rowBytes = <usize>layer.rows * DOUBLE;
  const columnBytes = <usize>layer.columns * DOUBLE;
  productTransposed(out, rowBytes, initial, initialRow, samples, layer.rows, layer.columns, x, columnBytes, theta + layer.weight, columnBytes);
}

/** out = initial + adjoint W for every sample, of a layer above the first. */
@inline
function applyTransposedWeight(layer: Layer, theta: usize, adjoint: usize, initial: usize, initialRow: usize, out: usize): void {
  const rowBytes = <usize>layer.rows * DOUBLE;
  const columnBytes = <usize>layer.columns * DOUBLE;
  product(out, columnBytes, initial, initialRow, samples, layer.columns, layer.rows, adjoint, rowBytes, DOUBLE, theta + layer.weight, columnBytes);
}

/** out = initial + sum_s adjoint_s x_s^T, of a layer above the first. */
@inline
function weightGradient(layer: Layer, adjoint: usize, x: usize, initial: usize, initialRow: usize, out: usize): void {
  const rowBytes = <usize>layer.rows * DOUBLE;
  const columnBytes = <usize>layer.columns * DOUBLE;
  product(out + layer.weight, columnBytes, initial, initialRow, layer.rows, layer.columns, samples, adjoint, DOUBLE, rowBytes, x, columnBytes);
}

/** The gradient of the first weight from the adjoints of its layer; on unit vectors they are the same, and in place. */
@inline
function firstWeightGradient(layer: Layer, adjoint: usize, out: usize): void {
  if (identity) return;
  const rowBytes = <usize>layer.rows * DOUBLE;
  const columnBytes = <usize>layer.columns * DOUBLE;
  product(out + layer.weight, rowBytes, zeros, 0, layer.columns, layer.rows, samples, inputs, DOUBLE, columnBytes, adjoint, rowBytes);
}

/** Where the adjoints of a layer are written: those of the first on unit vectors are its weight's gradient. */
@inline
function adjointHome(index: i32, home: usize, out: usize): usize {
  return index == 0 && identity ? out + layerAt(0).weight : home;
}

/** Fills pre-activations, values and derivatives; returns the outputs, which may lie in theta. */
function forward(theta: usize, seconds: bool): usize {
  let z: usize = 0;
  for (let l = 0; l < depth; l++) {
    const layer = layerAt(l);
    if (l == 0) z = firstPreActivation(layer, theta, layer.preActivation);
    else {
      z = layer.preActivation;
      applyWeight(layer, theta, layerAt(l - 1).value, biasRow(layer, theta), 0, z);
    }
    if (l < depth - 1) {
      activate(activation, z, layer.value, layer.derivative, seconds ? layer.second : 0, samples * layer.rows);
    }
  }
  return z;
}

/** L(theta). */
export function loss(theta: usize): f64 {
  const y = forward(theta, false);
  const last = layerAt(depth - 1);
  return outputGradient(rowLoss, y, targets, samples, last.rows, scale, last.adjoint);
}

/** Writes grad L into `out` and returns L. */
export function gradient(theta: usize, out: usize): f64 {
  const y = forward(theta, false);
  const last = depth - 1;
  const width = layerAt(last).rows;
  let adjoint = adjointHome(last, layerAt(last).adjoint, out);
  const value = outputGradient(rowLoss, y, targets, samples, width, scale, adjoint);
  for (let l = last; l > 0; l--) {
    const layer = layerAt(l);
    const below = layerAt(l - 1);
    weightGradient(layer, adjoint, below.value, zeros, 0, out);
    if (layer.bias != NO_BIAS) sumRows(out + layer.bias, adjoint, samples, layer.rows);
    const next = adjointHome(l - 1, below.adjoint, out);
    applyTransposedWeight(layer, theta, adjoint, zeros, 0, next);
    if (activation != ActivationKernel.linear) multiply(next, next, below.derivative, samples * below.rows);
    adjoint = next;
  }
  const first = layerAt(0);
  firstWeightGradient(first, adjoint, out);
  if (first.bias != NO_BIAS) sumRows(out + first.bias, adjoint, samples, first.rows);
  return value;
}

/** Writes H v into `out` by forward-over-reverse differentiation (Pearlmutter 1994), as src/model/tangent.ts does. */
export function hessianVectorProduct(theta: usize, vector: usize, out: usize): void {
  const y = forward(theta, true);
  const last = depth - 1;
  const width = layerAt(last).rows;
  const top = layerAt(last);
  let adjoint = top.adjoint;
  outputGradient(rowLoss, y, targets, samples, width, scale, adjoint);

  let dz: usize = 0;
  for (let l = 0; l < depth; l++) {
    const layer = layerAt(l);
    if (l == 0) dz = firstPreActivation(layer, vector, layer.preActivationTangent);
    else {
      const below = layerAt(l - 1);
      dz = layer.preActivationTangent;
      applyWeight(layer, vector, below.value, biasRow(layer, vector), 0, dz);
      applyWeight(layer, theta, below.valueTangent, dz, <usize>layer.rows * DOUBLE, dz);
    }
    if (l < last) multiply(layer.valueTangent, dz, layer.derivative, samples * layer.rows);
  }

  let tangent = adjointHome(last, top.adjointTangent, out);
  outputCurvature(rowLoss, y, targets, samples, width, scale, dz, tangent);
  for (let l = last; l > 0; l--) {
    const layer = layerAt(l);
    const below = layerAt(l - 1);
    const columnBytes = <usize>layer.columns * DOUBLE;
    weightGradient(layer, tangent, below.value, zeros, 0, out);
    weightGradient(layer, adjoint, below.valueTangent, out + layer.weight, columnBytes, out);
    if (layer.bias != NO_BIAS) sumRows(out + layer.bias, tangent, samples, layer.rows);
    const nextAdjoint = below.adjoint;
    const nextTangent = adjointHome(l - 1, below.adjointTangent, out);
    applyTransposedWeight(layer, theta, adjoint, zeros, 0, nextAdjoint);
    applyTransposedWeight(layer, theta, tangent, zeros, 0, nextTangent);
    applyTransposedWeight(layer, vector, adjoint, nextTangent, columnBytes, nextTangent);
    const belowTangent =
      l == 1 && identity && below.bias == NO_BIAS ? vector + below.weight : below.preActivationTangent;
    tangentOfProduct(below, nextAdjoint, nextTangent, belowTangent);
    adjoint = nextAdjoint;
    tangent = nextTangent;
  }
  const first = layerAt(0);
  firstWeightGradient(first, tangent, out);
  if (first.bias != NO_BIAS) sumRows(out + first.bias, tangent, samples, first.rows);
}

/** d(g sigma'(z)) = dg sigma'(z) + g sigma''(z) dz, then g sigma'(z) itself. */
function tangentOfProduct(layer: Layer, g: usize, dg: usize, dz: usize): void {
  const end = <usize>(samples * layer.rows) * DOUBLE;
  for (let at: usize = 0; at < end; at += PAIR) {
    const slope = v128.load(layer.derivative + at);
    const adjoint = v128.load(g + at);
    const bend = f64x2.mul(f64x2.mul(adjoint, v128.load(layer.second + at)), v128.load(dz + at));
    v128.store(dg + at, f64x2.add(f64x2.mul(v128.load(dg + at), slope), bend));
    v128.store(g + at, f64x2.mul(adjoint, slope));
  }
}
