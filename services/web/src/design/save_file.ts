/** Saving what the page has made or fetched as a file of the person's own. */

/** How long a browser may take to begin saving. */
const KEEP_MS = 60_000;

/** Let the browser save bytes under a name, as a download. */
export function saveFile(name: string, data: Uint8Array<ArrayBuffer>, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([data], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
