import { t } from "../text/text";

export function Toast({ words, close }: { words: string | null; close: () => void }) {
  return (
    <div role="alert" class="toast-place">
      {words !== null && (
        <div class="toast">
          <span>{words}</span>
          <button type="button" onClick={close}>{t("page.close")}</button>
        </div>
      )}
    </div>
  );
}
