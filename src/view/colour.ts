import { rgb } from 'd3-color';
import { interpolateCividis, interpolateMagma, interpolateViridis } from 'd3-scale-chromatic';

export type Theme = 'dark' | 'light';
export type ColourMap = 'viridis' | 'cividis';

/** sRGB channels in [0, 1]. */
export type Rgb = readonly [number, number, number];

/** The ground on which the view is drawn; the page uses the same. */
export const grounds: Readonly<Record<Theme, string>> = { dark: '#0e1116', light: '#fbfbfa' };

/** Diverging map of Q: blue below 0, grey at 0, orange above. Every stop is at least 3 to 1 against its ground. */
const conservedStops: Readonly<Record<Theme, readonly Rgb[]>> = {
  dark: ['#4c8dff', '#86b0fb', '#c3c8d0', '#fbb27a', '#ff8a2b'].map(parseColour),
  light: ['#1565d8', '#5585c9', '#7f868f', '#b97a48', '#d65f00'].map(parseColour),
};

const lossMaps: Readonly<Record<ColourMap, (t: number) => string>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
};

/** The part of magma used for sharpness: pink to cream, away from the blue and orange of Q. */
const sharpnessSpan = [0.5, 0.99] as const;

/** Channels of a CSS colour. */
export function parseColour(css: string): Rgb {
  const { r, g, b } = rgb(css);
  return [r / 255, g / 255, b / 255];
}

/** '#rrggbb' of channels in [0, 1]. */
export function formatColour([r, g, b]: Rgb): string {
  return rgb(r * 255, g * 255, b * 255).formatHex();
}

/** Linear blend of two colours in sRGB. */
export function mixColours(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/**
 * Channels of the colour of Q. The map is centred at 0 and symmetric: its ends are at plus and minus the larger of
 * |minimum| and |maximum|. A Q that is null or not finite gets the grey of 0.
 */
export function conservedRgb(q: number | null, range: readonly [number, number], theme: Theme): Rgb {
  const stops = conservedStops[theme];
  const reach = Math.max(Math.abs(range[0]), Math.abs(range[1]));
  const ratio = q === null || !Number.isFinite(q) || !(reach > 0) ? 0 : q / reach;
  const place = ((Math.min(1, Math.max(-1, ratio)) + 1) / 2) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  return mixColours(stops[index]!, stops[index + 1]!, place - index);
}

/** CSS colour of Q: the same in paths, slider ticks, bars and chart lines. See `conservedRgb`. */
export function conservedColour(q: number | null, range: readonly [number, number], theme: Theme): string {
  return formatColour(conservedRgb(q, range, theme));
}

/** CSS gradient, left to right over [minimum, maximum], of the colours of Q: the track of the slider, the colour bar. */
export function conservedGradient(range: readonly [number, number], theme: Theme): string {
  return gradient((t) => conservedColour(range[0] + (range[1] - range[0]) * t, range, theme), 17);
}

/** CSS colour of the height `t` in [0, 1] of a surface. */
export function lossColour(t: number, map: ColourMap = 'viridis'): string {
  return lossMaps[map](Math.min(1, Math.max(0, t)));
}

/** CSS gradient, left to right, of the colours of the loss. */
export function lossGradient(map: ColourMap): string {
  return gradient((t) => lossColour(t, map), 17);
}

/** CSS colour of the sharpness at the fraction `t` in [0, 1] of its range. */
export function sharpnessColour(t: number): string {
  const [from, to] = sharpnessSpan;
  return interpolateMagma(from + (to - from) * Math.min(1, Math.max(0, t)));
}

/** CSS gradient, left to right, of the colours of the sharpness. */
export function sharpnessGradient(): string {
  return gradient(sharpnessColour, 9);
}

/** 256 RGBA texels of a loss map, row 0 only, for a texture. */
export function lossTexels(map: ColourMap): Uint8Array {
  const texels = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    const { r, g, b } = rgb(lossColour(i / 255, map));
    texels.set([Math.round(r), Math.round(g), Math.round(b), 255], 4 * i);
  }
  return texels;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2, relative luminance). */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const [bright, dark] = [luminance(a), luminance(b)].sort((first, second) => second - first);
  return (bright! + 0.05) / (dark! + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function gradient(colour: (t: number) => string, stops: number): string {
  const list = Array.from({ length: stops }, (_, i) => {
    const t = i / (stops - 1);
    return `${colour(t)} ${(100 * t).toFixed(1)}%`;
  });
  return `linear-gradient(to right, ${list.join(', ')})`;
}
