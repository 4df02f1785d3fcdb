import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers. Every call advances it. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal by the Box-Muller transform (Box, Muller 1958): two uniforms give two normals, in order. */
  normal(): number;
}

/**
 * A random stream determined by `seed` (any finite number) and `stream`, its purpose ('initialisation', 'teacher', ..).
 * Different purposes or seeds give unrelated streams, so data and initialisation may share a seed.
 * The generator is xoroshiro128+ (Blackman, Vigna 2021), its 128-bit state a hash of both.
 */
export function createRandom(seed: number, stream: string): Random {
  const key = `${stream}:${seed}`;
  const generator = xoroshiro128plusFromState([1, 2, 3, 4].map((salt) => hash32(key, salt)));
  const uniform = () => uniformFloat64(generator);
  let spare: number | null = null;
  return {
    uniform,
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** FNV-1a over the UTF-16 units of `text`, started from `salt`, then the 32-bit finaliser of MurmurHash3 (Appleby). */
function hash32(text: string, salt: number): number {
  let h = Math.imul(salt, 0x9e3779b9) ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
