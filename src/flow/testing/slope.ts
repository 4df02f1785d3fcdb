/** The least-squares slope of log y against log x: the observed order. */
export function fittedSlope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [logX, logY] = [x.map(Math.log), y.map(Math.log)];
  const [meanX, meanY] = [mean(logX), mean(logY)];
  const product = (a: readonly number[], meanA: number, b: readonly number[], meanB: number) =>
    mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  return product(logX, meanX, logY, meanY) / product(logX, meanX, logX, meanX);
}
