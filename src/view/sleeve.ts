/**
 * Which points of a line can be left out because the line passes near enough without them (cone intersection: Williams,
 * "An efficient algorithm for the piecewise linear approximation of planar curves", 1978). The points are taken to be met
 * at an even pace: a point is represented by the place where a walker on the long segment is when it is that point's turn,
 * so what is drawn up to some point of time ends where it should.
 */
export class Sleeve {
  private readonly tolerance: number;
  private readonly start = [0, 0, 0];
  /** Smallest and largest steps per point, by coordinate, that pass every point since the start. */
  private readonly least = [0, 0, 0];
  private readonly most = [0, 0, 0];
  private points = 0;

  /** `tolerance`: how far a point may be from the place that represents it, in each coordinate. */
  constructor(tolerance: number) {
    this.tolerance = tolerance;
  }

  /** A segment starts here. */
  begin(x: number, y: number, z: number): void {
    this.start[0] = x;
    this.start[1] = y;
    this.start[2] = z;
    this.least.fill(Number.NEGATIVE_INFINITY);
    this.most.fill(Number.POSITIVE_INFINITY);
    this.points = 0;
  }

  /**
   * Whether the segment may end at the next point of the line, leaving out all points since the start. The first point after
   * the start always may. After a refusal a new segment has to begin.
   */
  admits(x: number, y: number, z: number): boolean {
    const points = ++this.points;
    const place = [x, y, z];
    for (let k = 0; k < 3; k++) {
      const step = (place[k]! - this.start[k]!) / points;
      if (step < this.least[k]! || step > this.most[k]!) return false;
    }
    for (let k = 0; k < 3; k++) {
      const step = (place[k]! - this.start[k]!) / points;
      this.least[k] = Math.max(this.least[k]!, step - this.tolerance / points);
      this.most[k] = Math.min(this.most[k]!, step + this.tolerance / points);
    }
    return true;
  }
}
