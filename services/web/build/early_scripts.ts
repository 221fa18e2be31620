/**
 * Names in index.html what its script imports, so that both are fetched at once: on a slow network
 * each step of a chain costs a round trip.
 */
import type { HtmlTagDescriptor, Plugin } from 'vite';

export function earlyScripts(): Plugin {
  return {
    name: 'phieukin-early-scripts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { chunk }): HtmlTagDescriptor[] =>
        (chunk?.imports ?? []).map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head-prepend',
        })),
    },
  };
}
