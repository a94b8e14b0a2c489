/** The one vertex shader behind all materials, and their fragment shaders (GLSL ES 3.00). */
import { COLOURED, FADED, GHOST, HIDDEN, LOOKS_WIDTH, SELECTED } from "./looks.js";

const READ_LOOK = /* glsl */ `
attribute uint element;
uniform highp usampler2D looks;

uvec4 look() {
  int number = int(element);
  return texelFetch(looks, ivec2(number % ${LOOKS_WIDTH}, number / ${LOOKS_WIDTH}), 0);
}

bool hasFlag(uvec4 look, uint flag) { return (look.a & flag) != 0u; }

#ifdef PLACED
attribute vec4 row0;
attribute vec4 row1;
attribute vec4 row2;
vec3 placedPosition() { vec4 p = vec4(position, 1.0); return vec3(dot(row0, p), dot(row1, p), dot(row2, p)); }
vec3 placedNormal() { return vec3(dot(row0.xyz, normal), dot(row1.xyz, normal), dot(row2.xyz, normal)); }
#else
vec3 placedPosition() { return position; }
vec3 placedNormal() { return normal; }
#endif
`;

/**
 * Vertices of what is not drawn in this pass all fall on one point outside the view: their triangles are gone
 * before rasterisation.
 */
export const vertexShader = /* glsl */ `
#include <common>
#include <clipping_planes_pars_vertex>
#include <logdepthbuf_pars_vertex>
${READ_LOOK}
attribute vec4 tint;
uniform vec3 neutral;
uniform vec3 selection;
uniform float fading;
uniform float opacityOfLines;
uniform vec3 colourOfLines;
varying vec4 vColour;
flat varying vec3 vId;

void main() {
  uvec4 look = look();
  bool ghost = hasFlag(look, ${GHOST}u);
  bool drawn = !hasFlag(look, ${HIDDEN}u);
  #ifdef PASS_GHOST
    drawn = drawn && ghost;
  #endif
  #if defined(PASS_SURFACE) || defined(PASS_PICK)
    drawn = drawn && !ghost;
  #endif
  vec4 mvPosition = modelViewMatrix * vec4(placedPosition(), 1.0);
  gl_Position = drawn ? projectionMatrix * mvPosition : vec4(0.0, 0.0, 2.0, 1.0);
  #include <clipping_planes_vertex>
  #include <logdepthbuf_vertex>
  vColour = vec4(0.0);
  vId = vec3(0.0);

  #ifdef PASS_PICK
    uint id = element + 1u;
    vId = vec3(float(id & 255u), float((id >> 8) & 255u), float((id >> 16) & 255u)) / 255.0;
  #endif

  #ifdef PASS_LINES
    vColour = vec4(colourOfLines, opacityOfLines * (ghost ? 0.35 : 1.0));
  #endif

  #if defined(PASS_SURFACE) || defined(PASS_GHOST) || defined(PASS_OVERLAY)
    vec3 colour = tint.rgb;
    float alpha = tint.a;
    bool coloured = hasFlag(look, ${COLOURED}u);
    if (coloured) {
      colour = vec3(look.rgb) / 255.0;
      alpha = max(alpha, 0.6);
    } else if (hasFlag(look, ${FADED}u)) {
      colour = mix(neutral, vec3(dot(colour, vec3(0.3, 0.59, 0.11))), 0.3);
      alpha = min(alpha, fading);
    }
    if (hasFlag(look, ${SELECTED}u) && !coloured) colour = mix(colour, selection, 0.55);
    #ifdef PASS_GHOST
      colour = neutral;
      alpha = 0.1;
    #endif
    #ifdef PASS_OVERLAY
      if (!coloured) colour = selection;
      alpha = 0.35;
    #endif
    vec3 n = normalize(mat3(modelMatrix) * placedNormal());
    #ifdef KIND_SPACE
      // A room's colour is on its floor: on its walls it would mix with the colours of doors and windows.
      alpha = (hasFlag(look, ${SELECTED}u) ? 0.55 : coloured ? 0.45 : 0.25) * (abs(n.y) > 0.5 ? 1.0 : 0.3);
    #endif
    vec3 toEye = normalize(cameraPosition - (modelMatrix * vec4(placedPosition(), 1.0)).xyz);
    if (dot(n, toEye) < 0.0) n = -n;
    float light = 0.60 + 0.20 * (0.5 + 0.5 * n.y) + 0.20 * max(dot(n, vec3(0.42, 0.76, 0.5)), 0.0)
      + 0.08 * dot(n, toEye);
    vColour = vec4(min(colour * light, 1.0), alpha);
  #endif
}
`;

/**
 * Colours are sRGB throughout: to turn each fragment's to linear and back, as three.js does, is most of the work
 * where there is no graphics card. Into a target with linear colours (post-processing) they are converted.
 */
export const surfaceShader = /* glsl */ `
#include <common>
#include <clipping_planes_pars_fragment>
#include <logdepthbuf_pars_fragment>
uniform vec4 cut;
uniform bool intoLinear;
varying vec4 vColour;

void main() {
  #include <clipping_planes_fragment>
  #include <logdepthbuf_fragment>
  gl_FragColor = vColour;
  #if defined(KIND_SOLID) && !defined(PASS_GHOST)
    // The inside of a body that is cut open, in one flat colour: as if its cut face were filled. Not of ghosts:
    // whoever looks through them would look at their cut faces.
    if (cut.a > 0.0 && !gl_FrontFacing) gl_FragColor = vec4(mix(cut.rgb, vColour.rgb, 0.3), 1.0);
  #endif
  if (intoLinear) gl_FragColor.rgb = pow(gl_FragColor.rgb, vec3(2.2));
}
`;

/** Two outputs: the element's number plus one, and the depth, 24 bits each. */
export const pickShader = /* glsl */ `
#include <common>
#include <clipping_planes_pars_fragment>
#include <logdepthbuf_pars_fragment>
layout(location = 0) out vec4 outId;
layout(location = 1) out vec4 outDepth;
flat in vec3 vId;

void main() {
  #include <clipping_planes_fragment>
  #include <logdepthbuf_fragment>
  outId = vec4(vId, 1.0);
  float depth = gl_FragCoord.z;
  vec3 parts = fract(depth * vec3(1.0, 255.0, 65025.0));
  outDepth = vec4(parts - parts.yzz * vec3(1.0 / 255.0, 1.0 / 255.0, 0.0), 1.0);
}
`;
