/** The scalar types of a struct's fields, all four bytes wide, so that offsets follow from the order alone. */
type Scalar = 'u32' | 'f32';

/** A struct that host and shader share: its one description gives the WGSL text, the size and the offsets. */
export interface Struct<Field extends string> {
  /** `struct Name { .. }` */
  readonly wgsl: string;
  /** Bytes, a multiple of 4. */
  readonly size: number;
  /** Writes the fields at byte `offset`. */
  write(view: DataView, offset: number, values: Readonly<Record<Field, number>>): void;
  /** Reads the fields at byte `offset`. */
  read(view: DataView, offset: number): Record<Field, number>;
}

const BYTES = 4;
/** WebGPU buffers are little-endian (the specification requires it of the platform). */
const LITTLE_ENDIAN = true;

/** Builds a struct from its fields, in order. */
export function struct<Field extends string>(
  name: string,
  fields: Readonly<Record<Field, Scalar>>,
): Struct<Field> {
  const entries = Object.entries(fields) as [Field, Scalar][];
  const members = entries.map(([field, type]) => `  ${field}: ${type},`);
  return {
    wgsl: `struct ${name} {\n${members.join('\n')}\n}`,
    size: BYTES * entries.length,
    write(view, offset, values) {
      entries.forEach(([field, type], i) => {
        const at = offset + BYTES * i;
        if (type === 'u32') view.setUint32(at, values[field], LITTLE_ENDIAN);
        else view.setFloat32(at, values[field], LITTLE_ENDIAN);
      });
    },
    read(view, offset) {
      const values = entries.map(([field, type], i) => {
        const at = offset + BYTES * i;
        return [
          field,
          type === 'u32' ? view.getUint32(at, LITTLE_ENDIAN) : view.getFloat32(at, LITTLE_ENDIAN),
        ];
      });
      return Object.fromEntries(values) as Record<Field, number>;
    },
  };
}
