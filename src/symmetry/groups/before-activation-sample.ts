import type { GroupDefinition } from '../group-action.ts';
import { exponentialJet, type MatrixJet, multiplyJets } from '../matrix/jet.ts';
import { rMatrix, rMatrixAdjoint, rMatrixJet } from '../matrix/r-matrix.ts';
import {
  add,
  columns,
  entry,
  type MatrixView,
  map,
  multiply,
  rowMajor,
  scale,
  transpose,
} from '../matrix/view.ts';
import { applicability } from './applicability.ts';
import { type DataGroup, dataAction } from './data-action.ts';
import { networkOf } from './hidden-layers.ts';
import { activate, type LayerReader } from './layer-data.ts';

/** Column 0: what belongs to sample 0. */
const sample = (m: MatrixView): MatrixView => columns(m, 0, 1);

/** R(z)^-1 = R(z)^T / |z|^2. */
const rInverse = (r: MatrixView): MatrixView => {
  const first = rowMajor(sample(r));
  return scale(transpose(r), 1 / first.reduce((sum, x) => sum + x * x, 0));
};

/** R of a vector that depends on s. */
const frame = ({ value, first, second }: MatrixJet): MatrixJet =>
  rMatrixJet(rowMajor(sample(value)), rowMajor(sample(first)), rowMajor(sample(second)));

/** a^-1, from that of its value. */
function inverseJet(a: MatrixJet, inverse: MatrixView): MatrixJet {
  const turn = multiply(inverse, a.first);
  const first = scale(multiply(turn, inverse), -1);
  const bend = multiply(multiply(inverse, a.second), inverse);
  return { value: inverse, first, second: add(scale(multiply(turn, first), -2), bend, -1) };
}

/** GL(h) before the activation, by one sample: V -> g V, U -> U pi(g, z), with z the pre-activation of sample 0 (math.md D). */
const groupOn = ({ activation: sigma }: LayerReader): DataGroup => ({
  name: 'before-activation-sample',
  move(g, { inner, outer }, { z, s }) {
    const to = map(g.times(sample(z)), sigma.value);
    const forth = multiply(outer, rMatrix(rowMajor(sample(s))));
    return { inner: g.times(inner), outer: multiply(forth, rInverse(rMatrix(to.data))) };
  },
  velocity(x, { inner, outer }, { z, s, slope }) {
    const sigma1 = slope();
    const ds = map(multiply(x, sample(z)), (d, i) => d * entry(sigma1, i, 0));
    const { value, first } = frame({ value: s, first: ds, second: scale(ds, 0) });
    const change = multiply(multiply(outer, first), rInverse(value));
    return { inner: multiply(x, inner), outer: scale(change, -1) };
  },
  moment(p, { inner, outer }, { z, s, slope }) {
    const [sigma1, from] = [slope(), rowMajor(sample(s))];
    const onFrame = multiply(transpose(outer), multiply(p.outer, transpose(rInverse(rMatrix(from)))));
    const adjoint = rMatrixAdjoint(from, onFrame);
    const dz = map(sample(z), (_, i) => adjoint[i]! * entry(sigma1, i, 0));
    return add(multiply(p.inner, transpose(inner)), multiply(dz, transpose(sample(z))), -1);
  },
  jets(x, { inner, outer }, { z, s }) {
    const curve = exponentialJet(x);
    const moved = activate(sigma, multiplyJets(curve, z));
    const to = frame(moved);
    const forth = multiplyJets(outer, frame(s));
    return {
      inner: multiplyJets(curve, inner),
      outer: multiplyJets(forth, inverseJet(to, rInverse(to.value))),
    };
  },
  exactness(layer, { s }) {
    const samples = s.columns;
    const zero = rowMajor(sample(s)).every((y) => y === 0);
    const exact = !zero && samples === 1;
    return {
      exact,
      message: zero
        ? `Not defined: σ of ${layer} is zero on sample 1.`
        : exact
          ? 'Exact on the one sample.'
          : `Exact on the first of the ${samples} samples only.`,
      // R is orthogonal up to a factor.
      conditioning: 1,
    };
  },
});

/** GL(h) before the activation by the R matrix of one sample. */
export const beforeActivationSample: GroupDefinition = {
  name: 'before-activation-sample',
  label: 'General linear group before the activation, one sample',
  symbol: 'GL(h)',
  formula: 'U → U R(σ(z)) R(σ(gz))⁻¹, V → g V, b → g b',
  invariant: 'outputs-on-data',
  continuous: true,
  compact: false,
  applies: ({ architecture }) => applicability['before-activation-sample'](architecture),
  create: (problem, layerPairs) => dataAction(groupOn, networkOf(problem), layerPairs),
};
