// Has this machine a graphics card? Without one every smoothed edge of a map is the processor's work, frame by frame.
const DRAWN_BY_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render/i;
let known = null;

function ask() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return !DRAWN_BY_PROCESSOR.test(name);
}

export function hasGraphicsCard() {
  known ??= ask();
  return known;
}
