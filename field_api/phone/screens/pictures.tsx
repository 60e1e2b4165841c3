// Questions that are answered by a picture: taken with the phone's camera or within the app, or drawn as a signature.
import { useState } from "preact/hooks";
import { recentFix } from "../net/position";
import { db, type Fix } from "../store/db";
import { keepPicture, pictureAt, removePicture } from "../store/questions";
import type { ProblemBody } from "../types";
import { Camera } from "../ui/Camera";
import { asTold } from "../ui/failures";
import { hasCamera } from "../ui/media";
import { Icon, Problem } from "../ui/parts";
import { SignatureDialog } from "../ui/SignaturePad";
import { useLive } from "../ui/useLive";
import { t } from "../words";
import type { FieldProps } from "./fields";
import { Thumb } from "./Photos";
import { wordsOf } from "./speak";

/** What went wrong last, and how to keep a file as the answer. */
function useKeeping({ shown, hand }: FieldProps, purpose: "question" | "signature") {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const keep = (file: File, fix: Fix | null) => keepPicture(hand.visit, shown.path, { file, fix, purpose });
  const tried = async (file: File) => setProblem(await keep(file, recentFix()).then(() => null, asTold));
  return { problem, keep, tried };
}

export function PictureField(field: FieldProps) {
  const { shown, hand } = field;
  const [open, setOpen] = useState(false);
  const { problem, keep, tried } = useKeeping(field, "question");
  const { label } = wordsOf(hand, shown);
  const entity = useLive(() => db.tasks.get(hand.visit.taskId), [hand.visit.taskId])?.entity.name ?? "";
  const take = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file) await tried(file);
    input.value = ""; // so that the same file may be chosen again
  };
  return (
    <>
      <div class="photo-row">
        <Kept {...field} alt={label} />
        <label class="shutter">
          <input
            type="file"
            accept="image/*"
            capture="environment"
            aria-label={`${label}: ${t("check.photo")}`}
            onChange={(event) => void take(event.currentTarget)}
          />
          <Icon name="camera" />
          {t("check.photo")}
        </label>
        {hasCamera() ? (
          <button
            type="button"
            class="shutter"
            aria-label={`${label}: ${t("camera.short")}`}
            onClick={() => setOpen(true)}
          >
            <Icon name="stamp" />
            {t("camera.short")}
          </button>
        ) : null}
      </div>
      {problem ? <Problem problem={problem} /> : null}
      {open ? <Camera lines={[entity, label]} keep={keep} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Kept({ shown, hand, alt }: FieldProps & { alt: string }) {
  const photo = pictureAt(hand.visit, hand.photos, shown.path);
  if (!photo) return null;
  return <Thumb key={photo.id} photo={photo} alt={alt} remove={() => void removePicture(hand.visit.id, shown.path)} />;
}

export function SignatureField(field: FieldProps) {
  const { shown, hand } = field;
  const [open, setOpen] = useState(false);
  const { problem, tried } = useKeeping(field, "signature");
  const { label } = wordsOf(hand, shown);
  const words = t(pictureAt(hand.visit, hand.photos, shown.path) ? "question.sign_again" : "question.sign");
  const done = async (png: Blob) => {
    await tried(new File([png], `signature-${shown.node.name}.png`, { type: "image/png" }));
    setOpen(false);
  };
  return (
    <>
      <div class="photo-row">
        <Kept {...field} alt={t("sign.image", { name: label })} />
        <button type="button" class="shutter" aria-label={`${label}: ${words}`} onClick={() => setOpen(true)}>
          <Icon name="pen" />
          {words}
        </button>
      </div>
      {problem ? <Problem problem={problem} /> : null}
      {open ? <SignatureDialog title={label} onDone={(png) => void done(png)} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
