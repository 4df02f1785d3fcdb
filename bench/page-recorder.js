/*
 * Runs in the page before its own scripts (page-probe.ts puts it there) and notes in `window.recording`, in milliseconds of the
 * page's clock: when the first picture was there, input events on the slider of Q, frames of the 3-D view that show another
 * steered path; and the WebGL objects that are alive with their bytes. Plain JavaScript, so that no build step puts helpers
 * into it that the page does not have.
 */
{
  const recording = { firstPicture: 0, inputs: [], frames: [], graphics: new Map() };
  Object.assign(window, { recording });

  // Movements by the time of the device, and what the slider says when the frame begins that the browser hands them over in: the
  // page may have taken them earlier, and then there is no 'input' event. Keys by their 'input' event.
  const note = (time, value) => {
    if (value !== recording.inputs.at(-1)?.value) recording.inputs.push({ time, value });
  };
  let pressed = 0;
  addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), { capture: true });
  addEventListener(
    'pointermove',
    ({ target, buttons, timeStamp }) => {
      if (buttons & 1 && target.matches('.q-slider'))
        requestAnimationFrame(() => note(timeStamp, target.valueAsNumber));
    },
    { capture: true },
  );
  addEventListener(
    'input',
    ({ target }) => {
      if (target.matches('.q-slider:not(:active)')) note(pressed, target.valueAsNumber);
    },
    { capture: true },
  );

  // Observers run within the animation frame that draws, the message after that frame has been handed over.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    const time = performance.now();
    const [q, points] = data.split(' ').map(Number);
    recording.firstPicture ||= time;
    recording.frames.push({ time, q, points });
  };
  new MutationObserver((changes) => {
    const steered = changes.at(-1).target.dataset.steered;
    if (steered) port2.postMessage(steered);
  }).observe(document, { subtree: true, attributeFilter: ['data-steered'] });

  const graphics = WebGL2RenderingContext.prototype;
  const bound = new Map();
  const wrap = (name, note) => {
    const original = graphics[name];
    graphics[name] = function (...words) {
      const result = original.apply(this, words);
      note(words, result);
      return result;
    };
  };
  for (const kind of [
    'Buffer',
    'Texture',
    'Framebuffer',
    'Renderbuffer',
    'VertexArray',
    'Program',
    'Shader',
  ]) {
    wrap(`create${kind}`, (_, object) => recording.graphics.set(object, 0));
    wrap(`delete${kind}`, ([object]) => recording.graphics.delete(object));
  }
  wrap('bindBuffer', ([target, buffer]) => bound.set(target, buffer));
  wrap('bufferData', ([target, data]) =>
    recording.graphics.set(bound.get(target), typeof data === 'number' ? data : data.byteLength),
  );
}
