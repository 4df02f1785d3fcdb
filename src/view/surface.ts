import {
  BackSide,
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DynamicDrawUsage,
  FrontSide,
  Group,
  Mesh,
  RGBAFormat,
  ShaderMaterial,
  Vector3,
} from 'three';
import type { ChartSurface } from '../landscape/chart.ts';
import { boxCorners, type Point } from './camera.ts';
import { type ColourMap, lossTexels } from './colour.ts';
import { refineSurface } from './refine.ts';
import type { Scales } from './scales.ts';
import { buildSurfaceMesh, type SurfaceMesh } from './surface-mesh.ts';
import { surfaceFragmentShader, surfaceVertexShader } from './surface-shader.ts';
import type { ThemeColours } from './themes.ts';

/** Grid lines per direction that refinement aims at: fine enough that no facet shows. */
const targetLines = 80;

/**
 * The loss surface. Its upper side is nearly opaque; its underside is drawn after the paths as glass, so that a wall
 * between the reader and the paths can be seen through. Buffers are reused while they are large enough.
 */
export class Surface {
  readonly object = new Group();
  private readonly colours = new DataTexture(lossTexels('viridis'), 256, 1, RGBAFormat);
  private readonly uniforms = {
    colours: { value: this.colours },
    ground: { value: new Vector3() },
    contourColour: { value: new Vector3() },
    contourOpacity: { value: 0.4 },
    ceilingContour: { value: 1 },
    box: { value: new Vector3(1, 1, 1) },
    glow: { value: 0.5 },
    pixelRatio: { value: 1 },
  };
  private readonly top = this.side(FrontSide, 10);
  private readonly underside = this.side(BackSide, 30);
  private shown: ChartSurface | null = null;
  private fine: ChartSurface | null = null;
  /** What the camera has to see of the surface and its floor, in world units; null while nothing is shown. */
  extent: readonly Point[] | null = null;
  private fineScale = 0;
  /** Where the scales put the surface that is shown. */
  private placed = '';

  constructor() {
    this.colours.needsUpdate = true;
    this.object.add(this.top, this.underside);
    this.object.visible = false;
  }

  /** Shows a surface on scales; null hides it. */
  update(surface: ChartSurface | null, scales: Scales): void {
    this.object.visible = surface !== null && surface.columns > 1 && surface.rows > 1;
    if (surface === null || !this.object.visible) {
      this.shown = null;
      this.extent = null;
      return;
    }
    const { z, box } = scales;
    const known = this.shown !== null && sameSurface(surface, this.shown);
    const placed = placement(scales);
    // A drag sends the same surface again and again.
    if (known && placed === this.placed) return;
    this.placed = placed;
    if (!known || this.fine === null || this.fineScale !== z.ceiling) {
      this.fine = refineSurface(surface, targetLines, z.ceiling);
      this.fineScale = z.ceiling;
      this.shown = surface;
    }
    this.write(buildSurfaceMesh(this.fine, scales));
    this.extent = surfaceExtent(surface, scales);
    this.uniforms.ceilingContour.value = z.contour(z.ceiling);
    this.uniforms.box.value.set(box.width, box.depth, box.height);
  }

  setAppearance(theme: ThemeColours, map: ColourMap): void {
    (this.colours.image.data as Uint8Array).set(lossTexels(map));
    this.colours.needsUpdate = true;
    this.uniforms.ground.value.set(...theme.ground);
    this.uniforms.contourColour.value.set(...theme.contour);
    this.uniforms.contourOpacity.value = theme.contourOpacity;
    this.uniforms.glow.value = theme.surfaceGlow;
    this.top.material.uniforms.opacity!.value = theme.surfaceOpacity;
    this.underside.material.uniforms.opacity!.value = theme.glassOpacity;
  }

  /** Device pixels per CSS pixel. */
  setPixelRatio(pixelRatio: number): void {
    this.uniforms.pixelRatio.value = pixelRatio;
  }

  dispose(): void {
    this.top.geometry.dispose();
    this.top.material.dispose();
    this.underside.material.dispose();
    this.colours.dispose();
  }

  private side(side: typeof FrontSide | typeof BackSide, renderOrder: number) {
    const glass = side === BackSide;
    const material = new ShaderMaterial({
      vertexShader: surfaceVertexShader,
      fragmentShader: surfaceFragmentShader,
      uniforms: { ...this.uniforms, opacity: { value: 1 }, glass: { value: glass ? 1 : 0 } },
      transparent: true,
      depthWrite: !glass,
      side,
      polygonOffset: true,
      polygonOffsetFactor: 1,
      polygonOffsetUnits: 2,
    });
    const mesh = new Mesh(new BufferGeometry(), material);
    mesh.renderOrder = renderOrder;
    mesh.frustumCulled = false;
    return mesh;
  }

  private write(mesh: SurfaceMesh): void {
    const old = this.top.geometry;
    const fits =
      (old.getAttribute('contour')?.count ?? 0) >= mesh.contour.length &&
      (old.getIndex()?.count ?? 0) >= mesh.index.length;
    const geometry = fits ? old : emptyGeometry(mesh);
    if (!fits) {
      old.dispose();
      this.top.geometry = geometry;
      this.underside.geometry = geometry;
    }
    for (const [name, data] of [
      ['position', mesh.position],
      ['normal', mesh.normal],
      ['contour', mesh.contour],
    ] as const) {
      const attribute = geometry.getAttribute(name) as BufferAttribute;
      attribute.array.set(data);
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, data.length);
      attribute.needsUpdate = true;
    }
    const index = geometry.getIndex()!;
    index.array.set(mesh.index.subarray(0, mesh.indexCount));
    index.clearUpdateRanges();
    index.addUpdateRange(0, mesh.indexCount);
    index.needsUpdate = true;
    geometry.setDrawRange(0, mesh.indexCount);
  }
}

const same = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

function sameSurface(a: ChartSurface, b: ChartSurface): boolean {
  return a === b || (a.columns === b.columns && same(a.x, b.x) && same(a.y, b.y) && same(a.height, b.height));
}

/** What decides where scales put a surface: the ranges of its axes, the box, and whether heights are logarithmic. */
function placement({ x, y, z, box }: Scales): string {
  return [
    ...[x.at(0), x.at(1), y.at(0), y.at(1), z.bottom, z.ceiling, z.contour(z.ceiling), z.contour(z.bottom)],
    ...[box.width, box.depth, box.height],
  ].join(' ');
}

function emptyGeometry(mesh: SurfaceMesh): BufferGeometry {
  const geometry = new BufferGeometry();
  const attribute = (length: number, size: number) =>
    new BufferAttribute(new Float32Array(length), size).setUsage(DynamicDrawUsage);
  geometry.setAttribute('position', attribute(mesh.position.length, 3));
  geometry.setAttribute('normal', attribute(mesh.normal.length, 3));
  geometry.setAttribute('contour', attribute(mesh.contour.length, 1));
  geometry.setIndex(new BufferAttribute(new Uint32Array(mesh.index.length), 1).setUsage(DynamicDrawUsage));
  return geometry;
}

/** The samples below the ceiling and the corners of the floor. */
function surfaceExtent(surface: ChartSurface, { x, y, z, box }: Scales): Point[] {
  const points = boxCorners({ ...box, height: 0 });
  surface.height.forEach((height, i) => {
    const place: Point = [
      x.at(surface.x[i % surface.columns]!),
      y.at(surface.y[i]!),
      Math.min(z.at(height), box.height),
    ];
    if (place.every(Number.isFinite) && (height <= z.ceiling || i % surface.columns === 0))
      points.push(place);
  });
  return points;
}
