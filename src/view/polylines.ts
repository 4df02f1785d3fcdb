import {
  BufferAttribute,
  DynamicDrawUsage,
  GreaterDepth,
  Group,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  LessEqualDepth,
  Mesh,
  ShaderMaterial,
  Vector2,
  Vector3,
} from 'three';
import type { Rgb } from './colour.ts';
import { polylineFragmentShader, polylineVertexShader } from './polyline-shader.ts';
import type { Box } from './scales.ts';
import type { ThemeColours } from './themes.ts';

const vertexSize = 4;
const traitSize = 5;
const breakVertex = [0, 0, 0, -1] as const;

export interface PolylineOptions {
  readonly renderOrder: number;
  /** Opacity beyond the cursor. */
  readonly dim: number;
  /** Opacity of the parts hidden behind the surface. */
  readonly ghost: number;
  /** Pixels of casing on each side. */
  readonly casing: number;
  /** World units by which lines are drawn nearer to the reader than they are, so that they lie on the surface. */
  readonly lift: number;
}

/**
 * Many polylines in one draw call (two with the ghost of what is hidden). The buffers hold each vertex once and every
 * segment reads four neighbouring vertices of it, so the cursor, the highlight and the theme are uniforms and nothing
 * is rewritten when they change. Buffers double when they are too small and are otherwise reused.
 */
export class Polylines {
  readonly object = new Group();
  /** [count][4]: world x, y, z, frame; frame -1 is a break. */
  vertices = new Float32Array(0);
  /** [count][5]: red, green, blue, flow, width. */
  traits = new Float32Array(0);
  /** Vertices written, breaks included. */
  count = 0;
  private readonly uniforms;
  private readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  private readonly ghostMesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;

  constructor(options: PolylineOptions) {
    this.uniforms = {
      resolution: { value: new Vector2(1, 1) },
      pixelRatio: { value: 1 },
      cursor: { value: 1e9 },
      tail: { value: 1 },
      highlight: { value: -1 },
      dim: { value: options.dim },
      lift: { value: options.lift },
      bright: { value: new Vector3(1, 1, 1) },
      casing: { value: new Vector3() },
      box: { value: new Vector3(1, 1, 1) },
    };
    const geometry = this.allocate(256);
    this.mesh = new Mesh(geometry, this.material(1, options.casing, false));
    this.ghostMesh = new Mesh(geometry, this.material(options.ghost, 0, true));
    this.mesh.renderOrder = options.renderOrder;
    this.ghostMesh.renderOrder = options.renderOrder - 1;
    for (const mesh of [this.mesh, this.ghostMesh]) {
      mesh.frustumCulled = false;
      if (mesh === this.mesh || options.ghost > 0) this.object.add(mesh);
    }
  }

  /** Forgets all lines and makes room for `vertices` vertices, breaks included. */
  begin(vertices: number): void {
    const needed = vertices + 4;
    if (needed > this.vertices.length / vertexSize) {
      const old = this.mesh.geometry;
      const geometry = this.allocate(Math.max(needed, (2 * this.vertices.length) / vertexSize));
      this.mesh.geometry = geometry;
      this.ghostMesh.geometry = geometry;
      old.dispose();
    }
    this.count = 0;
    this.break();
  }

  /** Adds a vertex; one that is not finite breaks the line. */
  push(x: number, y: number, z: number, frame: number, colour: Rgb, flow: number, width: number): void {
    const i = this.count++;
    const finite = Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z);
    this.vertices.set(finite ? [x, y, z, frame] : breakVertex, i * vertexSize);
    this.traits.set([colour[0], colour[1], colour[2], flow, width], i * traitSize);
  }

  /** Ends the present line. */
  break(): void {
    this.vertices.set(breakVertex, this.count++ * vertexSize);
  }

  /** Hands what was added to the renderer. */
  commit(): void {
    this.break();
    const geometry = this.mesh.geometry;
    geometry.instanceCount = Math.max(0, this.count - 3);
    for (const [name, size] of [
      ['start', vertexSize],
      ['startColour', traitSize],
    ] as const) {
      const { data } = geometry.getAttribute(name) as InterleavedBufferAttribute;
      data.clearUpdateRanges();
      data.addUpdateRange(0, this.count * size);
      data.needsUpdate = true;
    }
  }

  setBox(box: Box): void {
    this.uniforms.box.value.set(box.width, box.depth, box.height);
  }

  setTheme(theme: ThemeColours): void {
    this.uniforms.bright.value.set(...theme.bright);
    this.uniforms.casing.value.set(...theme.casing);
    this.mesh.material.uniforms.casingOpacity!.value = theme.casingOpacity;
  }

  /** Size of the drawing buffer in device pixels, and device pixels per CSS pixel. */
  setResolution(width: number, height: number, pixelRatio: number): void {
    this.uniforms.resolution.value.set(width, height);
    this.uniforms.pixelRatio.value = pixelRatio;
  }

  /** Fractional frame up to which lines are bright, and the length of the tail before it in frames. */
  setCursor(cursor: number, tail: number): void {
    this.uniforms.cursor.value = cursor;
    this.uniforms.tail.value = Math.max(tail, 1e-3);
  }

  setHighlight(flow: number | null): void {
    this.uniforms.highlight.value = flow ?? -1;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.ghostMesh.material.dispose();
  }

  private material(opacity: number, casingWidth: number, ghost: boolean): ShaderMaterial {
    return new ShaderMaterial({
      vertexShader: polylineVertexShader,
      fragmentShader: polylineFragmentShader,
      uniforms: {
        ...this.uniforms,
        opacity: { value: opacity },
        casingWidth: { value: casingWidth },
        casingOpacity: { value: 0 },
      },
      transparent: true,
      depthWrite: false,
      depthFunc: ghost ? GreaterDepth : LessEqualDepth,
    });
  }

  private allocate(vertices: number): InstancedBufferGeometry {
    this.vertices = new Float32Array(vertices * vertexSize);
    this.traits = new Float32Array(vertices * traitSize);
    const places = new InstancedInterleavedBuffer(this.vertices, vertexSize, 1).setUsage(DynamicDrawUsage);
    const traits = new InstancedInterleavedBuffer(this.traits, traitSize, 1).setUsage(DynamicDrawUsage);
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('corner', new BufferAttribute(new Float32Array([0, -1, 1, -1, 1, 1, 0, 1]), 2));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    for (const [name, offset] of [
      ['before', 0],
      ['start', 1],
      ['end', 2],
      ['after', 3],
    ] as const)
      geometry.setAttribute(name, new InterleavedBufferAttribute(places, 4, offset * vertexSize));
    for (const [name, offset] of [
      ['start', 1],
      ['end', 2],
    ] as const) {
      geometry.setAttribute(`${name}Colour`, new InterleavedBufferAttribute(traits, 3, offset * traitSize));
      geometry.setAttribute(
        `${name}Trait`,
        new InterleavedBufferAttribute(traits, 2, offset * traitSize + 3),
      );
    }
    geometry.instanceCount = 0;
    return geometry;
  }
}
