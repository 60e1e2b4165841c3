// The layer between Dexie and IndexedDB that seals every row on its way in and opens it on its way out.
import type { DBCore, DBCoreCursor, DBCoreMutateRequest, DBCoreTable, Middleware } from "dexie";
import { isSealed, Locked, lockMode, openText, sealText } from "./cipher";

type Row = Record<string, unknown>;

/** Facts that are needed before the PIN is given, or that cannot be made text: keys that cannot be taken out. */
export const PLAIN_FACTS: readonly string[] = ["vault", "identity", "token", "clockOffsetMs", "revoked", "unknown"];
/** Where a row's sealed fields lie. */
const BOX = "box";

/** Below all layers of Dexie itself, so that they see rows as everybody else does. */
export const sealing: Middleware<DBCore> = {
  stack: "dbcore",
  name: "sealing",
  level: -2,
  create: (core) => ({ ...core, table: (name) => sealedTable(core.table(name)) }),
};

function sealedTable(table: DBCoreTable): DBCoreTable {
  const opened = (row: Row | undefined) => openRow(table.name, keyPath(table), row);
  return {
    ...table,
    mutate: (request) => table.mutate(sealedRequest(table, request)),
    // Chained, not awaited: Dexie's own promises keep the transaction that they belong to.
    get: (request) => table.get(request).then(opened),
    getMany: (request) => table.getMany(request).then((found) => found.map(opened)),
    query: (request) =>
      request.values
        ? table.query(request).then((answer) => ({ ...answer, result: answer.result.map(opened) }))
        : table.query(request),
    openCursor: (request) =>
      table.openCursor(request).then((cursor) => (cursor && request.values ? openedCursor(cursor, opened) : cursor)),
  };
}

function keyPath({ schema }: DBCoreTable): string {
  return schema.primaryKey.keyPath as string;
}

function sealedRequest(table: DBCoreTable, request: DBCoreMutateRequest): DBCoreMutateRequest {
  if (request.type !== "add" && request.type !== "put") return request;
  const plain = new Set([keyPath(table), ...table.schema.indexes.map((index) => index.keyPath as string)]);
  return { ...request, values: request.values.map((row: Row) => sealRow(table.name, keyPath(table), plain, row)) };
}

/** A row as it is kept: what is indexed and bytes beside one box with all the rest. Raises Locked. */
function sealRow(table: string, primary: string, plain: ReadonlySet<string>, row: Row): Row {
  if (table === "facts" && PLAIN_FACTS.includes(row.key as string)) return row;
  if (lockMode() === "none") return row;
  if (lockMode() === "locked") throw new Locked();
  const kept: Row = {};
  const hidden: Row = {};
  for (const [name, value] of Object.entries(row)) {
    const outside = plain.has(name) || value instanceof Blob;
    (outside ? kept : hidden)[name] = value;
    if (value instanceof Blob && !isSealed(value)) throw new Error(`${table}.${name}: seal bytes before they are kept`);
  }
  return { ...kept, [BOX]: sealText(JSON.stringify(hidden), `${table}/${row[primary]}`) };
}

function openRow(table: string, primary: string, row: Row | undefined): Row | undefined {
  const box = row?.[BOX];
  if (!row || !(box instanceof Uint8Array)) return row;
  const { [BOX]: _, ...kept } = row;
  return { ...kept, ...(JSON.parse(openText(box, `${table}/${row[primary]}`)) as Row) };
}

/** A cursor whose value is opened once for each row it comes to. */
function openedCursor(cursor: DBCoreCursor, opened: (row: Row | undefined) => Row | undefined): DBCoreCursor {
  let last: { raw: unknown; row: unknown } | null = null;
  return Object.create(cursor, {
    value: {
      get: () => {
        const raw = cursor.value;
        if (last?.raw !== raw) last = { raw, row: opened(raw) };
        return last?.row;
      },
    },
    key: { get: () => cursor.key },
    primaryKey: { get: () => cursor.primaryKey },
  }) as DBCoreCursor;
}
