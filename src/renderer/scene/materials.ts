/**
 * Three small materials that light per vertex. With flat faces and distant lights that equals lighting per pixel, and it
 * draws three times faster without a graphics card, where a recording must still hold its frame rate. Colours are sRGB in
 * and out; only the sum of the lights is linear.
 */
import { GLSL3, NotEqualStencilFunc, RawShaderMaterial, ReplaceStencilOp, type Texture, Vector3 } from 'three'

/** Where the main light comes from, world frame. Shadows fall along it. */
export const toLight = new Vector3(-0.35, -0.5, 1.25).normalize()

const matrices = 'uniform mat4 modelMatrix, viewMatrix, projectionMatrix;'
const place = 'gl_Position = projectionMatrix * viewMatrix * modelMatrix * vec4(position, 1.0);'

/** Sky and bounce by the normal's height, a warm key, a faint cool rim from behind. */
const light = `
  vec3 lightAt(vec3 normal) {
    vec3 n = normalize(mat3(modelMatrix) * normal);
    vec3 ambient = mix(vec3(0.40, 0.35, 0.29), vec3(0.66, 0.65, 0.63), 0.5 + 0.5 * n.z);
    float key = max(0.0, dot(n, vec3(${toLight
      .toArray()
      .map((v) => v.toFixed(5))
      .join(', ')})));
    float rim = max(0.0, dot(n, normalize(vec3(0.8, 0.9, 0.5))));
    return ambient + key * vec3(0.56, 0.53, 0.485) + rim * vec3(0.10, 0.12, 0.15);
  }
  vec3 toSrgb(vec3 linear) { return pow(linear, vec3(1.0 / 2.2)); }
  vec3 toLinear(vec3 srgb) { return pow(srgb, vec3(2.2)); }`

const precision = 'precision highp float;'
const plainFragment = `${precision} in vec3 vColour; out vec4 pixel; void main() { pixel = vec4(vColour, 1.0); }`

/** Matt paint in the vertices' own colours. */
export function paintMaterial(): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: `${precision} ${matrices} in vec3 position, normal, color; out vec3 vColour; ${light}
      void main() { vColour = toSrgb(lightAt(normal) * toLinear(color)); ${place} }`,
    fragmentShader: plainFragment,
  })
}

/** The vertices' own colours, unlit. */
export function flatMaterial(): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: `${precision} ${matrices} in vec3 position, color; out vec3 vColour;
      void main() { vColour = color; ${place} }`,
    fragmentShader: plainFragment,
  })
}

/** A lit surface with a picture on it. */
export function texturedMaterial(map: Texture): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    uniforms: { map: { value: map } },
    vertexShader: `${precision} ${matrices} in vec3 position, normal; in vec2 uv; out vec3 vLight; out vec2 vUv; ${light}
      void main() { vLight = toSrgb(lightAt(normal)); vUv = uv; ${place} }`,
    fragmentShader: `${precision} uniform sampler2D map; in vec3 vLight; in vec2 vUv; out vec4 pixel;
      void main() { pixel = vec4(texture(map, vUv).rgb * vLight, 1.0); }`,
  })
}

/** Darkens what lies under it, once however many shadows overlap. Needs a stencil buffer. */
export function shadowMaterial(strength: number): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: `${precision} ${matrices} in vec3 position; void main() { ${place} }`,
    fragmentShader: `${precision} out vec4 pixel; void main() { pixel = vec4(0.10, 0.06, 0.03, ${strength.toFixed(3)}); }`,
    transparent: true,
    depthWrite: false,
    stencilWrite: true,
    stencilRef: 1,
    stencilFunc: NotEqualStencilFunc,
    stencilZPass: ReplaceStencilOp,
  })
}
