import fc from 'fast-check';
import { PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import {
  blendPoses,
  boxCorners,
  defaultDirection,
  directionOf,
  fieldOfView,
  fitPose,
  type Pose,
  poseAt,
  topDirection,
  turnPose,
} from './camera.ts';
import { project } from './projection.ts';
import { viewProjection } from './view-projection.ts';

const insets = { left: 40, right: 30, top: 20, bottom: 90 };
const corners = boxCorners({ width: 2.4, depth: 1.6, height: 1 });

function screen(pose: Pose, size: { width: number; height: number }) {
  const camera = new PerspectiveCamera(fieldOfView, size.width / size.height, 0.05, 60);
  camera.up.set(0, 0, 1);
  camera.position.set(...pose.position);
  camera.lookAt(...pose.target);
  camera.updateMatrixWorld();
  const matrix = viewProjection(camera);
  return (point: readonly [number, number, number]) => project(matrix, size, ...point);
}

describe('fitPose', () => {
  it('fills the frame: every corner inside the insets, and one pair of opposite sides touched', () => {
    const property = fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -0.2, max: 1.5, noNaN: true }),
      fc.integer({ min: 300, max: 1600 }),
      fc.integer({ min: 300, max: 1200 }),
      (azimuth, elevation, width, height) => {
        const size = { width, height };
        const at = screen(fitPose(corners, { azimuth, elevation }, size, insets), size);
        const places = corners.map(at);
        const left = Math.min(...places.map(({ x }) => x)) - insets.left;
        const right = width - insets.right - Math.max(...places.map(({ x }) => x));
        const top = Math.min(...places.map(({ y }) => y)) - insets.top;
        const bottom = height - insets.bottom - Math.max(...places.map(({ y }) => y));
        for (const side of [left, right, top, bottom]) expect(side).toBeGreaterThan(-0.01);
        expect(Math.min(left + right, top + bottom)).toBeLessThan(0.02);
      },
    );
    fc.assert(property, { seed: 3, numRuns: 80 });
  });

  it('looks at the box from where it is asked to', () => {
    const direction = defaultDirection('q-valley');
    const pose = fitPose(corners, direction, { width: 770, height: 740 }, insets);
    expect(directionOf(pose).azimuth).toBeCloseTo(direction.azimuth, 9);
    expect(directionOf(pose).elevation).toBeCloseTo(direction.elevation, 9);
    expect(pose.position[1]).toBeLessThan(-1);
  });

  it('has x to the right and y up from the top', () => {
    const size = { width: 600, height: 600 };
    const at = screen(fitPose(corners, topDirection, size, insets), size);
    expect(at([1, 0, 0]).x).toBeGreaterThan(at([-1, 0, 0]).x);
    expect(at([0, 0.5, 0]).y).toBeLessThan(at([0, -0.5, 0]).y);
  });
});

describe('moving the camera', () => {
  const start = poseAt([0.1, 0, 0.3], { azimuth: 3, elevation: 0.4 }, 5);

  it('turns around its target at the same distance, never over the top', () => {
    const turned = turnPose(start, 0.3, 4);
    expect(turned.target).toEqual(start.target);
    expect(directionOf(turned).distance).toBeCloseTo(5, 9);
    expect(directionOf(turned).elevation).toBeLessThan(Math.PI / 2);
  });

  it('blends from one pose to the other the short way round', () => {
    const end = poseAt([0, 0.2, 0], { azimuth: -3, elevation: 0.6 }, 3);
    expect(blendPoses(start, end, 1)).toBe(end);
    blendPoses(start, end, 0).position.forEach((value, i) => {
      expect(value).toBeCloseTo(start.position[i]!, 9);
    });
    expect(Math.abs(directionOf(blendPoses(start, end, 0.5)).azimuth)).toBeGreaterThan(3);
  });
});
