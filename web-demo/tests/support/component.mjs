// Takes the core module out of a module file, for tests that look below the engine. No checks at all.

/** The bytes of the one core module in a component. */
export function coreOf(component) {
  let found;
  const walk = (at, end) => {
    const number = () => {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = component[at++];
        value |= (byte & 127) << shift;
        if (byte < 128) return value >>> 0;
      }
    };
    for (at += 8; at < end;) {
      const id = component[at++];
      const length = number();
      if (id === 1) found = component.slice(at, at + length);
      // wit-component nests a component for the types of each interface.
      if (id === 4) walk(at, at + length);
      at += length;
    }
  };
  walk(0, component.length);
  return found;
}
