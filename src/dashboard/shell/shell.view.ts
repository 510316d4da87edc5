import type { StorageProblem } from '../../domain/storage-problem.js';
import { formatsOf, type Formats } from '../text/formats.js';
import { languages, localeOf } from '../text/language.js';
import { sharedTexts } from '../text/shared-texts.js';
import type { SharedTexts } from '../text/shared.en.js';
import type { FlashView } from './flash.js';
import { navigation, type PageName } from './navigation.js';
import { themes, type Preferences } from './preferences.js';

/** What the frame around a page is made from. */
export interface ShellFacts extends Preferences {
  /** The page in the menu; `undefined` for pages that are not in it. */
  readonly page: PageName | undefined;
  readonly title: string;
  /** The address of this page, which a change of language or theme comes back to. */
  readonly path: string;
  readonly assetRoot: string;
  /** Modules below `js/` beside the one every page loads. */
  readonly scripts: readonly string[];
  /** Style sheets below `css/` beside those that every page loads. */
  readonly styles: readonly string[];
  readonly isOperator: boolean;
  readonly flash: FlashView | undefined;
  readonly isPasswordSet: boolean;
  readonly isProxyOpen: boolean;
  /** Why nothing can be stored at the moment. */
  readonly storageProblem: StorageProblem | undefined;
}

export interface ChoiceView {
  readonly value: string;
  readonly label: string;
  readonly isChosen: boolean;
}

/** The frame around every page. */
export interface ShellView {
  readonly lang: string;
  readonly theme: string;
  readonly title: string;
  readonly path: string;
  readonly assetRoot: string;
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  readonly isOperator: boolean;
  readonly menu: readonly { readonly label: string; readonly path: string; readonly isCurrent: boolean }[];
  readonly languages: readonly ChoiceView[];
  readonly themes: readonly ChoiceView[];
  readonly warnings: readonly string[];
  readonly flash: FlashView | undefined;
  readonly texts: SharedTexts;
}

const warningsOf = ({ isPasswordSet, isProxyOpen, storageProblem, isOperator }: ShellFacts, { notices }: SharedTexts): readonly string[] => [
  ...(isPasswordSet ? [] : [notices.defaultPassword]),
  // Whoever has not logged in need not learn that the proxy is open, nor how the disk is.
  ...(storageProblem !== undefined && isOperator ? [notices.storage(storageProblem)] : []),
  ...(isProxyOpen && isOperator ? [notices.openProxy] : []),
];

export const shellView = (facts: ShellFacts): ShellView => {
  const texts = sharedTexts[facts.language];
  return {
    lang: localeOf[facts.language],
    theme: facts.theme,
    title: `${facts.title} · ${texts.product}`,
    path: facts.path,
    assetRoot: facts.assetRoot,
    scripts: facts.scripts,
    styles: facts.styles,
    isOperator: facts.isOperator,
    menu: navigation.map(({ name, path }) => ({ label: texts.pages[name], path, isCurrent: name === facts.page })),
    languages: languages.map((value) => ({ value, label: texts.languageNames[value], isChosen: value === facts.language })),
    themes: themes.map((value) => ({ value, label: texts.themeNames[value], isChosen: value === facts.theme })),
    warnings: warningsOf(facts, texts),
    flash: facts.flash,
    texts,
  };
};

/** How a view speaks: its page's texts and the formats of the language. */
export interface Speech<Texts> {
  readonly texts: Texts;
  readonly formats: Formats;
}

export const speechOf = <Texts>(spoken: Readonly<Record<Preferences['language'], Texts>>, { language }: Preferences): Speech<Texts> => ({
  texts: spoken[language],
  formats: formatsOf[language],
});
