import type { Chart, ChartKind } from '../landscape/chart.ts';
import { layoutAxes } from './axis-layout.ts';
import { BoxLines } from './box-lines.ts';
import {
  boxCorners,
  type Direction,
  defaultDirection,
  fitPose,
  type Insets,
  type Point,
  topDirection,
} from './camera.ts';
import { CameraRig } from './camera-rig.ts';
import { describeChart } from './description.ts';
import { Floor } from './floor.ts';
import type { Graphics } from './graphics.ts';
import { Labels } from './labels.ts';
import { Legend } from './legend.ts';
import { Levels } from './levels.ts';
import { OrbitLine } from './orbit-line.ts';
import { conservedRange, Paths } from './paths.ts';
import { nearestFrame } from './picking.ts';
import { project } from './projection.ts';
import { createRenderLoop } from './render-loop.ts';
import { resolutionFor, restAfter } from './resolution.ts';
import { createScales, emptyBox, type Scales } from './scales.ts';
import { Stage } from './stage.ts';
import { Surface } from './surface.ts';
import { themes } from './themes.ts';
import type { FlowStyle, Hover, View, ViewOptions } from './view.ts';
import { viewProjection } from './view-projection.ts';

const hoverRadius = 12;
/** A change of the surface's extent beyond this, in world units, moves a camera that the reader has left alone. */
const noticeable = 0.06;

/** Whether two extents differ by what a reader would notice. */
function reshaped(before: readonly Point[] | null, after: readonly Point[] | null): boolean {
  if (!before || !after || before.length !== after.length) return before !== after;
  return after.some((point, i) =>
    point.some((value, axis) => Math.abs(value - before[i]![axis]!) > noticeable),
  );
}

/** Q and number of points of the steered path, 'Q points'; empty where there is none. */
function steeredPath(chart: Chart | null, flows: readonly FlowStyle[]): string {
  const path = chart?.paths.find(({ flow }) => flows[flow]?.steered);
  return path ? `${flows[path.flow]!.q} ${path.x.length}` : '';
}

/** Room for tick labels and names around the box, and for the legend below. */
const labelInsets: Insets = { left: 46, right: 40, top: 34, bottom: 54 };
/** From the top the name of the y axis stands beside the box, not below it. */
const topInsets: Insets = { ...labelInsets, left: 80, right: 50 };

/**
 * Builds the 3-D view in a container and keeps it at the container's size. `container.dataset.frames` counts the frames
 * drawn, `container.dataset.steered` says which steered path they show: its Q and its number of points. Throws an Error with a sentence for the page when the browser cannot draw in 3-D.
 */
