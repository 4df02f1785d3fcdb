/**
 * GLSL of the polylines: one quad per segment, widths in pixels, mitred joins (so that translucent lines do not darken
 * where segments meet), a casing around the line, the part beyond the cursor dim, a bright tail up to the cursor.
 * A vertex is (x, y, z, frame); frame -1 breaks the line.
 */
export const polylineVertexShader = /* glsl */ `
attribute vec2 corner;
attribute vec4 before;
attribute vec4 start;
attribute vec4 end;
attribute vec4 after;
attribute vec3 startColour;
attribute vec3 endColour;
attribute vec2 startTrait;
attribute vec2 endTrait;
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
varying float vEmphasis;

vec2 pixel(vec3 place) {
  vec4 clip = projectionMatrix * modelViewMatrix * vec4(place, 1.0);
  return clip.xy / max(clip.w, 1e-6) * resolution * 0.5;
}

vec2 normalOf(vec2 direction) {
  return vec2(-direction.y, direction.x);
}

void main() {
  bool atEnd = corner.x > 0.5;
  vec4 here = atEnd ? end : start;
  vec2 trait = atEnd ? endTrait : startTrait;
  vColour = atEnd ? endColour : startColour;
  vPlace = here.xyz;
  vFrame = here.w;
  if (start.w < 0.0 || end.w < 0.0) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }

  vec2 from = pixel(start.xyz);
  vec2 to = pixel(end.xyz);
  vec2 along = to - from;
  float span = length(along);
  vec2 direction = span > 1e-3 ? along / span : vec2(1.0, 0.0);
  vec2 normal = normalOf(direction);
  vec4 neighbour = atEnd ? after : before;
  vec2 offset = normal;
  if (neighbour.w >= 0.0) {
    vec2 next = atEnd ? pixel(neighbour.xyz) - to : from - pixel(neighbour.xyz);
    float reach = length(next);
    if (reach > 0.05 && span > 0.05) {
      vec2 bisector = normal + normalOf(next / reach);
      float size = length(bisector);
      if (size > 0.2) {
        bisector /= size;
        offset = bisector / max(dot(bisector, normal), 0.5);
      }
    }
  }

  bool emphasised = abs(trait.x - highlight) < 0.5;
  vEmphasis = highlight < -0.5 || emphasised || trait.y > 3.0 ? 1.0 : 0.4;
  float glow = vFrame <= cursor ? smoothstep(cursor - tail, cursor, vFrame) : 0.0;
  vHalfWidth = 0.5 * pixelRatio * (trait.y + (emphasised ? 1.5 : 0.0) + 0.35 * trait.y * glow);
  vAcross = corner.y * (vHalfWidth + casingWidth * pixelRatio + 1.0);

  vec4 view = modelViewMatrix * vec4(here.xyz, 1.0);
  vec4 clip = projectionMatrix * view;
  vec4 lifted = projectionMatrix * vec4(view.xyz * (1.0 - lift / max(length(view.xyz), 1e-3)), 1.0);
  clip.z = lifted.z / lifted.w * clip.w;
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
varying float vEmphasis;

void main() {
  vec2 outside = abs(vPlace.xy) - 0.5 * box.xy;
  if (max(max(outside.x, outside.y), vPlace.z - box.z) > 2e-3) discard;
  float away = abs(vAcross);
  float core = 1.0 - smoothstep(vHalfWidth - 0.5, vHalfWidth + 0.5, away);
  float edge = vHalfWidth + casingWidth * pixelRatio;
  float cased = (1.0 - smoothstep(edge - 1.0, edge + 0.5, away)) * casingOpacity;
  float past = vFrame <= cursor ? 1.0 : 0.0;
  float glow = past * smoothstep(cursor - tail, cursor, vFrame);
  vec3 colour = mix(vColour, bright, 0.6 * glow * glow);
  float strength = opacity * mix(dim, 1.0, past) * vEmphasis;
  float alpha = max(core, cased) * strength;
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(mix(casing, colour, core / max(core + cased * (1.0 - core), 1e-4)), alpha);
}
`;
