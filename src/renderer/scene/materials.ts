/**
 * Small materials that light per corner. With flat faces and distant lights that equals lighting per pixel, and it draws
 * three times faster without a graphics card, where a recording must still hold its frame rate. Colours are sRGB in and
 * out; only the sum of the lights is linear.
 */
import {
  GLSL3,
  type Matrix4,
  NotEqualStencilFunc,
  RawShaderMaterial,
  ReplaceStencilOp,
  type Texture,
  Vector3,
} from 'three'
import { bodyMatrixGlsl } from './body-batch.ts'

/** Where the main light comes from, world frame. Shadows fall along it. */
export const toLight = new Vector3(-0.35, -0.5, 1.25).normalize()

const precision = 'precision highp float;'
const matrices = 'uniform mat4 modelMatrix, viewMatrix, modelViewMatrix, projectionMatrix;'
const place = 'gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));'
const placeBody = 'gl_Position = projectionMatrix * (viewMatrix * (bodyMatrix() * vec4(position, 1.0)));'

/** Sky and bounce by the normal's height, a warm key, a faint cool rim from behind. `n` is in the world's frame. */
const light = `
  vec3 lightOn(vec3 n) {
    vec3 ambient = mix(vec3(0.40, 0.35, 0.29), vec3(0.66, 0.65, 0.63), 0.5 + 0.5 * n.z);
    float key = max(0.0, dot(n, vec3(${toLight
      .toArray()
      .map((v) => v.toFixed(5))
      .join(', ')})));
    float rim = max(0.0, dot(n, vec3(0.6139, 0.6907, 0.3837)));
    vec3 sum = ambient + key * vec3(0.56, 0.53, 0.485) + rim * vec3(0.10, 0.12, 0.15);
    // Light adds up in linear space and shows in sRGB; a square root stands in for the exact curve.
    return sqrt(sum);
  }`

const plainFragment = `${precision} in vec3 vColour; out vec4 pixel; void main() { pixel = vec4(vColour, 1.0); }`

/** Matt paint in the corners' own colours, for a batch of bodies. */
export const paintMaterial = (bodies: number): RawShaderMaterial =>
  new RawShaderMaterial({
    vertexShader: `${precision} ${matrices} ${bodyMatrixGlsl(bodies)} ${light}
      in vec3 position, normal, color; out vec3 vColour;
      void main() { vColour = color * lightOn(mat3(bodyMatrix()) * normal); ${placeBody} }`,
    fragmentShader: plainFragment,
  })

/** The shadow of a batch of bodies, flattened onto the table. It darkens once, however many overlap. Needs a stencil buffer. */
export const shadowMaterial = (bodies: number, flatten: Matrix4, strength: number): RawShaderMaterial =>
  new RawShaderMaterial({
    uniforms: { flatten: { value: flatten } },
    vertexShader: `${precision} ${matrices} ${bodyMatrixGlsl(bodies)} uniform mat4 flatten; in vec3 position;
      void main() {
        gl_Position = projectionMatrix * (viewMatrix * (flatten * (bodyMatrix() * vec4(position, 1.0))));
      }`,
    fragmentShader: `${precision} out vec4 pixel;
      void main() { pixel = vec4(0.10, 0.06, 0.03, ${strength.toFixed(3)}); }`,
    transparent: true,
    depthWrite: false,
    stencilWrite: true,
    stencilRef: 1,
    stencilFunc: NotEqualStencilFunc,
    stencilZPass: ReplaceStencilOp,
  })

/** The corners' own colours, unlit. */
export const flatMaterial = (): RawShaderMaterial =>
  new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: `${precision} ${matrices} in vec3 position, color; out vec3 vColour;
      void main() { vColour = color; ${place} }`,
    fragmentShader: plainFragment,
  })

/** A lit surface with a picture on it, which stands still in the world. */
export const texturedMaterial = (map: Texture): RawShaderMaterial =>
  new RawShaderMaterial({
    glslVersion: GLSL3,
    uniforms: { map: { value: map } },
    vertexShader: `${precision} ${matrices} ${light}
      in vec3 position, normal; in vec2 uv; out vec3 vLight; out vec2 vUv;
      void main() { vLight = lightOn(mat3(modelMatrix) * normal); vUv = uv; ${place} }`,
    fragmentShader: `${precision} uniform sampler2D map; in vec3 vLight; in vec2 vUv; out vec4 pixel;
      void main() { pixel = vec4(texture(map, vUv).rgb * vLight, 1.0); }`,
  })
