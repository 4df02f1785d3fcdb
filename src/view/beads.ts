import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  GreaterDepth,
  Group,
  LessEqualDepth,
  Points,
  ShaderMaterial,
  Vector3,
} from 'three';
import type { PathSpan } from './path-place.ts';
import type { ThemeColours } from './themes.ts';

/** A bead on a path at a place in world units. */
export interface Bead extends Pick<PathSpan, 'flow' | 'colour' | 'steered'> {
  readonly place: readonly [number, number, number];
}

const vertexShader = /* glsl */ `
attribute vec3 colour;
attribute vec2 trait;
uniform float pixelRatio;
uniform float highlight;
varying vec3 vColour;
varying float vRadius;
varying float vHalo;
varying float vSteered;

void main() {
  bool emphasised = abs(trait.x - highlight) < 0.5;
  vColour = colour;
  vSteered = trait.y;
  vRadius = pixelRatio * (trait.y > 0.5 ? 7.0 : emphasised ? 6.0 : 4.0);
  vHalo = vRadius + pixelRatio * (trait.y > 0.5 ? 11.0 : 5.0);
  vec4 view = modelViewMatrix * vec4(position, 1.0);
  gl_Position = projectionMatrix * view;
  vec4 lifted = projectionMatrix * vec4(view.xyz * (1.0 - 0.14 / max(length(view.xyz), 1e-3)), 1.0);
  gl_Position.z = lifted.z / lifted.w * gl_Position.w;
  gl_PointSize = 2.0 * vHalo + 2.0;
}
`;

/* A lit ball with a thin rim and a soft halo; the steered bead has a bright core. */
const fragmentShader = /* glsl */ `
uniform float opacity;
uniform float haloOpacity;
uniform float pixelRatio;
uniform vec3 casing;
uniform vec3 core;
varying vec3 vColour;
varying float vRadius;
varying float vHalo;
varying float vSteered;

void main() {
  vec2 place = (gl_PointCoord - 0.5) * (2.0 * vHalo + 2.0);
  float away = length(place);
  float ball = 1.0 - smoothstep(vRadius - 0.5, vRadius + 0.5, away);
  float rim = 1.0 - smoothstep(vRadius + pixelRatio - 0.5, vRadius + pixelRatio + 0.5, away);
  float halo = haloOpacity * pow(clamp(1.0 - (away - vRadius) / (vHalo - vRadius), 0.0, 1.0), 2.0);
  float shade = 1.0 - 0.3 * clamp(dot(place, vec2(0.6, 0.8)) / vRadius, -0.4, 1.0);
  vec3 surface = mix(vColour * shade, vec3(1.0), 0.55 * (1.0 - smoothstep(0.0, 0.7, length(place / vRadius + vec2(0.3, 0.35)))));
  float inner = vSteered * (1.0 - smoothstep(vRadius * 0.66 - 0.5, vRadius * 0.66 + 0.5, away));
  surface = mix(surface, core, inner);
  vec3 colour = mix(mix(vColour, casing, rim * 0.8), surface, ball);
  float alpha = opacity * max(ball, max(rim * 0.7, halo));
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(colour, alpha);
}
`;

/** The beads: one point each, in one draw call (two with the ghosts of hidden ones). Written in place. */
export class Beads {
  readonly object = new Group();
  private readonly uniforms = {
    pixelRatio: { value: 1 },
    highlight: { value: -1 },
    haloOpacity: { value: 0.5 },
    casing: { value: new Vector3() },
    core: { value: new Vector3(1, 1, 1) },
  };
  private readonly points = new Points(allocate(64), this.material(1, false));
  private readonly ghosts = new Points(this.points.geometry, this.material(0.4, true));

  constructor() {
    this.points.renderOrder = 41;
    this.ghosts.renderOrder = 40;
    for (const points of [this.points, this.ghosts]) {
      points.frustumCulled = false;
      this.object.add(points);
    }
  }

  /** Makes room for `count` beads. */
  reserve(count: number): void {
    if (count <= this.points.geometry.getAttribute('position').count) return;
    const old = this.points.geometry;
    const geometry = allocate(2 * count);
    this.points.geometry = geometry;
    this.ghosts.geometry = geometry;
    old.dispose();
  }

  write(beads: readonly Bead[]): void {
    this.reserve(beads.length);
    const { geometry } = this.points;
    const names = ['position', 'colour', 'trait'] as const;
    const attributes = names.map((name) => geometry.getAttribute(name) as BufferAttribute);
    const [position, colour, trait] = attributes as [BufferAttribute, BufferAttribute, BufferAttribute];
    beads.forEach((bead, i) => {
      position.setXYZ(i, ...bead.place);
      colour.setXYZ(i, ...bead.colour);
      trait.setXY(i, bead.flow, bead.steered ? 1 : 0);
    });
    for (const attribute of attributes) attribute.needsUpdate = true;
    geometry.setDrawRange(0, beads.length);
  }

  setHighlight(flow: number | null): void {
    this.uniforms.highlight.value = flow ?? -1;
  }

  setPixelRatio(pixelRatio: number): void {
    this.uniforms.pixelRatio.value = pixelRatio;
  }

  setTheme(theme: ThemeColours): void {
    this.uniforms.casing.value.set(...theme.casing);
    this.uniforms.core.value.set(...theme.beadCore);
  }

  dispose(): void {
    this.points.geometry.dispose();
    this.points.material.dispose();
    this.ghosts.material.dispose();
  }

  private material(opacity: number, ghost: boolean): ShaderMaterial {
    return new ShaderMaterial({
      vertexShader,
      fragmentShader,
      uniforms: { ...this.uniforms, opacity: { value: opacity } },
      transparent: true,
      depthWrite: false,
      depthFunc: ghost ? GreaterDepth : LessEqualDepth,
    });
  }
}

function allocate(count: number): BufferGeometry {
  const geometry = new BufferGeometry();
  const attribute = (size: number) =>
    new BufferAttribute(new Float32Array(count * size), size).setUsage(DynamicDrawUsage);
  geometry.setAttribute('position', attribute(3));
  geometry.setAttribute('colour', attribute(3));
  geometry.setAttribute('trait', attribute(2));
  geometry.setDrawRange(0, 0);
  return geometry;
}
