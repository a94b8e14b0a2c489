import {
  Box3,
  Color,
  Raycaster,
  Vector2,
  Vector3,
  type Camera,
  type Material,
  type Mesh,
  type Object3D,
  type OrthographicCamera,
  type PerspectiveCamera,
} from "three";
import {
  paletteOf,
  type ElementsLike,
  type Hit,
  type Level,
  type Palette,
  type Style,
  type Target,
} from "../core/index.js";
import { between, Flight, poseFor, type Pose } from "./fly.js";

/** A three.js scene of your own, as one makes it of the meshes of web-ifc: an object for each element. */
export interface OwnScene {
  /** Holds the elements: objects with `userData.globalId`, or with `userData.expressID` and `options.elements`. */
  object: Object3D;
  camera: PerspectiveCamera | OrthographicCamera;
  /** What is picked on; without it `pick` finds nothing. */
  canvas?: HTMLElement;
  /** OrbitControls or the like: they must learn where the camera looks. */
  controls?: { target: Vector3; update(): unknown };
  /** Called when a frame must be drawn; not needed where frames are drawn all the time. */
  draw?: () => void;
  /** Another way from an object to its element. */
  globalIdOf?: (object: Object3D) => string | undefined;
}

type Look = Level | "selection" | "fade" | "ghost";

const isMesh = (object: Object3D): object is Mesh => "isMesh" in object;

/** Highlighting by other materials: copies of a mesh's own, one for each look, so that textures and clipping stay. */
export function ownSceneTarget(scene: OwnScene, elements: ElementsLike | undefined): Target {
  return new OwnSceneTarget(scene, elements);
}

class OwnSceneTarget implements Target {
  private readonly objects = new Map<string, Object3D[]>();
  private readonly levels = new Map<string, Level>();
  private readonly originals = new Map<Mesh, Material | Material[]>();
  private readonly copies = new Map<Material, Map<Look, Material>>();
  private readonly shown = new Map<Object3D, boolean>();
  private readonly flight = new Flight();
  private readonly globalIdOf: (object: Object3D) => string | undefined;
  private style: Style = { palette: paletteOf(), others: "keep" };
  private selected = new Set<string>();

  constructor(
    private readonly scene: OwnScene,
    elements: ElementsLike | undefined,
  ) {
    const byRecord = new Map<number, string>();
    for (const { record, global_id } of elements?.elements ?? []) {
      if (record !== undefined) byRecord.set(record, global_id);
    }
    this.globalIdOf =
      scene.globalIdOf ??
      (({ userData }) =>
        typeof userData["globalId"] === "string"
          ? userData["globalId"]
          : byRecord.get(userData["expressID"] as number));
    this.learn();
  }

  restyle(style: Style): void {
    this.style = style;
    this.forgetCopies();
    this.learn();
    for (const globalId of this.objects.keys()) this.dress(globalId);
    this.draw();
  }

  paint(changes: ReadonlyMap<string, Level | undefined>): void {
    for (const [globalId, level] of changes) {
      if (level === undefined) this.levels.delete(globalId);
      else this.levels.set(globalId, level);
      this.dress(globalId);
    }
    this.draw();
  }

  select(globalIds: readonly string[]): void {
    const before = this.selected;
    this.selected = new Set(globalIds);
    for (const globalId of [...before, ...globalIds]) this.dress(globalId);
    this.draw();
  }

  isolate(globalIds: ReadonlySet<string> | null): void {
    for (const [object, visible] of this.shown) object.visible = visible;
    this.shown.clear();
    for (const [globalId, objects] of globalIds === null ? [] : this.objects) {
      if (globalIds!.has(globalId)) continue;
      for (const object of objects) {
        this.shown.set(object, object.visible);
        object.visible = false;
      }
    }
    this.draw();
  }

