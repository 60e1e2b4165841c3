// The icons of the phone app, from lucide, built in so that they show without a network.

import stamp from "lucide-static/icons/aperture.svg?raw";
import arrowLeft from "lucide-static/icons/arrow-left.svg?raw";
import camera from "lucide-static/icons/camera.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import chevronRight from "lucide-static/icons/chevron-right.svg?raw";
import circleCheck from "lucide-static/icons/circle-check.svg?raw";
import stop from "lucide-static/icons/circle-stop.svg?raw";
import clipboardList from "lucide-static/icons/clipboard-list.svg?raw";
import cloudUpload from "lucide-static/icons/cloud-upload.svg?raw";
import history from "lucide-static/icons/history.svg?raw";
import image from "lucide-static/icons/image.svg?raw";
import map from "lucide-static/icons/map.svg?raw";
import mapPin from "lucide-static/icons/map-pin.svg?raw";
import mic from "lucide-static/icons/mic.svg?raw";
import navigation from "lucide-static/icons/navigation.svg?raw";
import pen from "lucide-static/icons/pen-line.svg?raw";
import phone from "lucide-static/icons/phone.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import refresh from "lucide-static/icons/refresh-cw.svg?raw";
import scan from "lucide-static/icons/scan-line.svg?raw";
import send from "lucide-static/icons/send.svg?raw";
import alert from "lucide-static/icons/triangle-alert.svg?raw";
import user from "lucide-static/icons/user.svg?raw";
import video from "lucide-static/icons/video.svg?raw";
import wifiOff from "lucide-static/icons/wifi-off.svg?raw";
import x from "lucide-static/icons/x.svg?raw";

const FILES = {
  alert,
  arrowLeft,
  camera,
  check,
  chevronRight,
  circleCheck,
  clipboardList,
  cloudUpload,
  history,
  image,
  map,
  mapPin,
  navigation,
  pen,
  phone,
  plus,
  refresh,
  send,
  user,
  mic,
  scan,
  stamp,
  stop,
  video,
  wifiOff,
  x,
};

export type IconName = keyof typeof FILES;

/** The shapes of an icon, without the frame that carries lucide's own sizes. */
export function shapes(name: IconName): string {
  return /<svg[^>]*>([\s\S]*)<\/svg>/.exec(FILES[name])?.[1] ?? "";
}
