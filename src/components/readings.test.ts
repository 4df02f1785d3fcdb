import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameBuffer } from '../store/frame-buffer.ts';
import { cursorAt, frameAt, longestFlow, timeAt } from './readings.ts';

/** A buffer whose flow `flow` has the given times. */
function bufferOf(...flows: number[][]): FrameBuffer {
  const frames = new FrameBuffer([{ kind: 'constant', rate: 0 }]);
  flows.forEach((times, flow) => {
    const values = Float64Array.from(times);
    frames.append({
      count: times.length,
      flow: new Uint32Array(times.length).fill(flow),
      step: Float64Array.from(times, (_, i) => i),
      time: values,
      loss: values,
      gradientNorm: values,
      conserved: values,
      parameters: new Float64Array(0),
    });
  });
  return frames;
}

describe('the cursor', () => {
  const ascending = fc
    .uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 40 })
    .map((times) => [0, ...times.sort((a, b) => a - b)]);

  it('goes from time to frame and back', () => {
    fc.assert(
      fc.property(ascending, fc.double({ min: 0, max: 1, noNaN: true }), (times, part) => {
        const flow = bufferOf(times).flows[0]!;
        const cursor = part * (times.length - 1);
        expect(cursorAt(flow, timeAt(flow, cursor))).toBeCloseTo(cursor, 6);
      }),
      { seed: 3 },
    );
  });

  it('stays within what was recorded', () => {
    const flow = bufferOf([0, 1, 4]).flows[0]!;
    expect(cursorAt(flow, -1)).toBe(0);
    expect(cursorAt(flow, 9)).toBe(2);
    expect(timeAt(flow, 7)).toBe(4);
    expect(frameAt(flow, 7)).toBe(2);
    expect(frameAt(flow, 0.6)).toBe(1);
  });

  it('knows when nothing was recorded', () => {
    const frames = bufferOf([]);
    frames.clear(0);
    expect(longestFlow(frames)).toBeNull();
    expect(frameAt(frames.flows[0]!, 0)).toBe(-1);
    expect(timeAt(frames.flows[0]!, 3)).toBe(0);
  });

  it('takes its times from the longest flow', () => {
    const frames = bufferOf([0, 1], [0, 1, 2], [0]);
    expect(longestFlow(frames)).toBe(frames.flows[1]);
  });
});
