// An address for kept bytes while they are shown.
import { useEffect, useState } from "preact/hooks";
import { type KeptBytes, Locked, openBytes } from "../store/cipher";

type Kept = KeptBytes | null | undefined;

/** Null until there is one. `key` says which bytes they are: every read of the database makes a new Blob of the same bytes. */
export function useObjectUrl(kept: Kept, key: string | number = kept?.size ?? 0): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!kept) {
      setUrl(null);
      return undefined;
    }
    let made: string | null = null;
    let over = false;
    const show = (blob: Blob) => {
      if (over) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    };
    openBytes(kept).then(show, (error) => over || error instanceof Locked || console.error("bytes_not_opened", error));
    return () => {
      over = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [key]);
  return url;
}
