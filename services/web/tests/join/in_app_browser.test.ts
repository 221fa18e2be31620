/** User agents as such apps and browsers send them, and the way out of an app. */
import { describe, expect, test } from 'vitest';

import { inAppBrowser, intentLink, platformOf } from '../../src/device/in_app_browser.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const CHROMIUM = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const SAMSUNG_VIEW =
  `Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A.231005.007; wv) ${CHROMIUM} ` +
  'Version/4.0 Chrome/127.0.6533.103 Mobile Safari/537.36';

/** Inside of another app: which, on what, and its user agent. */
const APPS: readonly (readonly [app: string | null, platform: string, userAgent: string])[] = [
  [
    'Zalo',
    'android',
    `Mozilla/5.0 (Linux; Android 13; SM-A536E Build/TP1A.220624.014; wv) ${CHROMIUM} Version/4.0 ` +
      'Chrome/125.0.6422.165 Mobile Safari/537.36 Zalo android/12100621 ZaloTheme/light ' +
      'ZaloLanguage/vi',
  ],
  [
    // Newer ones leave the mark of a WebView out.
    'Zalo',
    'android',
    `Mozilla/5.0 (Linux; Android 11; RMX1973 Build/RKQ1.201217.002;) ${CHROMIUM} Version/4.0 ` +
      'Chrome/142.0.7444.171 Mobile Safari/537.36 Zalo android/25112868 ZaloTheme/dark ' +
      'ZaloLanguage/vi',
  ],
  ['Zalo', 'ios', `${IPHONE} Mobile/15E148 Zalo iOS/640 ZaloTheme/light ZaloLanguage/vn`],
  ['Messenger', 'android', `${SAMSUNG_VIEW} [FB_IAB/Orca-Android;FBAV/470.0.0.43.109;]`],
  [
    'Messenger',
    'ios',
    `${IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/461.0.0.26.106;FBBV/596640960;` +
      'FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBSS/3;FBID/phone;FBLC/vi_VN;FBOP/5]',
  ],
  ['Facebook', 'android', `${SAMSUNG_VIEW} [FB_IAB/FB4A;FBAV/477.0.0.49.82;]`],
  [
    'Facebook',
    'ios',
    `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/465.0.0.38.105;FBBV/611437296;FBDV/iPhone14,5;` +
      'FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBSS/3;FBID/phone;FBLC/vi_VN;FBOP/5;FBRV/0]',
  ],
  [
    'Instagram',
    'ios',
    `${IPHONE} Mobile/15E148 Instagram 330.0.0.40.92 (iPhone14,5; iOS 17_5; vi_VN; vi; ` +
      'scale=3.00; 1170x2532; 600000000)',
  ],
  [
    'TikTok',
    'android',
    `${SAMSUNG_VIEW} trill_340302 JsSdk/1.0 NetType/WIFI Channel/googleplay ` +
      'AppName/musical_ly app_version/34.3.2 ByteLocale/vi',
  ],
  ['TikTok', 'ios', `${IPHONE} Mobile/15E148 musical_ly_30.8.0 JsSdk/2.0 NetType/WIFI`],
  [
    'WeChat',
    'android',
    `${SAMSUNG_VIEW} MMWEBID/6678 MicroMessenger/8.0.31.2280(0x28001F3B) WeChat/arm64 ` +
      'Weixin NetType/WIFI Language/vi ABI/arm64',
  ],
  ['Snapchat', 'ios', `${IPHONE} Mobile/15E148 Snapchat/12.80.0.40 (like Safari/8617.2.4.10.8)`],
  ['Google', 'ios', `${IPHONE} GSA/322.0.648915268 Mobile/15E148 Safari/604.1`],
  // Apps that say nothing of themselves.
  [null, 'android', SAMSUNG_VIEW],
  [
    null,
    'android',
    `Mozilla/5.0 (Linux; Android 10; K; wv) ${CHROMIUM} Version/4.0 Chrome/138.0.0.0 ` +
      'Mobile Safari/537.36',
  ],
  [null, 'ios', `${IPHONE} Mobile/15E148`],
];

