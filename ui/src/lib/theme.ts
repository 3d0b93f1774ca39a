import type { ThemeView } from './bindings';

const OWN_FONT = "'Inter Variable', system-ui, sans-serif";

/** Relative luminance of `#rrggbb`, WCAG 2.2. */
export function luminance(colour: string): number {
  const channel = (at: number): number => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** The ink, near-white or near-black, that is read best on a surface of `colour`. */
export function inkOn(colour: string): string {
  const surface = luminance(colour);
  const contrast = (ink: string): number => {
    const [light, dark] = [surface, luminance(ink)].sort((a, b) => b - a) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };
  return contrast('#ffffff') >= contrast('#06110f') ? '#ffffff' : '#06110f';
}

/**
 * Puts a look on the whole page. Through the style object of the root: the window's content policy forbids style
 * attributes, and a partner's colours are known only at run time.
 */
export function wear(theme: ThemeView, root: HTMLElement): void {
  root.dataset['appearance'] = theme.appearance;
  const { partner } = theme;
  const set = (name: string, value: string | null): void => {
    if (value === null) root.style.removeProperty(name);
    else root.style.setProperty(name, value);
  };
  set('--accent-on-light', partner?.accent ?? null);
  set('--accent-on-dark', partner?.accentDark ?? null);
  set('--ink-on-light-accent', partner ? inkOn(partner.accent) : null);
  set('--ink-on-dark-accent', partner ? inkOn(partner.accentDark) : null);
  set('--font', partner?.font ? `${JSON.stringify(partner.font)}, ${OWN_FONT}` : null);
}
