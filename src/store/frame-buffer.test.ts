import { describe, expect, it } from 'vitest';
import { FrameBuffer } from './frame-buffer.ts';

const frames = (times: readonly number[], q: (time: number) => number) => ({
  count: times.length,
  flow: new Uint32Array(times.length),
  step: Float64Array.from(times),
  time: Float64Array.from(times),
  loss: new Float64Array(times.length),
  gradientNorm: new Float64Array(times.length),
  conserved: Float64Array.from(times, q),
  parameters: new Float64Array(0),
});
const jumpTo = (time: number, q: number) => ({
  time,
  after: { loss: 0, gradientNorm: 0, conserved: [q], sharpness: 0 },
});

describe('the drift of Q', () => {
  it('is the departure from the start where Q is constant', () => {
    const buffer = new FrameBuffer([{ kind: 'constant', rate: 0 }]);
    buffer.append(frames([0, 1, 2], (time) => 3 + time / 8));
    expect([0, 1, 2].map((frame) => buffer.flows[0]!.drift(frame, 0))).toEqual([0, 0.125, 0.25]);
    const without = new FrameBuffer([]);
    without.append({ ...frames([0, 1], () => 0), conserved: new Float64Array(0) });
    expect(without.flows[0]!.drift(1, 0)).toBeNaN();
  });

  it('is the departure from the exponential law under weight decay', () => {
    const buffer = new FrameBuffer([{ kind: 'exponential', rate: 0.6 }]);
    buffer.append(frames([0, 1, 2], (time) => 3 * Math.exp(-0.6 * time) + (time === 2 ? 0.25 : 0)));
    const [at0, at1, at2] = [0, 1, 2].map((frame) => buffer.flows[0]!.drift(frame, 0));
    expect([at0, at1]).toEqual([0, 0]);
    expect(at2).toBeCloseTo(0.25, 15);
  });

  it('begins anew where the flow jumped', () => {
    const buffer = new FrameBuffer([{ kind: 'exponential', rate: 0.5 }]);
    const law = (q: number, since: number) => (time: number) => q * Math.exp(-0.5 * (time - since));
    buffer.append(frames([0, 1], law(3, 0)));
    buffer.jumped(0, jumpTo(1.5, -7));
    buffer.append(frames([2, 3], law(-7, 1.5)));
    buffer.jumped(0, jumpTo(4, 1));
    buffer.append(frames([4], () => 1.25));
    const drifts = [0, 1, 2, 3, 4].map((frame) => buffer.flows[0]!.drift(frame, 0));
    drifts.slice(0, 4).forEach((drift) => {
      expect(drift).toBeLessThan(1e-15);
    });
    expect(drifts[4]).toBe(0.25);
  });
});
