// Reading a bundle strictly: what JSON.parse would quietly accept (a field twice, a float, half a character) is an error.

/** A bundle's text is not what a bundle can be; `fault` says why. */
export class NotStrict extends Error {}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]|-?\d[\d.eE+-]*/g;
const WHOLE = /^(0|[1-9]\d*)$/;
const LONE_HALF = /\p{Cs}/u;

/** The value of a JSON text. Throws NotStrict, SyntaxError. */
export function parsed(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) look(token, colon !== undefined, open);
  return value;
}

function look(token: string, isKey: boolean, open: Set<string>[]): void {
  if (token === "{") open.push(new Set());
  else if (token === "}") open.pop();
  else if (!token.startsWith('"')) refuseUnless(WHOLE.test(token), `${token} is no whole number`);
  else if (isKey) keep(JSON.parse(token.replace(/\s*:$/, "")), open.at(-1));
  else if (token.includes("\\u")) refuseUnless(!LONE_HALF.test(JSON.parse(token)), `${token} holds half a character`);
}

function keep(key: string, fields: Set<string> | undefined): void {
  refuseUnless(!LONE_HALF.test(key), "a field's name holds half a character");
  refuseUnless(!fields?.has(key), `the field "${key}" stands twice`);
  fields?.add(key);
}

function refuseUnless(good: boolean, fault: string): void {
  if (!good) throw new NotStrict(fault);
}