  async flyTo(
    globalIds: readonly string[],
    { duration = 450, padding = 1.6 }: { duration?: number; padding?: number },
  ) {
    const box = new Box3();
    for (const globalId of globalIds) {
      for (const object of this.objects.get(globalId) ?? []) box.expandByObject(object);
    }
    if (box.isEmpty()) return false;
    const { camera, controls } = this.scene;
    const direction = camera.getWorldDirection(new Vector3());
    const target = controls?.target.clone() ?? camera.position.clone().addScaledVector(direction, 10);
    const from: Pose = { position: camera.position.clone(), target };
    if ("isOrthographicCamera" in camera) from.zoom = camera.zoom;
    const to = poseFor(box, camera, direction, padding);
    await this.flight.start(duration, (t) => this.stand(between(from, to, t)));
    return true;
  }

  pick(clientX: number, clientY: number): Hit | undefined {
    const area = this.scene.canvas?.getBoundingClientRect();
    if (!area) return undefined;
    const at = new Vector2(
      ((clientX - area.left) / area.width) * 2 - 1,
      1 - ((clientY - area.top) / area.height) * 2,
    );
    const ray = new Raycaster();
    this.scene.camera.updateMatrixWorld();
    ray.setFromCamera(at, this.scene.camera as Camera & PerspectiveCamera);
    for (const { object, point } of ray.intersectObject(this.scene.object, true)) {
      let visible = true;
      let globalId: string | undefined;
      for (let up: Object3D | null = object; up; up = up.parent) {
        visible &&= up.visible;
        globalId ??= this.globalIdOf(up);
      }
      if (visible && globalId !== undefined) return { globalId, point: point.toArray() };
    }
    return undefined;
  }

  restore(): void {
    this.levels.clear();
    this.selected.clear();
    this.isolate(null);
    for (const [mesh, material] of this.originals) mesh.material = material;
    this.originals.clear();
    this.forgetCopies();
    this.draw();
  }

  dispose(): void {
    this.flight.stop();
    this.objects.clear();
  }

  private draw(): void {
    this.scene.draw?.();
  }

  private learn(): void {
    this.objects.clear();
    this.scene.object.traverse((object) => {
      const globalId = this.globalIdOf(object);
      if (globalId === undefined) return;
      const objects = this.objects.get(globalId);
      if (objects) objects.push(object);
      else this.objects.set(globalId, [object]);
    });
  }

  private dress(globalId: string): void {
    const look = this.lookOf(globalId);
    for (const object of this.objects.get(globalId) ?? []) {
      object.traverse((part) => {
        if (!isMesh(part)) return;
        const original = this.originals.get(part) ?? part.material;
        if (look === undefined) {
          part.material = original;
          this.originals.delete(part);
          return;
        }
        this.originals.set(part, original);
        part.material = Array.isArray(original)
          ? original.map((one) => this.copy(one, look))
          : this.copy(original, look);
      });
    }
  }

  private lookOf(globalId: string): Look | undefined {
    if (this.selected.has(globalId)) return "selection";
    const { others } = this.style;
    return this.levels.get(globalId) ?? (others === "keep" ? undefined : others);
  }

  private copy(original: Material, look: Look): Material {
    let copies = this.copies.get(original);
    if (!copies) this.copies.set(original, (copies = new Map()));
    let copy = copies.get(look);
    if (!copy) {
      copy = original.clone();
      const colour: keyof Palette = look === "fade" || look === "ghost" ? "neutral" : look;
      if ("color" in copy && copy.color instanceof Color) copy.color.set(this.style.palette[colour]);
      if (look === "ghost") {
        copy.transparent = true;
        copy.opacity = 0.12;
        copy.depthWrite = false;
      } else if (look !== "fade") {
        copy.opacity = Math.max(copy.opacity, 0.6);
      }
      copies.set(look, copy);
    }
    return copy;
  }

  /** Meshes that wear a copy must be dressed anew afterwards. */
  private forgetCopies(): void {
    for (const copies of this.copies.values()) for (const copy of copies.values()) copy.dispose();
    this.copies.clear();
  }

  private stand({ position, target, zoom }: Pose): void {
    const { camera, controls } = this.scene;
    camera.position.copy(position);
    if (zoom !== undefined && "isOrthographicCamera" in camera) {
      camera.zoom = zoom;
      camera.updateProjectionMatrix();
    }
    if (controls) {
      controls.target.copy(target);
      controls.update();
    } else {
      camera.lookAt(target);
    }
    this.draw();
  }
}
