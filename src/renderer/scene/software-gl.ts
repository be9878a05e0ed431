/** Whether pictures are drawn by the processor instead of a graphics card; then everything that is only pretty is left out. */

let known: boolean | undefined

/** Works in pages and workers. True also where WebGL is missing. */
export function isSoftwareGl(): boolean {
  return (known ??= look())
}

function look(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (gl === null) return true
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return /swiftshader|llvmpipe|softpipe|software|basic render/iu.test(name)
}