/** Browsers that people have, those built on a WebView among them. */
const BROWSERS: readonly (readonly [name: string, platform: string, userAgent: string])[] = [
  [
    'Chrome',
    'android',
    `Mozilla/5.0 (Linux; Android 10; K) ${CHROMIUM} Chrome/129.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'Samsung Internet',
    'android',
    `Mozilla/5.0 (Linux; Android 14; SM-S928B) ${CHROMIUM} SamsungBrowser/25.0 Chrome/121.0.0.0 ` +
      'Mobile Safari/537.36',
  ],
  ['Firefox', 'android', 'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0'],
  [
    'Mi Browser',
    'android',
    'Mozilla/5.0 (Linux; U; Android 13; vi-vn; 23078PND5G Build/TP1A.220624.014) ' +
      `${CHROMIUM} Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 ` +
      'XiaoMi/MiuiBrowser/14.10.1.2-gn',
  ],
  [
    'HeyTap (Oppo, Realme)',
    'android',
    `Mozilla/5.0 (Linux; U; Android 13; vi-vn; CPH2159 Build/TP1A.220905.001) ${CHROMIUM} ` +
      'Chrome/91.0.4472.88 Mobile Safari/537.36 HeyTapBrowser/45.9.5.1.1',
  ],
  [
    'Vivo',
    'android',
    `Mozilla/5.0 (Linux; Android 8.1.0; vivo 1820 Build/O11019; wv) ${CHROMIUM} Version/4.0 ` +
      'Chrome/87.0.4280.141 Mobile Safari/537.36 VivoBrowser/10.4.2.0',
  ],
  [
    'Opera Mini',
    'android',
    `Mozilla/5.0 (Linux; U; Android 9; TECNO AB7 Build/PPR1.180610.011; wv) ${CHROMIUM} ` +
      'Version/4.0 Chrome/113.0.5672.162 Mobile Safari/537.36 OPR/70.0.2254.66376',
  ],
  [
    'Huawei, without Google services',
    'android',
    'Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-NX9; HMSCore 6.13.0.302) ' +
      `${CHROMIUM} Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36`,
  ],
  [
    'Cốc Cốc',
    'other',
    `Mozilla/5.0 (Windows NT 10.0; WOW64) ${CHROMIUM} coc_coc_browser/94.0.202 ` +
      'Chrome/88.0.4324.202 Safari/537.36',
  ],
  [
    'DuckDuckGo',
    'android',
    `Mozilla/5.0 (Linux; Android 12) ${CHROMIUM} Version/4.0 Chrome/124.0.0.0 Mobile ` +
      'DuckDuckGo/5 Safari/537.36',
  ],
  ['Safari', 'ios', `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`],
  ['Chrome', 'ios', `${IPHONE} CriOS/138.0.7204.156 Mobile/15E148 Safari/604.1`],
  ['Firefox', 'ios', `${IPHONE} FxiOS/125.0 Mobile/15E148 Safari/605.1.15`],
  ['Edge', 'ios', `${IPHONE} Version/17.0 EdgiOS/124.0.2478.50 Mobile/15E148 Safari/605.1.15`],
  [
    'Safari of a Mac or an iPad',
    'other',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
      'Version/17.4 Safari/605.1.15',
  ],
  [
    'Chrome of a computer',
    'other',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROMIUM} Chrome/129.0.0.0 Safari/537.36`,
  ],
  ['none that tells', 'other', ''],
];

describe('inside of an app', () => {
  test.each(APPS)('%s on %s', (app, platform, userAgent) => {
    expect(inAppBrowser(userAgent)).toEqual({ app, platform });
    expect(platformOf(userAgent)).toBe(platform);
  });
});

describe('a browser of its own', () => {
  test.each(BROWSERS)('%s on %s', (_name, platform, userAgent) => {
    expect(inAppBrowser(userAgent)).toBeNull();
    expect(platformOf(userAgent)).toBe(platform);
  });

  test('a page on the home screen of an iPhone keeps what it stores', () => {
    expect(inAppBrowser(`${IPHONE} Mobile/15E148`, true)).toBeNull();
  });
});

describe('the link by which Android opens the default browser', () => {
  test('carries the secret of the invitation, before its own fragment', () => {
    const code = `${'Ab9_'.repeat(10)}-_0`;
    expect(intentLink(`https://phieu.example:8443/join#${code}`)).toBe(
      `intent://phieu.example:8443/join#${code}#Intent;scheme=https;` +
        'action=android.intent.action.VIEW;category=android.intent.category.BROWSABLE;end',
    );
  });
});
