/** Camera moves: where to stand to see a box, and the way there. */
import {
  Box3,
  MathUtils,
  Matrix4,
  Sphere,
  Vector3,
  type OrthographicCamera,
  type PerspectiveCamera,
} from "three";

export interface Pose {
  position: Vector3;
  target: Vector3;
  /** Of an orthographic camera. */
  zoom?: number;
}

/** Nearer than this (m) a camera stands in what it looks at. */
const LEAST_RADIUS = 0.6;

/** Where to stand to see all of a box, looking along `direction` (from the eye). `padding`: 1 is tight. */
export function poseFor(
  box: Box3,
  camera: PerspectiveCamera | OrthographicCamera,
  direction: Vector3,
  padding: number,
): Pose {
  const { center, radius } = box.getBoundingSphere(new Sphere());
  const room = box.clone().expandByScalar(Math.max(LEAST_RADIUS - radius, 0));
  const back = direction.clone().normalize().negate();
  const turned = new Matrix4().lookAt(back, new Vector3(), new Vector3(0, 1, 0));
  const [right, up] = [new Vector3(), new Vector3()];
  turned.extractBasis(right, up, new Vector3());
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    new Vector3(
      corner & 1 ? room.max.x : room.min.x,
      corner & 2 ? room.max.y : room.min.y,
      corner & 4 ? room.max.z : room.min.z,
    ).sub(center),
  );
  const perspective = "isPerspectiveCamera" in camera;
  const slope = perspective ? Math.tan(MathUtils.degToRad(camera.fov) / 2) : 1;
  const aspect = perspective ? camera.aspect : (camera.right - camera.left) / (camera.top - camera.bottom);
  // How far half the height of the view must reach for each corner, and how near the eye the corner is.
  const halves = corners.map(
    (corner) => Math.max(Math.abs(corner.dot(up)), Math.abs(corner.dot(right)) / aspect) * padding,
  );
  const depths = corners.map((corner) => corner.dot(back));
  if (!perspective) {
    const distance = camera.position.distanceTo(center) + radius;
    const zoom = (camera.top - camera.bottom) / 2 / Math.max(...halves);
    return { target: center, position: center.clone().addScaledVector(back, distance), zoom };
  }
  const distance = Math.max(...halves.map((half, i) => half / slope + depths[i]!));
  return { target: center, position: center.clone().addScaledVector(back, distance) };
}

/** A pose between two: the eye goes around the target rather than through it. `t` from 0 to 1. */
export function between(from: Pose, to: Pose, t: number): Pose {
  const eased = t * t * (3 - 2 * t);
  const target = from.target.clone().lerp(to.target, eased);
  const a = from.position.clone().sub(from.target);
  const b = to.position.clone().sub(to.target);
  const distance = Math.exp(MathUtils.lerp(Math.log(a.length() || 1), Math.log(b.length() || 1), eased));
  const direction = a.normalize().lerp(b.normalize(), eased);
  if (direction.lengthSq() < 1e-6) direction.copy(b);
  const pose: Pose = { target, position: target.clone().addScaledVector(direction.normalize(), distance) };
  if (from.zoom !== undefined && to.zoom !== undefined) pose.zoom = MathUtils.lerp(from.zoom, to.zoom, eased);
  return pose;
}

export function prefersReducedMotion(): boolean {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/** Moves step by step, once for each frame; a new move ends the one before. */
export class Flight {
  private end: (() => void) | undefined;

  /** `step` is called with 0…1; resolves when it has arrived or was replaced. */
  start(duration: number, step: (t: number) => void): Promise<void> {
    this.stop();
    if (duration <= 0 || prefersReducedMotion()) {
      step(1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const begin = performance.now();
      let frame = 0;
      const go = () => {
        const t = Math.min(1, (performance.now() - begin) / duration);
        step(t);
        if (t < 1) frame = requestAnimationFrame(go);
        else this.stop();
      };
      this.end = () => {
        cancelAnimationFrame(frame);
        this.end = undefined;
        resolve();
      };
      frame = requestAnimationFrame(go);
    });
  }

  stop(): void {
    this.end?.();
  }
}
