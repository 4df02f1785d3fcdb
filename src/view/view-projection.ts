import { type Camera, Matrix4 } from 'three';

/** View-projection matrix of a camera: 16 numbers, column-major. */
export function viewProjection(camera: Pick<Camera, 'projectionMatrix' | 'matrixWorldInverse'>): number[] {
  return new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).elements;
}
