/** GLSL of the surface. `contour` is the coordinate of the contour lines; the surface ends where it passes the ceiling. */
export const surfaceVertexShader = /* glsl */ `
attribute float contour;
varying vec3 vNormal;
varying vec3 vView;
varying vec3 vPlace;
varying float vContour;

void main() {
  vec4 view = modelViewMatrix * vec4(position, 1.0);
  vNormal = normalMatrix * normal;
  vView = view.xyz;
  vPlace = position;
  vContour = contour;
  gl_Position = projectionMatrix * view;
}
`;

export const surfaceFragmentShader = /* glsl */ `
uniform sampler2D colours;
uniform vec3 ground;
uniform vec3 contourColour;
uniform float contourOpacity;
uniform float ceilingContour;
uniform vec3 box;
uniform float opacity;
uniform float glow;
uniform float glass;
uniform float pixelRatio;
varying vec3 vNormal;
varying vec3 vView;
varying vec3 vPlace;
varying float vContour;

/* Coverage of a line one CSS pixel wide at each integer of the coordinate; it vanishes where lines would merge. */
float contourLine(float coordinate, float width) {
  float spread = max(fwidth(coordinate), 1e-6);
  float away = abs(fract(coordinate - 0.5) - 0.5) / spread;
  return (1.0 - smoothstep(width - 0.5, width + 0.5, away)) * (1.0 - smoothstep(0.25, 0.5, spread * pixelRatio));
}

float power2(float x) { return x * x; }
float power4(float x) { return power2(power2(x)); }

void main() {
  /* The sheet ends where it meets the ceiling: opaque to within three pixels of it, whatever the zoom. */
  float rim = smoothstep(0.0, 3.0, (ceilingContour - vContour) / max(fwidth(vContour), 1e-6));
  float line = contourLine(vContour, 0.55 * pixelRatio);
  vec2 outside = abs(vPlace.xy) - 0.5 * box.xy;
  if (rim <= 0.0 || max(outside.x, outside.y) > 1e-3) discard;

  float height = clamp(vPlace.z / box.z, 0.0, 1.0);
  vec3 base = texture2D(colours, vec2(height * (255.0 / 256.0) + 0.5 / 256.0, 0.5)).rgb;

  vec3 eye = normalize(-vView);
  vec3 up = normalize(vNormal);
  if (dot(up, eye) < 0.0) up = -up;
  const vec3 light = normalize(vec3(-0.45, 0.75, 0.5));
  float wrapped = 0.5 + 0.5 * dot(up, light);
  float mirrored = power4(power2(max(dot(up, normalize(light + eye)), 0.0)));
  float shine = mirrored * power4(mirrored);
  float turned = 1.0 - max(dot(up, eye), 0.0);
  float edge = turned * turned * turned;
  vec3 lit = base * (0.66 + 0.46 * wrapped * wrapped) + glow * base * edge + 0.10 * shine;

  /* The line through the lowest points is the floor, drawn on its own. */
  line *= smoothstep(0.4, 0.9, abs(vContour)) * contourOpacity;
  lit = mix(lit, contourColour, line);

  float alpha = opacity * rim;
  if (glass > 0.5) {
    lit = mix(lit, ground, 0.12);
    alpha = clamp(alpha + 0.35 * edge * opacity + 0.25 * line, 0.0, 1.0) * rim;
  }
  gl_FragColor = vec4(lit, alpha);
}
`;
