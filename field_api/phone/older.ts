// What Chromium 90 and 91 lack of the language itself; imported before all else. Everything newer is not used.

function at<T>(this: ArrayLike<T>, place: number): T | undefined {
  const whole = Math.trunc(place) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}

function add(to: object, name: string, value: unknown): void {
  if (!(name in to)) Object.defineProperty(to, name, { value, configurable: true, writable: true });
}

add(Array.prototype, "at", at);
add(String.prototype, "at", at);
add(Object, "hasOwn", (of: object, name: PropertyKey) => Object.hasOwn(of, name));
