// Photos of an item, or of the site: taken with the phone's own camera or within the app, shown small, removable while a draft.
import { useState } from "preact/hooks";
import { recentFix } from "../net/position";
import { db, type Fix, type Photo, type Visit } from "../store/db";
import { keepPhoto, NotAPhoto, removePhoto } from "../store/photos";
import type { ProblemBody } from "../types";
import { Camera } from "../ui/Camera";
import { asTold } from "../ui/failures";
import { hasCamera } from "../ui/media";
import { Icon, Problem } from "../ui/parts";
import { useLive } from "../ui/useLive";
import { useObjectUrl } from "../ui/useObjectUrl";
import { t } from "../words";

/** A photo that could not be kept yet: it stays in memory until there is room. */
interface Left {
  file: File;
  fix: Fix | null;
}

interface PhotosProps {
  visit: Visit;
  item: number | null;
  photos: Photo[];
  hint: string;
  needed: boolean;
}

export function Photos({ visit, item, photos, hint, needed }: PhotosProps) {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useState<Left[]>([]);
  const keepAll = async (wanted: readonly Left[]) => {
    let told: ProblemBody | null = null;
    const failed: Left[] = [];
    for (const one of wanted)
      await keepPhoto(visit, item, one.file, one.fix).catch((error) => {
        told = asTold(error);
        if (!(error instanceof NotAPhoto)) failed.push(one);
      });
    setProblem(told);
    setLeft(failed);
  };
  const take = async (input: HTMLInputElement) => {
    const fix = recentFix();
    const files = [...(input.files ?? [])].map((file) => ({ file, fix }));
    await keepAll([...left, ...files]);
    input.value = ""; // so that the same file may be chosen again
  };
  const alt = item === null ? t("check.photo_site") : t("check.photo_of", { no: item });
  const lacks = needed && photos.length === 0;
  const entity = useLive(() => db.tasks.get(visit.taskId), [visit.taskId])?.entity.name ?? "";
  const lines = [entity, item === null ? alt : `${t("arrive.item_no", { no: item })} ${hint}`];
  const keep = (file: File, fix: Fix | null) => keepPhoto(visit, item, file, fix);
  return (
    <div class="photos">
      <p class={lacks ? "photo-hint is-needed" : "photo-hint"}>{hint}</p>
      <div class="photo-row">
        {photos.map((photo) => (
          <Thumb key={photo.id} photo={photo} alt={alt} remove={() => void removePhoto(visit.id, photo.id)} />
        ))}
        <label class="shutter" data-needed={lacks}>
          <input
            type="file"
            accept="image/*"
            capture="environment"
            aria-label={`${alt}: ${t("check.photo")}`}
            onChange={(event) => void take(event.currentTarget)}
          />
          <Icon name="camera" />
          {t("check.photo")}
        </label>
        {hasCamera() ? (
          <button
            type="button"
            class="shutter"
            data-needed={lacks}
            aria-label={`${alt}: ${t("camera.short")}`}
            onClick={() => setOpen(true)}
          >
            <Icon name="stamp" />
            {t("camera.short")}
          </button>
        ) : null}
      </div>
      {problem ? <Problem problem={problem} /> : null}
      {left.length ? (
        <button type="button" class="button" onClick={() => void keepAll(left)}>
          {t("storage.keep_again", { count: left.length })}
        </button>
      ) : null}
      {open ? <Camera lines={lines} keep={keep} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

/** What stands for a file without a small picture. */
function unseen({ purpose, type }: Photo): "image" | "mic" | "video" {
  if (purpose !== "recording") return "image";
  return type.startsWith("video") ? "video" : "mic";
}

interface ThumbProps {
  photo: Photo;
  alt: string;
  remove?: () => void;
}

export function Thumb({ photo, alt, remove }: ThumbProps) {
  const url = useObjectUrl(photo.thumb ?? (photo.purpose === "signature" ? photo.bytes : null), photo.id);
  const ask = () => {
    if (confirm(t("check.photo_remove_sure"))) remove?.();
  };
  return (
    <figure class="thumb" data-purpose={photo.purpose}>
      {url ? <img src={url} alt={alt} /> : <Icon name={unseen(photo)} />}
      {remove ? (
        <button type="button" aria-label={t("check.photo_remove")} onClick={ask}>
          <Icon name="x" />
        </button>
      ) : null}
    </figure>
  );
}
