// An address for a blob while it is shown.
import { useEffect, useState } from "preact/hooks";

/** Null until there is one. `key` says which blob it is: every read of the database makes a new Blob of the same bytes. */
export function useObjectUrl(blob: Blob | null | undefined, key: string | number = blob?.size ?? 0): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) {
      setUrl(null);
      return undefined;
    }
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [key]);
  return url;
}
