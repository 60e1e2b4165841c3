// One signer: not yet, drawn, or confirmed by name; signed anew when the record has changed since.
import { useState } from "preact/hooks";
import { recentFix } from "../net/position";
import { stands } from "../rules/signing";
import { readable } from "../rules/today";
import type { Photo, Signing, Visit } from "../store/db";
import { clearSigning, keepDrawn, keepNamed, signedNow } from "../store/signings";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { Icon, Notice, Problem, Tick } from "../ui/parts";
import { SignatureDialog } from "../ui/SignaturePad";
import { useObjectUrl } from "../ui/useObjectUrl";
import { t } from "../words";

interface Props {
  visit: Visit;
  photos: readonly Photo[];
  /** Inspector id, "entity" or "witness". */
  who: string;
  name: string;
}

export function Signer({ visit, photos, who, name }: Props) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const signing = visit.signings?.[who];
  const stale = signing !== undefined && !stands(signing, signedNow(visit, photos));
  const keep = async (deed: Promise<void>) => {
    setProblem(await deed.then(() => null, asTold));
    setOpen(false);
  };
  const byName = (on: boolean) => void keep(on ? keepNamed(visit.id, who) : clearSigning(visit.id, who));
  const title = t("sign.of", { name: name || t("sign.nameless") });
  return (
    <div class="signer" data-signed={signing !== undefined && !stale}>
      {signing ? <Signed signing={signing} stale={stale} photos={photos} name={name} /> : null}
      <button
        type="button"
        class={`button button-wide ${signing && !stale ? "button-quiet" : ""}`}
        aria-label={`${t(signing ? "sign.again" : "sign.draw")}: ${name}`}
        onClick={() => setOpen(true)}
      >
        <Icon name="pen" />
        {t(signing ? "sign.again" : "sign.draw")}
      </button>
      {name === "" || (signing?.photoId && !stale) ? null : (
        <Tick label={t("sign.by_name", { name })} on={signing?.photoId === null && !stale} set={byName} />
      )}
      {problem ? <Problem problem={problem} /> : null}
      {open ? (
        <SignatureDialog
          title={title}
          note={t("sign.note")}
          onDone={(png) => void keep(keepDrawn(visit.id, who, png, recentFix()))}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}

interface SignedProps {
  signing: Signing;
  stale: boolean;
  photos: readonly Photo[];
  name: string;
}

function Signed({ signing, stale, photos, name }: SignedProps) {
  const image = photos.find((photo) => photo.id === signing.photoId);
  const url = useObjectUrl(image?.bytes, image?.id);
  const when = readable(signing.at, new Date());
  return (
    <>
      {stale ? <Notice tone="warn" title={t("sign.stale")} /> : null}
      {url ? <img class="signature" src={url} alt={t("sign.image", { name })} /> : null}
      {stale ? null : (
        <p class="signed-at">
          <Icon name="circleCheck" />
          {t(signing.photoId ? "sign.drawn_at" : "sign.named_at", { time: when })}
        </p>
      )}
    </>
  );
}
