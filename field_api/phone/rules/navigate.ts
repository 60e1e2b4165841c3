// Handing a place over to the phone's own map app, by the public address of each and in that app's coordinates.
import type { Key } from "../words";
import { toGcj02 } from "./crs";
import type { Place } from "./fence";

export interface MapApp {
  name: Key;
  /** An address that opens the app with the way to the place. */
  href: string;
}

/** The apps that know the way; each opens in its own website where it is not installed. */
export function mapApps(place: Place, name: string): MapApp[] {
  const gcj = toGcj02(place);
  const [lon, lat] = [six(gcj.lon), six(gcj.lat)];
  const label = encodeURIComponent(name);
  return [
    {
      name: "map.app.amap",
      href: `https://uri.amap.com/navigation?to=${lon},${lat},${label}&mode=car&coordinate=gaode&callnative=1`,
    },
    {
      name: "map.app.baidu",
      href: `https://api.map.baidu.com/direction?destination=latlng:${lat},${lon}|name:${label}&coord_type=gcj02&mode=driving&output=html&src=fieldlot`,
    },
    {
      name: "map.app.tencent",
      href: `https://apis.map.qq.com/uri/v1/routeplan?type=drive&to=${label}&tocoord=${lat},${lon}&referer=fieldlot`,
    },
    { name: "map.app.apple", href: `https://maps.apple.com/?daddr=${lat},${lon}&dirflg=d` },
    // RFC 5870: geo: is WGS 84.
    {
      name: "map.app.other",
      href: `geo:${six(place.lat)},${six(place.lon)}?q=${six(place.lat)},${six(place.lon)}(${label})`,
    },
  ];
}

function six(degrees: number): string {
  return degrees.toFixed(6);
}
