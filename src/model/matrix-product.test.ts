import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addProduct } from './matrix-product.ts';
import { createRandom } from './random.ts';
import { checks } from './testing/problems.ts';

const size = fc.integer({ min: 1, max: 11 });

it('adds a product, also of transposed matrices at offsets, and touches nothing else', () => {
  fc.assert(
    fc.property(size, size, size, fc.boolean(), fc.boolean(), (rows, columns, depth, flipA, flipB) => {
      const random = createRandom(rows + 100 * columns, 'test');
      const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
      const [out, a, b] = [
        normals(rows * columns + 5),
        normals(rows * depth + 3),
        normals(depth * columns + 4),
      ];
      const [aRow, aDepth] = flipA ? [1, rows] : [depth, 1];
      const [bColumn, bDepth] = flipB ? [depth, 1] : [1, columns];
      const expected = out.slice();
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          for (let k = 0; k < depth; k++) {
            const product = a[3 + i * aRow + k * aDepth]! * b[4 + j * bColumn + k * bDepth]!;
            expected[2 + i * columns + j]! += product;
          }
        }
      }
      addProduct(out, 2, rows, columns, depth, a, 3, aRow, aDepth, b, 4, bColumn, bDepth);
      expect(out).toEqual(expected);
    }),
    { ...checks, numRuns: 300 },
  );
});
