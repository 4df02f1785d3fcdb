import { describe, expect, it } from 'vitest';
import { FrameBuffer } from '../../store/frame-buffer.ts';
import { decadeSplits, extentOf, plotValue } from './extent.ts';
import { quantities } from './quantities.ts';

function frames(times: number[], losses: number[], q: number[] = times.map(() => 1)): FrameBuffer {
  const buffer = new FrameBuffer([{ kind: 'constant', rate: 0 }]);
  buffer.append({
    count: times.length,
    flow: new Uint32Array(times.length),
    step: Float64Array.from(times),
    time: Float64Array.from(times),
    loss: Float64Array.from(losses),
    gradientNorm: Float64Array.from(losses),
    conserved: Float64Array.from(q),
    parameters: new Float64Array(0),
  });
  return buffer;
}

describe('extentOf', () => {
  it('spans whole decades of the values and the positive times', () => {
    const extent = extentOf(frames([0, 0.1, 100], [2, 0.5, 3e-7]), quantities.loss, 0, 'log');
    expect(extent.x[0]).toBeCloseTo(-1);
    expect(extent.x[1]).toBeCloseTo(2);
    expect(extent.y).toEqual([-7, 1]);
  });
  it('begins at the start of the flow on a linear axis', () =>
    expect(extentOf(frames([0, 1, 5], [1, 1, 1]), quantities.loss, 0, 'linear').x).toEqual([0, 5]));
  it('is not stretched by zeros or by what is not finite', () =>
    expect(extentOf(frames([0, 1, 2], [0, 5, Number.NaN]), quantities.loss, 0, 'log').y).toEqual([0, 1]));
  it('has a positive size when Q never drifts', () => {
    const { y } = extentOf(frames([0, 1, 2], [1, 1, 1]), quantities.drift, 0, 'log');
    expect(y[0]).toBeLessThan(y[1]);
  });
  it('has a positive size when nothing was recorded', () => {
    const { x, y } = extentOf(new FrameBuffer([]), quantities.loss, 0, 'log');
    expect(x[0]).toBeLessThan(x[1]);
    expect(y[0]).toBeLessThan(y[1]);
  });
});

describe('plotValue', () => {
  it('puts zero on the floor', () => expect(plotValue(0, 1e-16)).toBeCloseTo(-16));
  it('draws nothing for what is not finite', () =>
    expect(plotValue(Number.POSITIVE_INFINITY, 1e-16)).toBeNaN());
});

describe('decadeSplits', () => {
  it('names every decade while there is room', () =>
    expect(decadeSplits([-3, 1], 5)).toEqual([-3, -2, -1, 0, 1]));
  it('leaves out evenly, counted from 0, when there is not', () =>
    expect(decadeSplits([-13, 1], 6)).toEqual([-12, -9, -6, -3, 0]));
});
