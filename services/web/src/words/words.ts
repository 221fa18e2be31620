/**
 * Every text on a screen, by key, in Vietnamese (the source) and English.
 *
 * A screen loads the dictionaries of its areas before it is drawn; `t` fills `{…}`. Vietnamese
 * texts say "đồng chí" and are changed to the council's own form of address.
 */
import { signal } from '@preact/signals';

import type auditorVi from './auditor.vi.json';
import type hallVi from './hall.vi.json';
import type joinVi from './join.vi.json';
import type kioskVi from './kiosk.vi.json';
import type memberVi from './member.vi.json';
import type officerVi from './officer.vi.json';
import type papersVi from './papers.vi.json';
import type scannerVi from './scanner.vi.json';
import type secretaryVi from './secretary.vi.json';
import type sharedVi from './shared.vi.json';
import type tellersVi from './tellers.vi.json';

export type Language = 'vi' | 'en';
export type Area =
  | 'shared'
  | 'join'
  | 'member'
  | 'officer'
  | 'papers'
  | 'scanner'
  | 'secretary'
  | 'tellers'
  | 'hall'
  | 'auditor'
  | 'kiosk';
export type Key =
  | keyof typeof sharedVi
  | keyof typeof joinVi
  | keyof typeof memberVi
  | keyof typeof officerVi
  | keyof typeof papersVi
  | keyof typeof scannerVi
  | keyof typeof secretaryVi
  | keyof typeof tellersVi
  | keyof typeof hallVi
  | keyof typeof auditorVi
  | keyof typeof kioskVi;
export type AddressForm = 'dong_chi' | 'ong_ba' | 'thay_co';
export type Values = Readonly<Record<string, string | number>>;
type Dictionary = Readonly<Record<string, string>>;

const LANGUAGE_KEY = 'phieukin.language';
/** Where each dictionary is: data that is fetched, not a script. */
const URLS = import.meta.glob<string>('./*.json', { query: '?url', import: 'default', eager: true });
const ADDRESS: Readonly<Record<AddressForm, string>> = {
  dong_chi: 'đồng chí',
  ong_ba: 'ông/bà',
  thay_co: 'thầy/cô',
};

export const language = signal<Language>('vi');
const address = signal<AddressForm>('dong_chi');
const dictionary = signal<Dictionary>({});
const areas = new Set<Area>();

/** The language chosen on this device before, else Vietnamese. */
export function storedLanguage(): Language {
  try {
    return localStorage.getItem(LANGUAGE_KEY) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi'; // storage is switched off
  }
}

/** Load what `names` need, in the language of this device; throws when the network is lost. */
export async function loadWords(...names: Area[]): Promise<void> {
  names.forEach((name) => areas.add(name));
  await setLanguage(language.value);
}

/** Change the language of all that is on the screen, and remember it. */
export async function setLanguage(next: Language): Promise<void> {
  const parts = await Promise.all([...areas].map((area) => readDictionary(area, next)));
  dictionary.value = Object.assign({}, ...parts) as Dictionary;
  language.value = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(LANGUAGE_KEY, next);
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
}

async function readDictionary(area: Area, language: Language): Promise<Dictionary> {
  const response = await fetch(URLS[`./${area}.${language}.json`] ?? '');
  if (!response.ok) throw new Error(`no dictionary ${area} in ${language}`);
  return (await response.json()) as Dictionary;
}

/** How this council addresses its members (words.md, head). */
export function setAddressForm(form: AddressForm): void {
  address.value = form;
}

/** The text of `key`, `{…}` filled. Reading it in a component follows a change of language. */
export function t(key: Key, values: Values = {}): string {
  const text = dictionary.value[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return fill(language.value === 'vi' ? addressed(text, ADDRESS[address.value]) : text, values);
}

/** Whether there is a text of that key among the loaded ones (for keys that a service names). */
export function hasText(key: string): key is Key {
  return key in dictionary.value;
}

/** Put values in their places; a place without a value is an error of ours. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {${name}} in "${text}"`);
    return String(value);
  });
}

/** Write another form of address where the text says "đồng chí". */
export function addressed(text: string, form: string): string {
  if (form === 'đồng chí') return text;
  const capital = form.charAt(0).toUpperCase() + form.slice(1);
  return text.replaceAll('đồng chí', form).replaceAll('Đồng chí', capital);
}
