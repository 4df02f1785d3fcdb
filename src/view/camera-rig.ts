import { MOUSE, PerspectiveCamera, TOUCH } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { blendPoses, easeInOut, fieldOfView, type Pose, type Size, turnPose } from './camera.ts';

const easeMilliseconds = 300;
const keyTurn = (5 * Math.PI) / 180;
const keyZoom = 0.9;

/** The camera with its mouse, touch and keyboard controls and its easing. */
export class CameraRig {
  readonly camera = new PerspectiveCamera(fieldOfView, 1, 0.05, 60);
  /** Whether the reader has moved the camera since the last `moveTo`. */
  moved = false;
  reducedMotion = false;
  private readonly controls: OrbitControls;
  private readonly invalidate: () => void;
  private easing: { readonly from: Pose; readonly to: Pose; start: number | null } | null = null;

  /** `keys` names what the keys Home and T do. */
  constructor(
    canvas: HTMLCanvasElement,
    invalidate: () => void,
    keys: { readonly fit: () => void; readonly top: () => void },
  ) {
    this.invalidate = invalidate;
    this.camera.up.set(0, 0, 1);
    this.camera.position.set(0, -6, 3);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.dampingFactor = 0.12;
    this.controls.rotateSpeed = 0.8;
    this.controls.zoomSpeed = 0.9;
    this.controls.minDistance = 0.6;
    this.controls.maxDistance = 25;
    this.controls.maxPolarAngle = Math.PI / 2 + 0.26;
    this.controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.DOLLY, RIGHT: MOUSE.PAN };
    this.controls.touches = { ONE: TOUCH.ROTATE, TWO: TOUCH.DOLLY_PAN };
    this.controls.addEventListener('change', invalidate);
    this.controls.addEventListener('start', () => {
      this.easing = null;
      this.moved = true;
      this.invalidate();
    });
    canvas.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = this.actionOf(event.key, keys);
      if (action === undefined) return;
      event.preventDefault();
      action();
    });
  }

  get pose(): Pose {
    const { position } = this.camera;
    const { target } = this.controls;
    return { position: [position.x, position.y, position.z], target: [target.x, target.y, target.z] };
  }

  /** Moves to a pose, in 300 ms or, when told so or under reduced motion, at once. */
  moveTo(to: Pose, how: 'ease' | 'jump'): void {
    this.moved = false;
    if (how === 'jump' || this.reducedMotion) {
      this.easing = null;
      this.apply(to);
    } else {
      this.easing = { from: this.pose, to, start: null };
    }
    this.invalidate();
  }

  setSize({ width, height }: Size): void {
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  /** Advances easing and damping; true while the camera still moves. */
  update(now: number): boolean {
    if (this.easing !== null) {
      this.easing.start ??= now;
      const t = (now - this.easing.start) / easeMilliseconds;
      this.apply(blendPoses(this.easing.from, this.easing.to, easeInOut(t)));
      if (t >= 1) this.easing = null;
      return this.easing !== null;
    }
    this.controls.enableDamping = !this.reducedMotion;
    return this.controls.update();
  }

  dispose(): void {
    this.controls.dispose();
  }

  private apply({ position, target }: Pose): void {
    this.controls.enableDamping = false;
    this.camera.position.set(...position);
    this.controls.target.set(...target);
    this.controls.update();
  }

  private actionOf(
    key: string,
    { fit, top }: { fit: () => void; top: () => void },
  ): (() => void) | undefined {
    const turn = (azimuth: number, elevation: number, factor = 1) => {
      return () => {
        this.easing = null;
        this.moved = true;
        this.apply(turnPose(this.pose, azimuth * keyTurn, elevation * keyTurn, factor));
        this.invalidate();
      };
    };
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: turn(-1, 0),
      ArrowRight: turn(1, 0),
      ArrowUp: turn(0, 1),
      ArrowDown: turn(0, -1),
      '+': turn(0, 0, keyZoom),
      '=': turn(0, 0, keyZoom),
      '-': turn(0, 0, 1 / keyZoom),
      Home: fit,
      t: top,
      T: top,
    };
    return actions[key];
  }
}
