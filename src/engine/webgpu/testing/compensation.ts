/**
 * A flow kernel as a compiler leaves it that takes float32 for real numbers: change - ((high + change) - high) is 0, so the
 * low parts are, and what remains is plain float32.
 */
export function withoutCompensation(source: string): string {
  return source.replace(/= change - opaque\(moved - [\w.[\] +]+\);/g, '= 0.0f;');
}
