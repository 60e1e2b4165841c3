// A map in the best way this phone can: MapLibre, loaded only here, or the plain drawing.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type DrawnProps, SvgMap } from "./SvgMap";

type Gl = ComponentType<DrawnProps & { failed: () => void }>;

export function TourMap(props: DrawnProps) {
  const [Gl, setGl] = useState<{ Map: Gl } | null>(null);
  const [plain, setPlain] = useState(!hasWebGl());
  useEffect(() => {
    if (plain) return;
    import("./GlMap").then(
      (loaded) => setGl({ Map: loaded.default }),
      () => setPlain(true), // the part did not load: the drawing needs none
    );
  }, [plain]);
  if (plain || !Gl) return <SvgMap {...props} />;
  return <Gl.Map {...props} failed={() => setPlain(true)} />;
}

/** MapLibre needs WebGL 2. */
export function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}
