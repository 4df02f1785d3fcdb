/**
 * GLSL of the polylines: two vertices per point, pushed apart across the line by a width in pixels, with mitred joins (so
 * that translucent lines do not darken where segments meet), a casing around the line, the part beyond the cursor dim
 * and a bright tail up to the cursor. A point is (x, y, z, frame); its neighbours have frame -1 where the line ends.
 */
export const polylineVertexShader = /* glsl */ `
attribute vec4 before;
attribute vec4 here;
attribute vec4 after;
attribute vec3 colour;
attribute vec2 trait;
uniform vec2 resolution;
uniform float pixelRatio;
uniform float cursor;
uniform float tail;
uniform float highlight;
uniform float casingWidth;
uniform float lift;
varying vec3 vColour;
varying vec3 vPlace;
varying float vFrame;
varying float vAcross;
varying float vHalfWidth;
varying float vSwell;
varying float vEmphasis;

vec2 pixel(vec3 place) {
  vec4 clip = projectionMatrix * (modelViewMatrix * vec4(place, 1.0));
  return clip.xy / max(clip.w, 1e-6) * resolution * 0.5;
}

/* Unit normal of a step on the screen; zero when there is no step. */
vec2 normalOf(vec2 along) {
  float size = length(along);
  return size > 0.02 ? vec2(-along.y, along.x) / size : vec2(0.0);
}

void main() {
  vec4 view = modelViewMatrix * vec4(here.xyz, 1.0);
  vec4 clip = projectionMatrix * view;
  vec2 place = clip.xy / max(clip.w, 1e-6) * resolution * 0.5;
  vec2 arriving = before.w < 0.0 ? vec2(0.0) : normalOf(place - pixel(before.xyz));
  vec2 leaving = after.w < 0.0 ? vec2(0.0) : normalOf(pixel(after.xyz) - place);
  vec2 normal = arriving + leaving;
  float size = length(normal);
  normal = size > 0.2 ? normal / size : arriving;
  float squeeze = max(dot(normal, arriving), dot(normal, leaving));
  vec2 offset = normal / max(squeeze, 0.5);

  bool emphasised = abs(trait.x - highlight) < 0.5;
  vEmphasis = highlight < -0.5 || emphasised || trait.y > 3.0 ? 1.0 : 0.4;
  vHalfWidth = 0.5 * pixelRatio * (trait.y + (emphasised ? 1.5 : 0.0));
  vSwell = 0.5 * pixelRatio * 0.35 * trait.y;
  float side = (gl_VertexID & 1) == 0 ? -1.0 : 1.0;
  vAcross = side * (vHalfWidth + vSwell + casingWidth * pixelRatio + 1.0);
  vColour = colour;
  vPlace = here.xyz;
  vFrame = here.w;

  /* As deep as a place nearer to the reader; of a perspective projection only this much concerns the depth. */
  float lifted = view.z * (1.0 - lift / max(length(view.xyz), 1e-3));
  clip.z = (projectionMatrix[2].z * lifted + projectionMatrix[3].z) / -lifted * clip.w;
  clip.xy += offset * vAcross / (resolution * 0.5) * clip.w;
  gl_Position = clip;
}
`;

export const polylineFragmentShader = /* glsl */ `
uniform float cursor;
uniform float tail;
uniform float dim;
uniform float opacity;
uniform vec3 bright;
uniform vec3 casing;
uniform float casingOpacity;
uniform float casingWidth;
uniform float pixelRatio;
uniform vec3 box;
varying vec3 vColour;
varying vec3 vPlace;
varying float vFrame;
varying float vAcross;
varying float vHalfWidth;
varying float vSwell;
varying float vEmphasis;

void main() {
  vec2 outside = abs(vPlace.xy) - 0.5 * box.xy;
  if (max(max(outside.x, outside.y), vPlace.z - box.z) > 2e-3) discard;
  float past = vFrame <= cursor ? 1.0 : 0.0;
  float glow = past * smoothstep(cursor - tail, cursor, vFrame);
  float halfWidth = vHalfWidth + vSwell * glow;
  float away = abs(vAcross);
  float core = 1.0 - smoothstep(halfWidth - 0.5, halfWidth + 0.5, away);
  float edge = halfWidth + casingWidth * pixelRatio;
  float cased = (1.0 - smoothstep(edge - 1.0, edge + 0.5, away)) * casingOpacity;
  vec3 colour = mix(vColour, bright, 0.6 * glow * glow);
  float strength = opacity * mix(dim, 1.0, past) * vEmphasis;
  float alpha = max(core, cased) * strength;
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(mix(casing, colour, core / max(core + cased * (1.0 - core), 1e-4)), alpha);
}
`;