export function createView(
  container: HTMLElement,
  callbacks: { onHover(hover: Hover | null): void },
  initial: ViewOptions,
  graphics: Graphics,
): View {
  const resolution = () => resolutionFor(graphics, window.devicePixelRatio);
  const stage = new Stage(container, resolution().antialias);
  const { canvas, scene, renderer, root } = stage;
  const labels = new Labels();
  const legend = new Legend();
  stage.addLayer(labels.element);
  stage.addLayer(legend.element);

  const boxLines = new BoxLines();
  const surface = new Surface();
  const floor = new Floor();
  const levels = new Levels();
  const paths = new Paths();
  const orbit = new OrbitLine();
  const parts = [boxLines, surface, floor, levels, paths, orbit];
  scene.add(...parts.map(({ object }) => object));

  let options = initial;
  let chart: Chart | null = null;
  let flows: readonly FlowStyle[] = [];
  let scales: Scales | null = null;
  let kind: ChartKind = 'q-valley';
  let size = { width: 1, height: 1 };
  let pixelRatio = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let direction: Direction = defaultDirection(kind);
  let frames = 0;
  let steered = '';
  let hovered = false;

  const rig = new CameraRig(canvas, () => loop.invalidate(), { fit: seeAll, top: seeFromTop });
  const loop = createRenderLoop(draw);

  function draw(now: number): boolean {
    const moving = rig.update(now);
    const { moving: coarse, still: fine } = resolution();
    render(coarse);
    clearTimeout(resting);
    if (coarse !== fine) resting = setTimeout(() => render(fine), restAfter);
    return moving;
  }

  function render(ratio: number): void {
    setPixelRatio(ratio);
    rig.camera.updateMatrixWorld();
    drawAxes();
    renderer.render(scene, rig.camera);
    frames++;
    container.dataset.frames = String(frames);
    if (container.dataset.steered !== steered) container.dataset.steered = steered;
  }

  function setPixelRatio(ratio: number): void {
    if (ratio === pixelRatio) return;
    pixelRatio = ratio;
    stage.setSize(size, ratio);
    for (const lines of [floor.lines, levels.lines, paths, orbit])
      lines.setResolution(size.width * ratio, size.height * ratio, ratio);
    floor.setPixelRatio(ratio);
    surface.setPixelRatio(ratio);
    boxLines.setPixelRatio(ratio);
  }

  function drawAxes(): void {
    if (scales === null) {
      labels.show([]);
      boxLines.update(null, null);
      return;
    }
    const matrix = viewProjection(rig.camera);
    const { labels: placed, edges } = layoutAxes({
      scales,
      levels: [...paths.labels, ...floor.labels, ...levels.labels],
      project: (x, y, z) => project(matrix, size, x, y, z),
      frame: size,
      measure: labels.measure,
      reserved: [legend.rect()],
    });
    labels.show(placed);
    boxLines.update(scales, edges);
  }

  function look(how: 'ease' | 'jump'): void {
    const legendHeight = legend.rect().height;
    const room = direction === topDirection ? topInsets : labelInsets;
    const insets = { ...room, bottom: room.bottom + (legendHeight > 0 ? legendHeight + 12 : 0) };
    const points = boxCorners(scales?.box ?? emptyBox);
    rig.moveTo(fitPose(surface.extent ?? points, direction, size, insets), how);
  }

  function seeAll(): void {
    direction = defaultDirection(kind);
    look('ease');
  }

  function seeFromTop(): void {
    direction = topDirection;
    look('ease');
  }

  function rebuild(): void {
    scales = chart === null ? null : createScales(chart, options.heightScale);
    if (chart === null || scales === null) {
      surface.object.visible = false;
      floor.object.visible = false;
      levels.object.visible = false;
      orbit.update(null, null);
      paths.clear();
    } else {
      floor.object.visible = true;
      levels.object.visible = true;
      surface.update(chart.surface, scales);
      floor.update(chart.floor, scales);
      levels.update(chart.levels, conservedRange(flows, chart.paths), scales, options.theme);
      orbit.update(chart.orbit, scales);
      paths.update(chart, flows, scales, options.theme);
    }
    legend.update(chart, flows, scales, options);
    steered = steeredPath(chart, flows);
    stage.describe(describeChart(chart));
    loop.invalidate();
  }

  function dress(): void {
    const theme = themes[options.theme];
    root.dataset.theme = options.theme;
    rig.reducedMotion = options.reducedMotion;
    surface.setAppearance(theme, options.colourMap);
    floor.setTheme(theme);
    levels.setTheme(theme);
    orbit.setTheme(theme);
    paths.setTheme(options.theme);
    boxLines.setTheme(theme);
  }

  function resize(): void {
    const { clientWidth, clientHeight } = root;
    if (clientWidth === 0 || clientHeight === 0) return;
    size = { width: clientWidth, height: clientHeight };
    legend.resized();
    pixelRatio = 0;
    rig.setSize(size);
    if (!rig.moved) look('jump');
    draw(performance.now());
  }

  function hover(event: PointerEvent): void {
    const dragging = event.buttons !== 0 && event.pointerType === 'mouse';
    const { left, top: above } = canvas.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - above };
    const matrix = viewProjection(rig.camera);
    const found = dragging ? null : nearestFrame(paths.lines, matrix, size, at, hoverRadius);
    if (found === null) leave();
    else {
      hovered = true;
      callbacks.onHover({ ...found, ...at });
    }
  }

  function leave(): void {
    if (hovered) callbacks.onHover(null);
    hovered = false;
  }

  canvas.addEventListener('pointermove', hover);
  canvas.addEventListener('pointerdown', hover);
  canvas.addEventListener('pointerleave', leave);
  stage.onContext(() => {
    loop.pause();
    clearTimeout(resting);
    for (const part of parts) part.dispose();
  }, loop.resume);
  const observer = new ResizeObserver(resize);
  observer.observe(root);
  dress();
  rebuild();
  resize();

  return {
    setChart(nextChart, nextFlows) {
      const isNew = nextChart !== null && (nextChart.kind !== kind || chart === null);
      const before = surface.extent;
      chart = nextChart;
      flows = nextFlows;
      if (nextChart !== null) kind = nextChart.kind;
      rebuild();
      if (isNew) direction = defaultDirection(kind);
      if (isNew) look('jump');
      else if (!rig.moved && reshaped(before, surface.extent)) look('ease');
    },
    setCursor(frame) {
      paths.setCursor(frame);
      loop.invalidate();
    },
    setOptions(next) {
      const before = options;
      options = { ...options, ...next };
      if ((Object.keys(next) as (keyof ViewOptions)[]).every((key) => options[key] === before[key])) return;
      dress();
      rebuild();
    },
    setOrbitPoint(s) {
      orbit.setPoint(s);
      loop.invalidate();
    },
    setHighlight(flow) {
      paths.setHighlight(flow);
      loop.invalidate();
    },
    fit: seeAll,
    top: seeFromTop,
    dispose() {
      observer.disconnect();
      loop.dispose();
      clearTimeout(resting);
      rig.dispose();
      for (const part of parts) part.dispose();
      stage.dispose();
    },
  };
}
