import type { Words } from '@lvscope/scenario';
import { getLocale, isLocale, setLocale } from '../paraglide/runtime.js';

export type Language = 'en' | 'zh';

/** The language of every word on the page; kept from the last visit, else the browser's preference. */
export function language(): Language {
  const locale = getLocale();
  return locale === 'zh' ? 'zh' : 'en';
}

/** Writes the language into the document, for screen readers, fonts and hyphenation. */
export function markLanguage(): void {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
}

export function chooseLanguage(next: Language): void {
  if (!isLocale(next)) return;
  void setLocale(next, { reload: false });
  markLanguage();
}

/** The words of a document in the page's language. */
export function inLanguage(words: Words): string {
  const chosen = words[language()];
  return chosen === '' ? words.en : chosen;
}
