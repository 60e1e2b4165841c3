// Which screen is shown, by the address's fragment: #/ · #/visit/TASK · #/map · #/map/TOUR · #/sending · #/me · #enrol=CODE.
import { useEffect, useState } from "preact/hooks";

export type Route =
  | { screen: "today" }
  | { screen: "visit"; taskId: string }
  | { screen: "map"; tourId: string | null }
  | { screen: "sending" }
  | { screen: "me" }
  | { screen: "enrol"; code: string };

export function routeOf(fragment: string): Route {
  const code = /^#enrol=([^&]+)/.exec(fragment)?.[1];
  if (code) return { screen: "enrol", code: decoded(code) };
  const [, screen, id] = fragment.split("/");
  if (screen === "visit" && id) return { screen, taskId: id };
  if (screen === "map") return { screen, tourId: id || null };
  if (screen === "sending" || screen === "me") return { screen };
  return { screen: "today" };
}

function decoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

export function useRoute(): Route {
  const [fragment, setFragment] = useState(location.hash);
  useEffect(() => {
    const look = () => {
      setFragment(location.hash);
      scrollTo(0, 0);
    };
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return routeOf(fragment);
}
