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
import type { Rgb } from './colour.ts';
import type { ThemeColours } from './themes.ts';

/** What a bead looks like; the numbers are those of the shader. */
export const beadShapes = {
  /** A flow. */
  ball: 0,
  /** The steered flow: larger, with a bright core. */
  steered: 1,
  /** An end of a jump. */
  ring: 2,
  /** The twin: hollow. */
  hollow: 3,
  /** A minimum. */
  cross: 4,
  /** The point of the orbit explorer. */
  diamond: 5,
} as const;

/** A bead at a place in world units. `flow`: -2 where it belongs to none. */
export interface Bead {
  readonly flow: number;
  readonly colour: Rgb;
  readonly shape: keyof typeof beadShapes;
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
varying float vShape;

void main() {
  bool emphasised = abs(trait.x - highlight) < 0.5;
  vColour = colour;
  vShape = floor(trait.y + 0.5);
  bool steered = vShape == 1.0;
  float plain = vShape == 0.0 ? 4.0 : vShape == 2.0 ? 6.5 : vShape == 3.0 ? 5.5 : 7.0;
  vRadius = pixelRatio * (emphasised ? max(plain, 6.0) : plain);
  vHalo = vRadius + pixelRatio * (steered ? 11.0 : 5.0);
  vec4 view = modelViewMatrix * vec4(position, 1.0);
  gl_Position = projectionMatrix * view;
  vec4 lifted = projectionMatrix * vec4(view.xyz * (1.0 - 0.14 / max(length(view.xyz), 1e-3)), 1.0);
  gl_Position.z = lifted.z / lifted.w * gl_Position.w;
  gl_PointSize = 2.0 * vHalo + 2.0;
}
`;

/* A lit ball with a thin rim and a soft halo; the steered bead has a bright core. Rings, hollow balls, crosses and diamonds are flat. */
const fragmentShader = /* glsl */ `
uniform float opacity;
uniform float haloOpacity;
uniform float pixelRatio;
uniform vec3 casing;
uniform vec3 core;
varying vec3 vColour;
varying float vRadius;
varying float vHalo;
varying float vShape;

/* Distance from the middle of a line that is drawn: a circle, two bars, a square on its tip. */
float fromLine(vec2 place, float away) {
  if (vShape == 4.0) return max(min(abs(place.x), abs(place.y)), max(away - vRadius, 0.0));
  if (vShape == 5.0) return abs((abs(place.x) + abs(place.y)) / 1.4142 - 0.7 * vRadius);
  return abs(away - vRadius + pixelRatio);
}

void main() {
  vec2 place = (gl_PointCoord - 0.5) * (2.0 * vHalo + 2.0);
  float away = length(place);
  if (vShape > 1.5) {
    float line = fromLine(place, away);
    float stroke = vShape == 3.0 ? 1.4 * pixelRatio : 1.1 * pixelRatio;
    float drawn = 1.0 - smoothstep(stroke - 0.5, stroke + 0.5, line);
    float cased = 1.0 - smoothstep(stroke + pixelRatio - 0.5, stroke + pixelRatio + 0.5, line);
    float within = vShape == 5.0 ? 1.0 - step(0.7 * vRadius, (abs(place.x) + abs(place.y)) / 1.4142) : 1.0 - step(vRadius, away);
    float filled = vShape == 3.0 ? 0.85 * within : vShape == 5.0 ? within : 0.0;
    float shown = opacity * max(drawn, max(0.75 * cased, filled));
    if (shown < 0.004) discard;
    gl_FragColor = vec4(mix(casing, vColour, vShape == 5.0 ? max(drawn, within) : drawn), shown);
    return;
  }
  float ball = 1.0 - smoothstep(vRadius - 0.5, vRadius + 0.5, away);
  float rim = 1.0 - smoothstep(vRadius + pixelRatio - 0.5, vRadius + pixelRatio + 0.5, away);
  float halo = haloOpacity * pow(clamp(1.0 - (away - vRadius) / (vHalo - vRadius), 0.0, 1.0), 2.0);
  float shade = 1.0 - 0.3 * clamp(dot(place, vec2(0.6, 0.8)) / vRadius, -0.4, 1.0);
  vec3 surface = mix(vColour * shade, vec3(1.0), 0.55 * (1.0 - smoothstep(0.0, 0.7, length(place / vRadius + vec2(0.3, 0.35)))));
  float inner = vShape * (1.0 - smoothstep(vRadius * 0.66 - 0.5, vRadius * 0.66 + 0.5, away));
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
  private readonly ghosts = new Points(this.points.geometry, this.material(0.55, true));

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
      trait.setXY(i, bead.flow, beadShapes[bead.shape]);
    });
    for (const attribute of attributes) attribute.needsUpdate = true;
    geometry.setDrawRange(0, beads.length);
    this.object.visible = beads.length > 0;
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
