/** Bytes of a device's buffers that have been created from now on and not destroyed. */
export function watchBuffers(device: GPUDevice): { readonly bytes: number } {
  const create = device.createBuffer.bind(device);
  let bytes = 0;
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    bytes += descriptor.size;
    buffer.destroy = () => {
      if (alive) bytes -= descriptor.size;
      alive = false;
      return destroy();
    };
    return buffer;
  };
  return {
    get bytes() {
      return bytes;
    },
  };
}
