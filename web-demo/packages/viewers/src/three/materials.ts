/** The materials of one loaded model; they share their uniforms. */
import {
  BackSide,
  Color,
  DoubleSide,
  GLSL3,
  GreaterDepth,
  LessEqualDepth,
  ShaderMaterial,
  SRGBColorSpace,
  Vector4,
  type IUniform,
  type Texture,
} from "three";
import { rgb, type Palette } from "../core/index.js";
import { KINDS, type Kind } from "./protocol.js";
import { pickShader, surfaceShader, vertexShader } from "./shaders.js";

export type Pass = "surface" | "ghost" | "lines" | "pick" | "overlay" | "overlay-lines";

/** Order of drawing; solids need none. */
export const ORDER = { lines: 1, space: 2, glass: 3, ghost: 4, overlay: 5 } as const;

export class Materials {
  readonly uniforms = {
    looks: { value: null as Texture | null },
    neutral: { value: new Color() },
    selection: { value: new Color() },
    fading: { value: 1 },
    intoLinear: { value: false },
    cut: { value: new Vector4(0, 0, 0, 0) },
    opacityOfLines: { value: 0.4 },
    colourOfLines: { value: new Color(0.08, 0.09, 0.11) },
  } satisfies Record<string, IUniform>;
  private readonly made = new Map<string, ShaderMaterial>();

  setPalette(palette: Palette): void {
    // Without conversion: the shaders work in sRGB.
    const set = (colour: Color, from: string) =>
      colour.setRGB(...(rgb(from).map((v) => v / 255) as [number, number, number]));
    set(this.uniforms.neutral.value, palette.neutral);
    set(this.uniforms.selection.value, palette.selection);
  }

  /** `placed`: for shapes with one matrix for each place. */
  get(pass: Pass, kind: Kind, placed: boolean): ShaderMaterial {
    const key = `${pass} ${kind} ${placed}`;
    let material = this.made.get(key);
    if (!material) this.made.set(key, (material = this.make(pass, kind, placed)));
    return material;
  }

  all(): ShaderMaterial[] {
    return KINDS.flatMap((kind) => [this.get("surface", kind, false), this.get("pick", kind, false)]);
  }

  dispose(): void {
    for (const material of this.made.values()) material.dispose();
    this.made.clear();
  }

  private make(pass: Pass, kind: Kind, placed: boolean): ShaderMaterial {
    const defines: Record<string, string> = { [`KIND_${kind.toUpperCase()}`]: "" };
    const name = pass === "overlay-lines" ? "lines" : pass;
    defines[`PASS_${name.toUpperCase()}`] = "";
    if (placed) defines["PLACED"] = "";
    const blended = pass !== "pick" && (pass !== "surface" || kind !== "solid");
    const uniforms: Record<string, IUniform> = { ...this.uniforms };
    if (pass === "overlay-lines") {
      uniforms["colourOfLines"] = this.uniforms.selection;
      uniforms["opacityOfLines"] = { value: 1 };
    }
    const material = new ShaderMaterial({
      name: `plancheck ${pass} ${kind}`,
      uniforms,
      defines,
      vertexShader,
      fragmentShader: pass === "pick" ? pickShader : surfaceShader,
      glslVersion: pass === "pick" ? GLSL3 : null,
      clipping: true,
      // Of a room's volume the far faces are drawn: its floor and walls are tinted, also for an eye inside it.
      side: kind === "space" && pass === "surface" ? BackSide : DoubleSide,
      transparent: blended,
      depthWrite: !blended,
      // Surfaces of the selection are drawn where something hides them, its lines everywhere.
      depthTest: pass !== "overlay-lines",
      depthFunc: pass === "overlay" ? GreaterDepth : LessEqualDepth,
      // Surfaces step back a little, so that lines on them are whole.
      polygonOffset: pass === "surface" && kind === "solid",
      polygonOffsetFactor: 1,
      polygonOffsetUnits: 1,
    });
    material.onBeforeRender = (renderer) => {
      const target = renderer.getRenderTarget();
      const space = target ? target.texture.colorSpace : renderer.outputColorSpace;
      this.uniforms.intoLinear.value = space !== SRGBColorSpace;
    };
    return material;
  }
}
