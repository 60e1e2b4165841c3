// Hooks: what the phone keeps, as it changes in this tab or another; and the passing of time.
import { liveQuery } from "dexie";
import { useEffect, useState } from "preact/hooks";
import { lockMode, type Mode, onLockMode } from "../store/cipher";

/** The answer of a query, kept up to date; undefined until it first comes. */
export function useLive<T>(query: () => Promise<T>, wires: readonly unknown[] = []): T | undefined {
  const [answer, setAnswer] = useState<{ is: T }>();
  useEffect(() => {
    const watched = liveQuery(query).subscribe({
      next: (is) => setAnswer({ is }),
      error: (error) => (lockMode() === "locked" ? undefined : console.error("query_failed", error)),
    });
    return () => watched.unsubscribe();
  }, wires);
  return answer?.is;
}

/** Is the phone locked? */
export function useLockMode(): Mode {
  const [mode, setMode] = useState(lockMode());
  useEffect(() => {
    setMode(lockMode());
    return onLockMode(setMode);
  }, []);
  return mode;
}

const MINUTE_MS = 60_000;

/** The present moment in milliseconds, looked at each minute. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Is there a network? The browser's opinion, which is right when it says no. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return online;
}
