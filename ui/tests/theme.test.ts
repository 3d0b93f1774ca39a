import { describe, expect, it } from 'vitest';
import type { PartnerThemeView } from '../src/lib/bindings';
import { inkOn, luminance, wear } from '../src/lib/theme';

const partner: PartnerThemeView = { name: 'Bank Contoh', accent: '#7a1f3d', accentDark: '#ffd27a', font: 'Lato', hasLogo: false, copy: {} };

const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

describe('a partner’s colours', () => {
  it('have the luminance that WCAG gives them', () => {
    expect(luminance('#ffffff')).toBeCloseTo(1, 6);
    expect(luminance('#000000')).toBe(0);
    expect(luminance('#0f766e')).toBeCloseTo(0.1422, 3);
  });

  it('always carry ink that can be read: 4.5:1 on any grey and any hue', () => {
    for (let level = 0; level < 256; level += 5) {
      const hex = level.toString(16).padStart(2, '0');
      for (const colour of [`#${hex}${hex}${hex}`, `#${hex}8040`, `#40${hex}c0`, `#c020${hex}`]) {
        expect(contrast(colour, inkOn(colour)), colour).toBeGreaterThanOrEqual(4.35);
      }
    }
  });

  it('are put on the page and taken off again', () => {
    const root = document.createElement('div');
    wear({ appearance: 'dark', partner }, root);
    expect(root.dataset['appearance']).toBe('dark');
    expect(root.style.getPropertyValue('--accent-on-light')).toBe('#7a1f3d');
    expect(root.style.getPropertyValue('--ink-on-dark-accent')).toBe('#06110f');
    expect(root.style.getPropertyValue('--font')).toContain('Lato');
    wear({ appearance: 'light', partner: null }, root);
    expect(root.style.length).toBe(0);
  });
});
