import { Scene, WebGLRenderer } from 'three';
import type { Size } from './camera.ts';
import './view.css';

/** The canvas, its renderer and the layers of text over it. */
export class Stage {
  readonly root = document.createElement('div');
  readonly canvas = document.createElement('canvas');
  readonly renderer: WebGLRenderer;
  readonly scene = new Scene();
  private readonly lost = document.createElement('div');

  /** Throws an Error with a sentence for the page when the browser has no WebGL 2. */
  constructor(container: HTMLElement, antialias: boolean) {
    const context = this.canvas.getContext('webgl2', {
      alpha: true,
      antialias,
      premultipliedAlpha: true,
      powerPreference: 'high-performance',
    });
    if (context === null)
      throw new Error(
        'The 3-D view needs WebGL 2, which this browser or its settings do not offer; the table of flows shows the same numbers.',
      );
    this.renderer = new WebGLRenderer({ canvas: this.canvas, context, alpha: true, antialias });
    // Asking whether a shader compiled waits until it has; the picture says it as well.
    this.renderer.debug.checkShaderErrors = import.meta.env.DEV;
    this.renderer.setClearColor(0x000000, 0);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.root.className = 'view-root';
    this.lost.className = 'view-lost';
    this.lost.hidden = true;
    this.lost.textContent = 'The graphics device was lost; the picture returns when the browser restores it.';
    this.root.append(this.canvas);
    if (getComputedStyle(container).position === 'static') container.style.position = 'relative';
    container.append(this.root);
  }

  /** Sets the accessible name of the canvas. */
  describe(name: string): void {
    if (this.canvas.getAttribute('aria-label') !== name) this.canvas.setAttribute('aria-label', name);
  }

  /** Adds a layer above the canvas. */
  addLayer(element: HTMLElement): void {
    this.root.append(element);
  }

  /**
   * Calls back when the context goes and when it returns. What is disposed of when it goes is uploaded again by three at
   * the next frame; what is not would later be deleted in a context to which it does not belong.
   */
  onContext(gone: () => void, back: () => void): void {
    this.root.append(this.lost);
    this.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.lost.hidden = false;
      gone();
    });
    this.canvas.addEventListener('webglcontextrestored', () => {
      this.lost.hidden = true;
      back();
    });
  }

  /** Sets the drawing buffer: `pixelRatio` device pixels per CSS pixel. */
  setSize({ width, height }: Size, pixelRatio: number): void {
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(width, height, false);
  }

  dispose(): void {
    this.renderer.dispose();
    this.root.remove();
  }
}
