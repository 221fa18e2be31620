/** A file of the service as a download; a refusal is read here, not found in the file. */
import type { JSX } from 'preact';

import { errorText } from '../api/error_text.ts';
import { useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { saveFile } from '../design/save_file.ts';

export function DownloadButton(props: {
  label: string;
  fileName: string;
  mediaType: string;
  load: () => Promise<Uint8Array<ArrayBuffer>>;
}): JSX.Element {
  const { label, fileName, mediaType, load } = props;
  const loading = useAct();
  const download = () =>
    loading.run(async () => saveFile(fileName, await load(), mediaType));
  return (
    <div class="stack tight">
      <div>
        <Button busy={loading.isBusy} onClick={download}>
          {label}
        </Button>
      </div>
      {loading.error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(loading.error)}
        </Notice>
      )}
    </div>
  );
}
