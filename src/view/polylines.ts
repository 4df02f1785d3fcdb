import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  DynamicDrawUsage,
  GreaterDepth,
  Group,
  InterleavedBuffer,
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
import { Sleeve } from './sleeve.ts';
import type { ThemeColours } from './themes.ts';

const placeSize = 4;
const traitSize = 5;
/** How far a point that is left out may be from the line, in world units: a pixel when the camera is as near as it can be. */
const tolerance = 0.0005;

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
 * Many polylines in one draw call (two with the ghost of what is hidden). Each point is two vertices, and each vertex
 * reads the points before and after it from the same buffer, so the cursor, the highlight and the theme are uniforms
 * and nothing is rewritten when they change. Points that the line passes without them are not drawn. Buffers double when they are too small and are otherwise reused. Not
 * instanced: an instance of four vertices is slow on every renderer and very slow on software ones.
 */
export class Polylines {
  readonly object = new Group();
  /** World x, y, z and frame of every point added; frame -1 is a break. The first `4 * count` entries hold. */
  points = new Float32Array(0);
  /** Flow of every point added. */
  flows = new Float32Array(0);
  /** Points added, breaks included. */
  count = 0;
  /** Each drawn point twice, then red, green, blue, flow, width of each, twice. */
  private places = new Float32Array(0);
  private traits = new Float32Array(0);
  private index = new Uint32Array(0);
  private drawn = 0;
  private indexCount = 0;
  /** The point that was drawn last, and the latest one that was left out since; -1: none. */
  private last = -1;
  private leftOut = -1;
  private lineColour: Rgb = [0, 0, 0];
  private lineWidth = 0;
  private readonly sleeve = new Sleeve(tolerance);
  private readonly uniforms;
  private readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  private readonly ghostMesh: Mesh<BufferGeometry, ShaderMaterial>;

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

  /** Forgets all lines and makes room for `points` points, breaks included. */
  begin(points: number): void {
    const needed = points + 2;
    if (needed > this.flows.length) {
      const old = this.mesh.geometry;
      const geometry = this.allocate(Math.max(needed, 2 * this.flows.length));
      this.mesh.geometry = geometry;
      this.ghostMesh.geometry = geometry;
      old.dispose();
    }
    this.count = 0;
    this.drawn = 0;
    this.indexCount = 0;
    this.leftOut = -1;
    this.break();
  }

  /** Adds a point; one that is not finite breaks the line. */
  push(x: number, y: number, z: number, frame: number, colour: Rgb, flow: number, width: number): void {
    const finite = Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z);
    if (!finite) {
      this.break();
      return;
    }
    const i = this.add(x, y, z, frame, flow);
    if (this.last < 0 || colour !== this.lineColour || width !== this.lineWidth) {
      this.drawLeftOut();
      this.draw(i, colour, width);
      return;
    }
    if (!this.sleeve.admits(x, y, z)) {
      this.drawLeftOut();
      this.sleeve.admits(x, y, z);
    }
    this.leftOut = i;
  }

  /** Ends the present line. */
  break(): void {
    this.drawLeftOut();
    this.draw(this.add(0, 0, 0, -1, -1), [0, 0, 0], 0);
    this.last = -1;
  }

  /** Hands what was added to the renderer. */
  commit(): void {
    this.break();
    const { geometry } = this.mesh;
    const parts = [
      [(geometry.getAttribute('here') as InterleavedBufferAttribute).data, 2 * placeSize * this.drawn],
      [(geometry.getAttribute('colour') as InterleavedBufferAttribute).data, 2 * traitSize * this.drawn],
      [geometry.getIndex()!, this.indexCount],
    ] as const;
    for (const [buffer, length] of parts) {
      buffer.clearUpdateRanges();
      buffer.addUpdateRange(0, length);
      buffer.needsUpdate = true;
    }
    geometry.setDrawRange(0, this.indexCount);
    this.object.visible = this.indexCount > 0;
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

  private add(x: number, y: number, z: number, frame: number, flow: number): number {
    const i = this.count++;
    this.flows[i] = flow;
    this.points[placeSize * i] = x;
    this.points[placeSize * i + 1] = y;
    this.points[placeSize * i + 2] = z;
    this.points[placeSize * i + 3] = frame;
    return i;
  }

  /** Ends the present segment at the latest point that was left out. */
  private drawLeftOut(): void {
    if (this.leftOut < 0) return;
    this.draw(this.leftOut, this.lineColour, this.lineWidth);
    this.leftOut = -1;
  }

  /** Makes two vertices of point i and joins them with the two before, unless the line begins. */
  private draw(i: number, colour: Rgb, width: number): void {
    const { places, traits, points } = this;
    const vertex = 2 * this.drawn++;
    for (const v of [vertex, vertex + 1]) {
      for (let k = 0; k < placeSize; k++) places[placeSize * v + k] = points[placeSize * i + k]!;
      traits[traitSize * v] = colour[0];
      traits[traitSize * v + 1] = colour[1];
      traits[traitSize * v + 2] = colour[2];
      traits[traitSize * v + 3] = this.flows[i]!;
      traits[traitSize * v + 4] = width;
    }
    if (this.last >= 0 && points[placeSize * i + 3]! >= 0) this.join(vertex - 2);
    this.last = i;
    this.lineColour = colour;
    this.lineWidth = width;
    this.sleeve.begin(points[placeSize * i]!, points[placeSize * i + 1]!, points[placeSize * i + 2]!);
  }

  /** Two triangles between the vertices of two points. Vertex numbers are relative to 'here', which starts one point in. */
  private join(vertex: number): void {
    const v = vertex - 2;
    const k = this.indexCount;
    this.index[k] = v;
    this.index[k + 1] = v + 1;
    this.index[k + 2] = v + 2;
    this.index[k + 3] = v + 2;
    this.index[k + 4] = v + 1;
    this.index[k + 5] = v + 3;
    this.indexCount += 6;
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
      side: DoubleSide,
    });
  }

  private allocate(points: number): BufferGeometry {
    this.points = new Float32Array(points * placeSize);
    this.flows = new Float32Array(points);
    this.places = new Float32Array(2 * points * placeSize);
    this.traits = new Float32Array(2 * points * traitSize);
    this.index = new Uint32Array(6 * points);
    const places = new InterleavedBuffer(this.places, placeSize).setUsage(DynamicDrawUsage);
    const traits = new InterleavedBuffer(this.traits, traitSize).setUsage(DynamicDrawUsage);
    const geometry = new BufferGeometry();
    for (const [name, point] of [
      ['before', 0],
      ['here', 1],
      ['after', 2],
    ] as const)
      geometry.setAttribute(name, new InterleavedBufferAttribute(places, 4, 2 * point * placeSize));
    geometry.setAttribute('colour', new InterleavedBufferAttribute(traits, 3, 2 * traitSize));
    geometry.setAttribute('trait', new InterleavedBufferAttribute(traits, 2, 2 * traitSize + 3));
    geometry.setIndex(new BufferAttribute(this.index, 1).setUsage(DynamicDrawUsage));
    geometry.setDrawRange(0, 0);
    return geometry;
  }
}
