// What tests of the phone's store need of a browser, where Node has none: a database, small marks, locks.
import "fake-indexeddb/auto";

const marks = new Map<string, string>();
const localStorage = {
  getItem: (key: string) => marks.get(key) ?? null,
  setItem: (key: string, value: string) => void marks.set(key, value),
  removeItem: (key: string) => void marks.delete(key),
};

type Deed = (lock: object | null) => unknown;
const turns = new Map<string, Promise<unknown>>();

/** Locks of one name are held one after the other; who does not wait is told that it is held. */
function request(name: string, how: { ifAvailable?: boolean } | Deed, deed?: Deed): Promise<unknown> {
  const work = deed ?? (how as Deed);
  if (deed && (how as { ifAvailable?: boolean }).ifAvailable && turns.has(name)) return Promise.resolve(work(null));
  const turn = (turns.get(name) ?? Promise.resolve()).then(() => work({ name }));
  const over = turn.catch(() => undefined).then(() => void (turns.get(name) === over && turns.delete(name)));
  turns.set(name, over);
  return turn;
}

const shelf = { keys: async () => [], match: async () => undefined, put: async () => undefined };
const caches = { open: async () => shelf, keys: async () => [], delete: async () => false };

const given = {
  caches,
  localStorage,
  navigator: { locks: { request }, onLine: true, userAgent: "node" },
  location: { origin: "http://phone.test", hash: "", reload: () => undefined },
};
for (const [name, value] of Object.entries(given)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
