/**
 * Browsers inside of other apps (Zalo, Facebook …): they forget what they keep and make no
 * passkeys, so a person is led to the phone's own browser.
 */

export type Platform = 'android' | 'ios' | 'other';

/** An app's own browser; `app` is its name where it is known. */
export interface InAppBrowser {
  readonly app: string | null;
  readonly platform: Platform;
}

/** What the user agents of such apps hold; the first that is found names it. */
const APPS: readonly (readonly [name: string, token: RegExp])[] = [
  ['Zalo', /\bZalo(?:Theme|PayClient)?\b/i],
  ['Messenger', /\bOrca-Android\b|\bFBAN\/Messenger|\bFB_IAB\/(?:MESSENGER|Orca)/i],
  ['Facebook', /\bFBA[NV]\b|\bFB_IAB\b|\bFBIOS\b/],
  ['Instagram', /\bInstagram\b/],
  ['TikTok', /\bBytedanceWebview\b|\bmusical_ly|\btrill_|\bTikTok\b/i],
  ['WeChat', /\bMicroMessenger\b/],
  ['Line', /\bLine\/\d/],
  ['Viber', /\bViber\b/],
  ['Telegram', /\bTelegram\b/],
  ['Snapchat', /\bSnapchat\b/],
  ['Skype', /\bSkypeUriPreview\b|\bSkype\//],
  ['Google', /\bGSA\//],
  ['LinkedIn', /\bLinkedInApp\b/],
  ['Twitter', /\bTwitter for\b|\bTwitterAndroid\b/],
  ['Lotus', /\bLotusChat\b/],
];
/** Android's WebView says so itself (developer.chrome.com, "WebView user agent"). */
const ANDROID_WEB_VIEW = /;\s*wv\)/;
/** Browsers of their own that are built on it: they keep what a page stores. */
const ANDROID_BROWSER = /\b(?:Vivo|HeyTap|Miui|Huawei|UC)Browser\/|\bOPR\/|\bcoc_coc_browser\//;
/** Every browser of iOS has one of these; a bare WKWebView has none. */
const IOS_BROWSER = /\bSafari\/|\bCriOS\/|\bFxiOS\/|\bEdgiOS\/|\bOPT\/|\bDuckDuckGo\//;

/** The system that a user agent names. */
export function platformOf(userAgent: string): Platform {
  if (/\bAndroid\b/.test(userAgent)) return 'android';
  return /\b(?:iPhone|iPad|iPod)\b/.test(userAgent) ? 'ios' : 'other';
}

/** The app inside of which the page is open; null in a browser of its own or on a home screen. */
export function inAppBrowser(
  userAgent: string,
  isStandalone = isOnHomeScreen(),
): InAppBrowser | null {
  const platform = platformOf(userAgent);
  const known = APPS.find(([, token]) => token.test(userAgent));
  if (known !== undefined) return { app: known[0], platform };
  if (platform === 'android') {
    const isWebView = ANDROID_WEB_VIEW.test(userAgent) && !ANDROID_BROWSER.test(userAgent);
    return isWebView ? { app: null, platform } : null;
  }
  // A page on the home screen is a bare WKWebView, too, but keeps its storage.
  const isBare = platform === 'ios' && /\bAppleWebKit\b/.test(userAgent) && !isStandalone;
  return isBare && !IOS_BROWSER.test(userAgent) ? { app: null, platform } : null;
}

function isOnHomeScreen(): boolean {
  const apple = globalThis.navigator as { standalone?: boolean } | undefined;
  return apple?.standalone === true;
}

/** A link by which Android opens this page in the default browser, fragment included. */
export function intentLink(href: string): string {
  const { protocol, host, pathname, search, hash } = new URL(href);
  const scheme = protocol.slice(0, -1);
  return (
    `intent://${host}${pathname}${search}${hash}` +
    `#Intent;scheme=${scheme};action=android.intent.action.VIEW;` +
    'category=android.intent.category.BROWSABLE;end'
  );
}
