import { grounds, parseColour, type Rgb, type Theme } from './colour.ts';

/** What the canvas needs to know about a theme. Text colours are in view.css. */
export interface ThemeColours {
  readonly ground: Rgb;
  readonly contour: Rgb;
  readonly contourOpacity: number;
  readonly surfaceOpacity: number;
  readonly glassOpacity: number;
  /** Brightening of the surface where it turns away from the reader. */
  readonly surfaceGlow: number;
  /** Thin rim around lines that parts them from the surface. */
  readonly casing: Rgb;
  readonly casingOpacity: number;
  /** What the tail before a bead brightens towards. */
  readonly bright: Rgb;
  readonly beadCore: Rgb;
  /** Lines and marks that stand for no value of Q. */
  readonly ink: Rgb;
  readonly gridLine: Rgb;
  readonly gridOpacity: number;
}

export const themes: Readonly<Record<Theme, ThemeColours>> = {
  dark: {
    ground: parseColour(grounds.dark),
    contour: parseColour('#ffffff'),
    contourOpacity: 0.26,
    surfaceOpacity: 0.95,
    glassOpacity: 0.3,
    surfaceGlow: 0.35,
    casing: parseColour('#05070a'),
    casingOpacity: 0.42,
    bright: parseColour('#ffffff'),
    beadCore: parseColour('#ffffff'),
    ink: parseColour('#f2f5f9'),
    gridLine: parseColour('#8fa3bd'),
    gridOpacity: 0.2,
  },
  light: {
    ground: parseColour(grounds.light),
    contour: parseColour('#ffffff'),
    contourOpacity: 0.4,
    surfaceOpacity: 0.95,
    glassOpacity: 0.34,
    surfaceGlow: 0.1,
    casing: parseColour('#ffffff'),
    casingOpacity: 0.4,
    bright: parseColour('#ffffff'),
    beadCore: parseColour('#ffffff'),
    ink: parseColour('#1c2128'),
    gridLine: parseColour('#3a4656'),
    gridOpacity: 0.2,
  },
};
