import type { Measure } from './axis-layout.ts';
import type { PlacedLabel } from './label-layout.ts';

/** Text over the canvas: a pool of elements moved by transforms, hidden from assistive technology (the table says it). */
export class Labels {
  readonly element = document.createElement('div');
  private readonly pool: HTMLSpanElement[] = [];
  private readonly sizes = new Map<string, { width: number; height: number }>();

  constructor() {
    this.element.className = 'view-labels';
    this.element.setAttribute('aria-hidden', 'true');
  }

  show(labels: readonly PlacedLabel[]): void {
    labels.forEach((label, i) => {
      const element = this.at(i);
      if (element.textContent !== label.text) element.textContent = label.text;
      element.className = `view-label view-label-${label.kind}`;
      const { left, top } = label.rect;
      element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      element.hidden = false;
    });
    for (let i = labels.length; i < this.pool.length; i++) this.pool[i]!.hidden = true;
  }

  /** Size of a text as it will be drawn. Measured once per text. */
  readonly measure: Measure = (text, kind) => {
    const key = `${kind} ${text}`;
    let size = this.sizes.get(key);
    if (size === undefined) {
      const probe = document.createElement('span');
      probe.className = `view-label view-label-${kind}`;
      probe.textContent = text;
      this.element.append(probe);
      size = { width: Math.ceil(probe.offsetWidth), height: Math.ceil(probe.offsetHeight) };
      probe.remove();
      if (this.sizes.size > 2000) this.sizes.clear();
      if (size.width > 0) this.sizes.set(key, size);
    }
    return size;
  };

  private at(index: number): HTMLSpanElement {
    while (this.pool.length <= index) {
      const element = document.createElement('span');
      this.pool.push(element);
      this.element.append(element);
    }
    return this.pool[index]!;
  }
}
